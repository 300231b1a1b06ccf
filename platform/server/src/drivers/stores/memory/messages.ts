// The messages of the logs in memory. Not the logs themselves: logs.ts.

import { inboxStream } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import { isCountedReply, replyToOf } from '../../../ports/stores/additions.ts';
import { isAddressedTo } from '../../../ports/stores/addressing.ts';
import type {
  Annotated,
  Annotation,
  AppendResult,
  ChangeRange,
  Erased,
  EraseRequest,
  MessageSearch,
  MessageStore,
  Page,
  PageRequest,
  ReadRange,
  StoredMessage,
  StreamHead,
  UnreadRange,
} from '../../../ports/stores/index.ts';
import { searchableText, termsOf } from '../../../ports/stores/search-terms.ts';
import { annotate, withoutPerson } from '../annotate.ts';
import { renameUser, type Person } from '../erase-user.ts';
import type { Synchronous } from '../synchronous.ts';
import type { MemoryLogs } from './logs.ts';

type Data = Record<string, unknown>;
type Place = Pick<StoredMessage, 'stream' | 'seq'>;

/** Whether the user is in the conversation. */
type IsIn = (app: AppId, conversationId: string, userId: string) => boolean;

export class MemoryMessages implements Synchronous<MessageStore> {
  readonly #logs: MemoryLogs;
  readonly #isIn: IsIn;

  constructor(logs: MemoryLogs, isIn: IsIn) {
    this.#logs = logs;
    this.#isIn = isIn;
  }

  append(app: AppId, messages: readonly StoredMessage[], epoch?: string): AppendResult {
    const [first] = messages;
    if (first !== undefined && epoch !== undefined && epoch !== this.#logs.epochOf(app, first.stream)) {
      return { inserted: 0, conflict: 'seq' };
    }
    let inserted = 0;
    for (const message of messages) {
      const kept = this.#logs.of(app, message.stream);
      if (kept.some(({ senderId, cid }) => senderId === message.senderId && cid === message.cid)) {
        return { inserted, conflict: 'cid' };
      }
      if (kept.some(({ seq }) => seq === message.seq)) return { inserted, conflict: 'seq' };
      this.#logs.add(app, message);
      this.#countReplies(app, { stream: message.stream, id: replyToOf(message) }, message.storedAt);
      inserted += 1;
    }
    return { inserted };
  }

  appendMany(
    app: AppId,
    groups: readonly (readonly StoredMessage[])[],
    epochs: readonly string[] = [],
  ): AppendResult[] {
    return groups.map((group, at) => this.append(app, group, epochs[at]));
  }

