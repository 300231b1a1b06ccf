// One conversation as it is shown: its messages, who has read, who types. What was read of its log:
// conversation-log.ts; what is not sent yet: unsent.ts; pins and replies: message-lists.ts; the list:
// chat-state.ts.
import type { JsonObject, Message, PresenceState, ServerEvent } from '@belfry/protocol';
import type { Features } from '../features/load-features.ts';
import { createSource, type Observable, type Source } from '../observable.ts';
import { tableOf, type Table } from '../table-of.ts';
import type { Belfry, Draft, QueuedMessage, Unsubscribe } from '../types.ts';
import type { ChatApi, Participant } from './chat-api.ts';
import type { ConversationFacts, ConversationList } from './conversation-list.ts';
import { ConversationLog } from './conversation-log.ts';
import { fromQueued, fromStored, type ChatMessage } from './message-adapter.ts';
import type { MessageList } from './message-list.ts';
import { MessageLists } from './message-lists.ts';
import { createReadMarks, type ReadMarks } from './read-marks.ts';
import { createReloader, type Reloader } from './reloader.ts';
import { Unsent } from './unsent.ts';

export interface ConversationSnapshot {
  readonly id: string;
  readonly title: string | undefined;
  /** The app's own, as the conversation has them. */
  readonly metadata: JsonObject | undefined;
  readonly participants: readonly Participant[];
  /** Oldest first; at the end what is queued or failed. */
  readonly messages: readonly ChatMessage[];
  /**
   * `idle`: not opened yet, or nobody is signed in. With `failed`, `error`: `not_found` when the user is not in it (any more); what may be
   * over later is tried again by itself.
   */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly unread: number;
  /**
   * How far each user has read, by seq. Of the others where the page has `read_receipts`; in conversations of
   * more than 100 only since it was opened.
   */
  readonly read: Table<number>;
  /** The other users who are typing. */
  readonly typing: readonly string[];
  /** By user id; filled where the page has `presence`, while the conversation is open. */
  readonly presence: Table<PresenceState>;
}

export interface Conversation extends Observable<ConversationSnapshot> {
  readonly id: string;
  /**
   * Reads it and keeps it up to date; while it is open and somebody attends the page, it counts as read.
   * Until the returned function is called.
   */
  open(): Unsubscribe;
  /** Reads earlier messages. Rejects with a `CommandError`. */
  loadOlder(): Promise<void>;
  /** A text, or whatever message types there are. Shown at once. */
  send(message: string | Omit<Draft, 'conversationId'>): ChatMessage;
  /** A failed one again, with the same cid. */
  retry(cid: string): void;
  /** Takes a queued or failed one away; false when it is on its way or gone. */
  cancel(cid: string): Promise<boolean>;
  /** Rejects with a `CommandError`. */
  edit(messageId: string, content: JsonObject): Promise<void>;
  /** Rejects with a `CommandError`. */
  remove(messageId: string): Promise<void>;
  /** With an emoji, or a name that the app gives a meaning. Rejects with a `CommandError`. */
  react(messageId: string, reaction: string): Promise<void>;
  /** Takes a reaction back. Rejects with a `CommandError`. */
  unreact(messageId: string, reaction: string): Promise<void>;
  /** For everybody in the conversation. Rejects with a `CommandError`. */
  pin(messageId: string): Promise<void>;
  /** Rejects with a `CommandError`. */
  unpin(messageId: string): Promise<void>;
  /** The messages that are pinned. The same object each time; reads nothing before its `open()`. */
  pins(): MessageList;
  /** The messages that answer one. The same object for the same message; reads nothing before its `open()`. */
  replies(messageId: string): MessageList;
  /** Up to `seq`, or everything; for what is not open. */
  markRead(seq?: number): void;
  /** Call it at each change of what is being written. */
  typed(): void;
}

export interface ConversationDeps {
  id: string;
  belfry: Belfry;
  api: ChatApi;
  features: Observable<Features>;
  list: Pick<ConversationList, 'get' | 'readUpTo'>;
  /** What the list has of it is behind: only the server knows. */
  readRow: () => void;
  /** Asks for the facts of this conversation, where it is not in the list. */
  learn: () => Promise<ConversationFacts>;
}

/**
 * Of how many others presence and read state are asked for: more could not be shown in a glance, and a
 * connection may watch only so many.
 */
const maxOthers = 100;

/** Functions that an application calls are properties, so that they can be taken out of the object. */
export class ConversationState implements Conversation {
  readonly id: string;
  readonly #belfry: Belfry;
  readonly #api: ChatApi;
  readonly #features: Observable<Features>;
  readonly #list: ConversationDeps['list'];
  readonly #readRow: () => void;
  readonly #learn: ConversationDeps['learn'];
  readonly #log: ConversationLog;
  readonly #unsent: Unsent;
  readonly #lists: MessageLists;
  readonly #marks: ReadMarks;
  readonly #reloader: Reloader;
  readonly #source: Source<ConversationSnapshot>;
  #status: ConversationSnapshot['status'] = 'idle';
  #error: ConversationSnapshot['error'];
  #read: ConversationSnapshot['read'] = tableOf([]);
  /** How often it is open. */
  #opened = 0;
  #olderPage: Promise<void> | undefined;
  #watching: { ids: string; by: Features['presence']; end: Unsubscribe } | undefined;

