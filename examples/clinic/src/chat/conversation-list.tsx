// The user's conversations, latest activity first, each with its unread count.
import type { ChatMessage, ChatSnapshot, ConversationItem } from '@belfry/client/chat';
import { useChat } from '@belfry/client/react';
import { Avatar } from '../avatar.tsx';
import { useLanguage } from '../language.tsx';
import { useNameOf, usePeople } from '../people.ts';
import { Link, usePath } from '../route.tsx';
import type { Person } from '../session.ts';
import type { Texts } from '../texts.ts';
import { usePresence } from '../use-presence.ts';

interface ConversationListProps {
  me: Person;
  chosen: string | undefined;
}

export function ConversationList({ me, chosen }: ConversationListProps) {
  const { texts } = useLanguage();
  const { conversations, status } = useChat();
  const entries = conversations.map((item) => ({ item, others: othersIn(item, me.id) }));
  const presence = usePresence([...new Set(entries.flatMap(({ others }) => others))]);
  return (
    <section className="list" aria-labelledby="list-heading">
      <h1 id="list-heading">{texts.list.title}</h1>
      {entries.length === 0 && <p className="quiet">{emptyText(status, texts)}</p>}
      <ul>
        {entries.map(({ item, others }) => (
          <li key={item.id}>
            <Entry
              item={item}
              others={others}
              isChosen={item.id === chosen}
              isOnline={presence[others[0] ?? '']?.online}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function emptyText(status: ChatSnapshot['status'], texts: Texts): string {
  if (status === 'failed') return texts.loadFailed;
  return status === 'ready' ? texts.list.empty : texts.loading;
}

interface EntryProps {
  item: ConversationItem;
  /** Ids of everybody but the user. */
  others: readonly string[];
  isChosen: boolean;
  /** Undefined where the page's policy does not say. */
  isOnline: boolean | undefined;
}

function Entry({ item, others, isChosen, isOnline }: EntryProps) {
  const { texts, locale } = useLanguage();
  const path = usePath();
  const people = usePeople();
  const nameOf = useNameOf();
  const { id, lastMessage, unread } = item;
  const person = people.find((one) => one.id === others[0]);
  return (
    <Link
      href={`${path}?c=${encodeURIComponent(id)}`}
      className="entry"
      aria-current={isChosen ? 'true' : undefined}
      data-conversation={id}
      data-unread={unread}
    >
      <span className="presence" data-online={isOnline}>
        {person !== undefined && <Avatar person={person} />}
        {isOnline !== undefined && (
          <span className="visually-hidden">{isOnline ? texts.list.online : texts.list.offline}</span>
        )}
      </span>
      <span className="entry-text">
        <span className="entry-top">
          <span className="entry-name">{others.map(nameOf).join(', ')}</span>
          {lastMessage !== undefined && (
            <time className="entry-time">{shortTime(new Date(lastMessage.at), locale)}</time>
          )}
        </span>
        <span className="entry-bottom">
          <span className="entry-last">{saidText(lastMessage, texts)}</span>
          {unread > 0 && (
            <span className="unread" role="img" aria-label={texts.list.unread(unread)}>
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </span>
      </span>
    </Link>
  );
}

function othersIn({ participants }: ConversationItem, me: string): string[] {
  return participants.map(({ userId }) => userId).filter((userId) => userId !== me);
}

function saidText(message: ChatMessage | undefined, texts: Texts): string {
  if (message === undefined) return texts.list.nothingSaid;
  const said = message.deletedAt === undefined ? contentText(message, texts) : texts.thread.deleted;
  return message.mine ? `${texts.list.you}: ${said}` : said;
}

function contentText({ type, content: { text, name } }: ChatMessage, { attachment }: Texts): string {
  if (typeof text === 'string') return text;
  if (type === 'image') return attachment.image;
  if (type === 'voice') return attachment.voice;
  return typeof name === 'string' ? name : attachment.file;
}

/** The time of a message of today, the date of any other. */
function shortTime(at: Date, locale: string): string {
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday
    ? at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleDateString(locale, { month: 'short', day: 'numeric' });
}
