// The messages, day by day. Older ones are loaded on scrolling up.
import type { ChatMessage, Conversation, ConversationSnapshot } from '@belfry/client/chat';
import { Fragment, useCallback, useState } from 'react';
import { Icon } from '../icons.tsx';
import { useLanguage } from '../language.tsx';
import { useNameOf } from '../people.ts';
import type { Person } from '../session.ts';
import { dayOf, isSameDay } from './day-of.ts';
import { Message } from './message.tsx';
import { useMessageEvents } from './use-message-events.ts';
import { useScrolledLog } from './use-scrolled-log.ts';

interface MessageLogProps {
  me: Person;
  conversation: Conversation;
  snapshot: ConversationSnapshot;
  showsRead: boolean;
}

export function MessageLog({ me, conversation, snapshot, showsRead }: MessageLogProps) {
  const { texts, locale } = useLanguage();
  const nameOf = useNameOf();
  const [editing, setEditing] = useState<string>();
  const { messages, hasOlder, isLoadingOlder, status, participants } = snapshot;
  const on = useMessageEvents(conversation, setEditing);
  const loadOlder = useCallback(() => {
    const { hasOlder: isMore, isLoadingOlder: isUnderWay, status: now } = conversation.snapshot();
    // Not available now: asked again on scrolling.
    if (isMore && !isUnderWay && now === 'ready') conversation.loadOlder().catch(() => undefined);
  }, [conversation]);
  const last = messages.at(-1);
  const { log, top, isAtEnd, toEnd } = useScrolledLog({
    firstKey: messages[0]?.key,
    lastKey: last?.key,
    isLastMine: last?.mine === true,
    loadOlder,
  });
  const readSeq = showsRead ? readByOthers(snapshot, me.id) : 0;

  return (
    <div className="log-frame">
      <div
        className="log"
        ref={log}
        role="log"
        aria-label={texts.thread.messages}
        tabIndex={0}
        aria-busy={status === 'loading'}
      >
        <div className="log-top quiet" ref={top}>
          {status === 'loading' && texts.loading}
          {status === 'failed' && texts.loadFailed}
          {status === 'ready' && (isLoadingOlder || hasOlder ? texts.thread.older : texts.thread.beginning)}
        </div>
        <ol>
          {messages.map((message, index) => {
            const before = messages[index - 1];
            return (
              <Fragment key={message.key}>
                {isNewDay(message, before) && <li className="day">{dayOf(new Date(message.at), { texts, locale })}</li>}
                <Message
                  message={message}
                  senderName={showsName(message, { before, participants }) ? nameOf(message.senderId ?? '') : undefined}
                  isRead={message.seq !== undefined && message.seq <= readSeq}
                  isEditing={editing === message.key}
                  on={on}
                />
              </Fragment>
            );
          })}
        </ol>
      </div>
      {!isAtEnd && (
        <button
          className="button-icon newest"
          aria-label={texts.thread.newest}
          title={texts.thread.newest}
          onClick={toEnd}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function readByOthers({ read }: ConversationSnapshot, me: string): number {
  return Math.max(0, ...Object.entries(read).map(([userId, seq]) => (userId === me ? 0 : seq)));
}

function isNewDay(message: ChatMessage, before: ChatMessage | undefined): boolean {
  return before === undefined || !isSameDay(new Date(message.at), new Date(before.at));
}

/** Between two people it is clear who speaks. */
function showsName(
  message: ChatMessage,
  { before, participants }: { before: ChatMessage | undefined; participants: readonly unknown[] },
): boolean {
  return participants.length > 2 && !message.mine && message.senderId !== before?.senderId;
}