  heads(app: AppId, streams: readonly string[]): Map<string, StreamHead> {
    return new Map(streams.map((stream) => [stream, this.#head(app, stream)]));
  }

  read(app: AppId, stream: string, range: ReadRange): StoredMessage[] {
    const { afterSeq = -1, beforeSeq = Infinity, limit, order, only } = range;
    const isWanted = (message: StoredMessage): boolean =>
      only === undefined || ('replyTo' in only ? replyToOf(message) === only.replyTo : message.pinned !== undefined);
    const inside = this.#logs
      .of(app, stream)
      .filter((message) => message.seq > afterSeq && message.seq < beforeSeq && isWanted(message));
    return (order === 'descending' ? inside.reverse() : inside).slice(0, limit);
  }

  newest(app: AppId, userId: string, streams: readonly string[]): Map<string, StoredMessage> {
    const found = new Map<string, StoredMessage>();
    for (const stream of streams) {
      const last = this.#logs
        .of(app, stream)
        .findLast((message) => message.deletedAt === undefined && isAddressedTo(message, userId));
      if (last !== undefined) found.set(stream, last);
    }
    return found;
  }

  countUnread(app: AppId, userId: string, since: readonly UnreadRange[]): Map<string, number> {
    const isUnread = (message: StoredMessage): boolean =>
      message.senderId !== userId && message.deletedAt === undefined && isAddressedTo(message, userId);
    return new Map(
      since.map(({ stream, afterSeq, throughSeq = Infinity }) => {
        const unread = this.#logs
          .of(app, stream)
          .filter((message) => message.seq > afterSeq && message.seq <= throughSeq && isUnread(message));
        return [stream, unread.length];
      }),
    );
  }

  byId(app: AppId, messageId: string): StoredMessage[] {
    return this.#logs
      .all(app)
      .flat()
      .filter(({ id }) => id === messageId);
  }

  byCid(app: AppId, stream: string, key: { senderId: string | undefined; cid: string }): StoredMessage | undefined {
    return this.#logs.of(app, stream).find(({ senderId, cid }) => senderId === key.senderId && cid === key.cid);
  }

  edit(app: AppId, at: Place, change: { data: Data; editedAt: number; contentVersion?: number }): boolean {
    const message = this.#logs.find(app, at);
    if (message !== undefined) Object.assign(message, change);
    return message !== undefined;
  }

  remove(app: AppId, at: Place, change: { data: Data; deletedAt: number }): boolean {
    const message = this.#logs.find(app, at);
    if (message === undefined) return false;
    const replyTo = replyToOf(message);
    empty(message, change);
    this.#countReplies(app, { stream: message.stream, id: replyTo }, change.deletedAt);
    return true;
  }

  annotate(app: AppId, at: Place, change: Annotation): Annotated | undefined {
    const message = this.#logs.find(app, at);
    if (message === undefined) return undefined;
    const after = annotate(message, change);
    if (after === undefined || after === 'too_many') return { message, outcome: after ?? 'unchanged' };
    delete message.reactions;
    delete message.pinned;
    return { message: Object.assign(message, after), outcome: 'changed' };
  }

  changed(app: AppId, stream: string, { after, upToSeq, limit }: ChangeRange): StoredMessage[] {
    const at = ({ deletedAt, editedAt = -Infinity, addedAt = -Infinity }: StoredMessage): number =>
      deletedAt ?? Math.max(editedAt, addedAt);
    const isAfter = (message: StoredMessage): boolean =>
      at(message) > after.changedAt || (at(message) === after.changedAt && message.seq > after.seq);
    return this.#logs
      .of(app, stream)
      .filter((message) => at(message) !== -Infinity && isAfter(message) && message.seq <= upToSeq)
      .sort((a, b) => at(a) - at(b) || a.seq - b.seq)
      .slice(0, limit);
  }

  search(app: AppId, request: MessageSearch): Page<StoredMessage> {
    const { terms, conversationId, senderId, viewer, fromMs = 0, toMs = Infinity, after, limit } = request;
    const fits = (message: StoredMessage): boolean => {
      const words = termsOf(searchableText(message.data));
      return (
        terms.every((term) => words.some((word) => word.startsWith(term))) &&
        (conversationId === undefined || message.conversationId === conversationId) &&
        (senderId === undefined || message.senderId === senderId) &&
        message.storedAt >= fromMs &&
        message.storedAt < toMs &&
        (viewer === undefined ||
          (this.#isIn(app, message.conversationId ?? '', viewer) && isAddressedTo(message, viewer)))
      );
    };
    const found = this.#logs
      .all(app)
      .flat()
      .filter((message) => message.stream.startsWith('c:') && message.deletedAt === undefined && fits(message))
      .sort((a, b) => b.storedAt - a.storedAt || (b.id < a.id ? -1 : 1));
    const from = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
    const items = found.slice(from, from + limit);
    const last = items.at(-1);
    return { items, ...(last === undefined || found.length <= from + limit ? {} : { next: last.id }) };
  }

  clearOutbox(app: AppId, done: readonly Place[]): void {
    for (const { stream, seq } of done) {
      const message = this.#logs.of(app, stream).find((kept) => kept.seq === seq);
      if (message !== undefined) delete message.outbox;
    }
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    const old = this.#logs
      .all(app)
      .flatMap((kept) => kept.slice(0, -1))
      .filter(({ storedAt, outbox }) => storedAt < beforeMs && outbox === undefined)
      .sort((a, b) => a.storedAt - b.storedAt || a.seq - b.seq);
    const gone = new Set(old.slice(0, limit));
    this.#logs.sweep(app, (message) => gone.has(message));
    return gone.size;
  }

  ofSender(app: AppId, userId: string, { after = '-1', limit }: PageRequest): Page<StoredMessage> {
    const all = this.#logs.all(app).flat();
    const from = Number(after) + 1;
    const items = all
      .slice(from, from + limit)
      .filter(({ senderId, deletedAt }) => senderId === userId && deletedAt === undefined);
    return { items, ...(from + limit < all.length ? { next: String(from + limit - 1) } : {}) };
  }

  erase(
    app: AppId,
    { userId, as, removedAtMs }: EraseRequest & { removedAtMs?: number | undefined },
  ): Erased & { streams: string[] } {
    const inbox = inboxStream(userId);
    const inInbox = this.#logs.of(app, inbox).length;
    this.#logs.drop(app, inbox);
    const changed = this.#logs
      .all(app)
      .flat()
      .filter((message) => {
        const replyTo = replyToOf(message);
        const isChanged = takeOut(message, { userId, as }, removedAtMs);
        if (isChanged) this.#countReplies(app, { stream: message.stream, id: replyTo }, removedAtMs ?? 0);
        return isChanged;
      });
    const streams = changed.map(({ stream }) => stream);
    return { erased: inInbox + changed.length, streams: [...new Set(inInbox > 0 ? [inbox, ...streams] : streams)] };
  }

  /** Of the message that is answered. */
  #countReplies(app: AppId, of: { stream: string; id: string | undefined }, atMs: number): void {
    const { stream, id: messageId } = of;
    const kept = this.#logs.of(app, stream);
    const message = kept.find(({ id, deletedAt }) => id === messageId && deletedAt === undefined);
    if (messageId === undefined || message === undefined) return;
    const replies = kept.filter((each) => replyToOf(each) === messageId && isCountedReply(each));
    const count = replies.length;
    if (count === (message.replies?.count ?? 0)) return;
    delete message.replies;
    if (count > 0) message.replies = { count, lastAt: Math.max(...replies.map(({ storedAt }) => storedAt)) };
    message.addedAt = Math.max(atMs, (message.addedAt ?? 0) + 1);
  }

  #head(app: AppId, stream: string): StreamHead {
    const kept = this.#logs.of(app, stream);
    const seq = kept.at(-1)?.seq ?? 0;
    return { epoch: this.#logs.epochOf(app, stream), seq, firstSeq: kept[0]?.seq ?? seq + 1 };
  }
}

/** As it is when it was deleted. */
function empty(message: StoredMessage, change: { data: Data; deletedAt: number }): void {
  Object.assign(message, change);
  delete message.outbox;
  delete message.reactions;
  delete message.pinned;
  delete message.replies;
  delete message.addedAt;
}

/** Whether the message named the person. */
function takeOut(message: StoredMessage, person: Person, removedAtMs: number | undefined): boolean {
  const { data, targets, exclude } = message;
  const namesThem = (): string =>
    JSON.stringify([message.data, message.targets, message.exclude, message.reactions, message.pinned]);
  const before = namesThem();
  const isSender = message.senderId === person.userId;
  message.data = renameUser(data, person) as Data;
  if (targets !== undefined) message.targets = renameUser(targets, person) as string[];
  if (exclude !== undefined) message.exclude = renameUser(exclude, person) as string[];
  const left = withoutPerson(message, person);
  if (left !== undefined) {
    delete message.reactions;
    Object.assign(message, left);
  }
  if (isSender) {
    if (removedAtMs !== undefined && message.deletedAt === undefined)
      empty(message, { data: {}, deletedAt: removedAtMs });
    message.senderId = person.as;
    message.cid = message.id;
    message.bodyHash = '';
  }
  return isSender || namesThem() !== before;
}
