// The actions on a shown message, carried out by its conversation.
import type { ChatMessage, Conversation } from '@belfry/client/chat';
import { useMemo } from 'react';

export interface MessageEvents {
  retry: (message: ChatMessage) => void;
  cancel: (message: ChatMessage) => void;
  startEdit: (message: ChatMessage) => void;
  /** Undefined: left as it was. */
  endEdit: (message: ChatMessage, text: string | undefined) => void;
  remove: (message: ChatMessage) => void;
}

export function useMessageEvents(
  conversation: Conversation,
  setEditing: (key: string | undefined) => void,
): MessageEvents {
  return useMemo(
    () => ({
      retry: ({ cid }) => cid !== undefined && conversation.retry(cid),
      cancel: ({ cid }) => cid !== undefined && void conversation.cancel(cid),
      startEdit: ({ key }) => setEditing(key),
      endEdit({ id, content }, text) {
        setEditing(undefined);
        if (id === undefined || text === undefined) return;
        // Refused or lost: the message keeps its old text, and can be edited again.
        conversation.edit(id, { ...content, text }).catch(() => undefined);
      },
      remove({ id }) {
        if (id !== undefined) conversation.remove(id).catch(() => undefined);
      },
    }),
    [conversation, setEditing],
  );
}
