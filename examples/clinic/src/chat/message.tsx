// One message: sender, content, time and state. Text is shown as text, never as markup.
import type { ChatMessage } from '@belfry/client/chat';
import { memo } from 'react';
import { Icon, type IconName } from '../icons.tsx';
import { useLanguage } from '../language.tsx';
import { reasonOf } from '../refusal.ts';
import type { Texts } from '../texts.ts';
import { Attachment } from './attachment.tsx';
import { EditForm } from './edit-form.tsx';
import { MessageActions } from './message-actions.tsx';
import type { MessageEvents } from './use-message-events.ts';

export interface MessageProps {
  message: ChatMessage;
  /** Left out where it is clear who speaks. */
  senderName: string | undefined;
  /** Somebody else has read it; false where the page has no read receipts. */
  isRead: boolean;
  /** The text is being changed. */
  isEditing: boolean;
  on: MessageEvents;
}

export const Message = memo(ShownMessage);

function ShownMessage({ message, senderName, isRead, isEditing, on }: MessageProps) {
  const { mine, state, deletedAt, id } = message;
  const canChange = mine && id !== undefined && deletedAt === undefined && !isEditing;
  const classes = ['message', mine && 'message-mine', state === 'failed' && 'message-failed'];
  return (
    <li className={classes.filter(Boolean).join(' ')} data-message={message.key} data-state={state}>
      {senderName !== undefined && <span className="message-sender">{senderName}</span>}
      <div className="message-line">
        <div className="bubble">
          <Content message={message} isEditing={isEditing} on={on} />
        </div>
        {canChange && <MessageActions message={message} on={on} />}
      </div>
      <Foot message={message} isRead={isRead} on={on} />
    </li>
  );
}

function Content({ message, isEditing, on }: Pick<MessageProps, 'message' | 'isEditing' | 'on'>) {
  const { texts } = useLanguage();
  const { type, content, deletedAt } = message;
  if (deletedAt !== undefined) return <p className="bubble-deleted">{texts.thread.deleted}</p>;
  const { text, uploadId } = content;
  if (type === 'text' && typeof text === 'string') {
    if (isEditing) return <EditForm text={text} onEnd={(changed) => on.endEdit(message, changed)} />;
    return <p className="bubble-text">{text}</p>;
  }
  if (typeof uploadId === 'string') return <Attachment type={type} uploadId={uploadId} content={content} />;
  return <p className="bubble-deleted">{texts.thread.unknown}</p>;
}

function Foot({ message, isRead, on }: Pick<MessageProps, 'message' | 'isRead' | 'on'>) {
  const { texts, locale } = useLanguage();
  const { state, mine, editedAt, deletedAt, error } = message;
  const at = new Date(message.at);
  const isDeleted = deletedAt !== undefined;
  return (
    <p className="message-foot">
      <time dateTime={at.toISOString()}>{at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })}</time>
      {editedAt !== undefined && !isDeleted && <span>{texts.thread.edited}</span>}
      {mine && !isDeleted && <State state={state} isRead={isRead} />}
      {state === 'failed' && (
        <>
          <span role="alert">{reasonOf(error, texts)}</span>
          <button className="button-plain" onClick={() => on.retry(message)}>
            {texts.thread.retry}
          </button>
          <button className="button-plain" onClick={() => on.cancel(message)}>
            {texts.thread.cancel}
          </button>
        </>
      )}
    </p>
  );
}

interface StateProps {
  state: ChatMessage['state'];
  isRead: boolean;
}

function State(props: StateProps) {
  const { texts } = useLanguage();
  const { icon, label } = stateOf(props, texts);
  return (
    <span className="message-state" role="img" aria-label={label} title={label}>
      <Icon name={icon} size={15} />
    </span>
  );
}

function stateOf({ state, isRead }: StateProps, texts: Texts): { icon: IconName; label: string } {
  if (state === 'queued') return { icon: 'clock', label: texts.thread.queued };
  if (state === 'failed') return { icon: 'alert', label: texts.thread.failed };
  return isRead ? { icon: 'checks', label: texts.thread.read } : { icon: 'check', label: texts.thread.sent };
}