  constructor({ id, belfry, api, features, list, readRow, learn }: ConversationDeps) {
    const { surroundings } = belfry;
    this.id = id;
    this.#belfry = belfry;
    this.#api = api;
    this.#features = features;
    this.#list = list;
    this.#readRow = readRow;
    this.#learn = learn;
    this.#log = new ConversationLog({ id, api, me: () => this.#me() });
    this.#lists = new MessageLists({
      ...{ id, api, surroundings, me: () => this.#me() },
      known: (seq) => this.#log.messages().find((message) => message.seq === seq),
    });
    this.#unsent = new Unsent(id, belfry);
    this.#marks = createReadMarks({ id, belfry, clock: surroundings.clock, sent: (seq) => this.#marked(seq) });
    this.#source = createSource(this.#build(), surroundings.report);
    this.#reloader = createReloader({
      surroundings,
      read: () => this.#readNewest(),
      failed: ({ code, message }) => {
        const isSignedOut = code === 'signed_out';
        this.#error = isSignedOut ? undefined : { code, message };
        // Messages that were read before stay good to look at.
        if (this.#status === 'loading') this.#status = isSignedOut ? 'idle' : 'failed';
        this.#show();
      },
    });
  }

  readonly snapshot = (): ConversationSnapshot => this.#source.snapshot();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#source.subscribe(listener);

  readonly open = (): Unsubscribe => {
    this.#opened += 1;
    if (this.#status === 'idle' || this.#status === 'failed') this.reload();
    this.refresh();
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#opened -= 1;
      this.refresh();
    };
  };

  readonly loadOlder = (): Promise<void> => {
    this.#olderPage ??= this.#log.readOlder().finally(() => {
      this.#olderPage = undefined;
      this.#show();
    });
    this.#show();
    return this.#olderPage;
  };

  readonly send = (message: string | Omit<Draft, 'conversationId'>): ChatMessage => {
    const draft = typeof message === 'string' ? { type: 'text', content: { text: message } } : message;
    this.#features.snapshot().typing?.stopped(this.id);
    return fromQueued(this.#belfry.send({ ...draft, conversationId: this.id }), this.#me());
  };

  readonly retry = (cid: string): void => this.#unsent.retry(cid);

  readonly cancel = async (cid: string): Promise<boolean> => {
    const isCancelled = await this.#unsent.cancel(cid);
    this.#show();
    return isCancelled;
  };

  readonly edit = (messageId: string, content: JsonObject): Promise<void> =>
    this.#changed(this.#api.edit(messageId, content));

  readonly remove = (messageId: string): Promise<void> => this.#changed(this.#api.remove(messageId));

  readonly react = (messageId: string, reaction: string): Promise<void> =>
    this.#changed(this.#api.react(messageId, reaction));

  readonly unreact = (messageId: string, reaction: string): Promise<void> =>
    this.#changed(this.#api.unreact(messageId, reaction));

  readonly pin = (messageId: string): Promise<void> => this.#changed(this.#api.pin(messageId));

  readonly unpin = (messageId: string): Promise<void> => this.#changed(this.#api.unpin(messageId));

  readonly pins = (): MessageList => this.#lists.pins();

  readonly replies = (messageId: string): MessageList => this.#lists.replies(messageId);

  readonly markRead = (seq = Math.max(this.#log.newestSeq(), this.#facts()?.headSeq ?? 0)): void => {
    const user = this.#me();
    if (user === undefined || seq <= (this.#read[user] ?? 0)) return;
    this.#read = tableOf([...Object.entries(this.#read), [user, seq] as const]);
    this.#marks.mark(seq);
    this.#list.readUpTo(this.id, seq, this.#log.countOfOthersAfter(seq));
  };

  readonly typed = (): void => this.#features.snapshot().typing?.typed(this.id);

  // From the chat

  /** From an event, or sent from here. */
  take(message: ChatMessage): void {
    // Before it was opened it has no beginning that this could follow.
    if (this.#status !== 'idle') this.#log.take(message);
    this.#lists.take(message);
    this.#show();
  }

  change(event: ServerEvent): void {
    this.#log.change(event);
    this.#lists.change(event);
    this.#show();
  }

  readBy(userId: string, readSeq: number): void {
    this.#readByAll([{ userId, readSeq }]);
  }

  queueChanged(message: QueuedMessage): void {
    if (message.state === 'sent') this.take(fromQueued(message, this.#me()));
    this.#unsent.queueChanged(message);
    this.#show();
  }

  /** The messages that are held are another user's, or of a log that was replaced. */
  forget(): void {
    this.#log.clear();
    this.#lists.forget();
    this.#read = tableOf([]);
    this.#unsent.forget();
    this.#marks.forget();
    this.#status = 'idle';
    this.#show();
  }

  /** Its row is in the list, as the server has it. */
  taken(): void {
    if (this.#status === 'failed' && this.#error?.code === 'not_found') this.reload();
    this.refresh();
  }

  /** The user is not in it any more, or it is deleted. */
  removed(): void {
    this.forget();
    if (this.#opened === 0) return;
    this.#status = 'failed';
    this.#error = { code: 'not_found', message: 'The user is not in this conversation any more.' };
    this.#show();
  }

  /** The log may be further than what is held. */
  reload(): void {
    this.#lists.reload();
    // Marked without being open, perhaps while there was no connection.
    this.#marks.resume();
    if (this.#status === 'idle' && this.#opened === 0) return;
    if (this.#status !== 'ready') this.#status = 'loading';
    this.#show();
    this.#reloader.ask();
  }

  /** Facts or features are others. */
  refresh(): void {
    this.#watch();
    this.#show();
  }

  /** The chat was stopped; it may be started again. */
  pause(): void {
    this.#reloader.pause();
    this.#lists.pause();
    this.#marks.pause();
    this.#watching?.end();
    this.#watching = undefined;
  }

  async #changed(changing: Promise<Message>): Promise<void> {
    this.take(fromStored(await changing, this.#me()));
  }

  async #readNewest(): Promise<void> {
    const isCurrent = this.#log.generation();
    const { epoch, headSeq, readSeq, participants } = this.#facts() ?? (await this.#learn());
    if (!isCurrent()) return;
    const newest = await this.#log.readNewest();
    if (!isCurrent()) return;
    this.#error = undefined;
    // Later the events themselves say how far it is; set by this client, those on their way would be lost to
    // other handlers.
    if (this.#status !== 'ready') {
      const seq = Math.max(newest?.seq ?? 0, headSeq);
      this.#belfry.notePosition({ stream: `c:${this.id}`, epoch, seq });
    }
    this.#status = 'ready';
    if ((newest?.seq ?? 0) > (this.#facts()?.headSeq ?? 0)) this.#readRow();
    this.readBy(this.#me() ?? '', readSeq);
    if (!this.#belfry.hasFeature('read_receipts') || participants.length > maxOthers) return;
    const people = await this.#api.participants(this.id);
    if (isCurrent()) this.#readByAll(people);
  }

  #readByAll(people: readonly Pick<Participant, 'userId' | 'readSeq'>[]): void {
    const later = people
      .map(({ userId, readSeq = 0 }) => [userId, readSeq] as const)
      .filter(([userId, readSeq]) => readSeq > (this.#read[userId] ?? -1));
    if (later.length > 0) this.#read = tableOf([...Object.entries(this.#read), ...later]);
    this.#show();
  }

  /** Below the head only the server knows how many are left. */
  #marked(seq: number): void {
    if (seq < (this.#facts()?.headSeq ?? 0)) this.#readRow();
  }

  #watch(): void {
    const by = this.#opened > 0 ? this.#features.snapshot().presence : undefined;
    const people = (this.#facts()?.participants ?? []).map(({ userId }) => userId);
    const others = people.filter((userId) => userId !== this.#me()).slice(0, maxOthers);
    const ids = others.join();
    const before = this.#watching;
    if (before?.by === by && before?.ids === ids) return;
    this.#watching = by && { by, ids, end: by.watch(others) };
    before?.end();
  }

  /** Shows what is new; what is shown to somebody is read. */
  #show(): void {
    this.#source.set(this.#build());
    const isSeen = this.#opened > 0 && this.#status === 'ready' && this.#belfry.snapshot().attended;
    if (isSeen && this.#belfry.hasFeature('messaging')) this.markRead(this.#log.newestSeq());
  }

  #build(): ConversationSnapshot {
    const facts = this.#facts();
    const { typing, presence } = this.#features.snapshot();
    const known = presence?.snapshot() ?? {};
    const participants = facts?.participants ?? [];
    const log = this.#log.messages();
    return {
      id: this.id,
      title: facts?.title,
      metadata: facts?.metadata,
      participants,
      messages: [...log, ...this.#unsent.messages(log)],
      status: this.#status,
      error: this.#error,
      hasOlder: this.#log.hasOlder(),
      isLoadingOlder: this.#olderPage !== undefined,
      unread: facts?.unread ?? 0,
      read: this.#read,
      typing: typing?.snapshot()[this.id] ?? [],
      presence: tableOf(
        participants.flatMap(({ userId }) => (known[userId] ? [[userId, known[userId]] as const] : [])),
      ),
    };
  }

  #facts(): ConversationFacts | undefined {
    return this.#list.get(this.id);
  }

  #me(): string | undefined {
    return this.#belfry.snapshot().userId;
  }
}
