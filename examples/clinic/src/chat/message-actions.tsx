// Editing or deleting one's own message. Deleting asks for confirmation.
import type { ChatMessage } from '@belfry/client/chat';
import { useState } from 'react';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';
import type { MessageEvents } from './use-message-events.ts';

export function MessageActions({ message, on }: { message: ChatMessage; on: MessageEvents }) {
  const texts = useTexts();
  const [isAsking, setAsking] = useState(false);
  if (isAsking) {
    return (
      <button
        className="button button-small button-bad"
        autoFocus
        onBlur={() => setAsking(false)}
        onClick={() => on.remove(message)}
      >
        {texts.thread.removeSure}
      </button>
    );
  }
  return (
    <span className="message-actions">
      {message.type === 'text' && (
        <button
          className="button-icon"
          aria-label={texts.thread.edit}
          title={texts.thread.edit}
          onClick={() => on.startEdit(message)}
        >
          <Icon name="edit" size={16} />
        </button>
      )}
      <button
        className="button-icon"
        aria-label={texts.thread.remove}
        title={texts.thread.remove}
        onClick={() => setAsking(true)}
      >
        <Icon name="remove" size={16} />
      </button>
    </span>
  );
}
