// One conversation as it is shown: its messages from log, events and queue, who has read, who types. The list of conversations: chat-state.ts.
import type { JsonObject, PresenceState, ServerEvent } from '@belfry/protocol';
import type { Features } from '../features/load-features.ts';
import { createSource, type Observable } from '../observable.ts';
import type { Belfry, Draft, QueuedMessage, Surroundings, Unsubscribe } from '../types.ts';
import type { ChatApi, Participant } from './chat-api.ts';
import { changed, fromQueued, fromStored, type ChatMessage } from './message-adapter.ts';
import { from, merge, newestSeq, replace, type Log } from './message-log.ts';
import { createReadMarks } from './read-marks.ts';
import { createReloader } from './reloader.ts';

export interface ConversationSnapshot {
  readonly id: string;
  readonly title: string | undefined;
  readonly participants: readonly Participant[];
  /** Oldest first; at the end what is queued or failed. */
  readonly messages: readonly ChatMessage[];
  /** `idle`: not opened yet. With `failed`, `error`; what may be over later is tried again by itself. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  readonly unread: number;
  /** How far each user has read, by seq. Of the others where the page has `read_receipts`; in conversations of more than 100 only since it was opened. */
  readonly read: Readonly<Record<string, number>>;
  /** Who else is typing. */
  readonly typing: readonly string[];
  /** By user id; filled where the page has `presence`, while the conversation is open. */
  readonly presence: Readonly<Record<string, PresenceState>>;
}

export interface Conversation extends Observable<ConversationSnapshot> {
  readonly id: string;
  /** Reads it and keeps it up to date; while it is open and the page can be seen, it counts as read. Until the returned function is called. */
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
  /** Up to `seq`, or everything; for what is not open. */
  markRead(seq?: number): void;
  /** Call it at each change of what is being written. */
  typed(): void;
}

/** What the list knows of a conversation. */
export interface ConversationFacts {
  title: string | undefined;
  participants: readonly Participant[];
  epoch: string;
  headSeq: number;
  unread: number;
  readSeq: number;
}

export interface ConversationDeps {
  id: string;
  belfry: Belfry;
  api: ChatApi;
  surroundings: Surroundings;
  features: Observable<Features>;
  facts(): ConversationFacts | undefined;
  /** Asks for the facts of a conversation that is not in the list. */
  learn(id: string): Promise<ConversationFacts>;
  /** The newest message that was read; the list may not know it yet. */
  seen(message: ChatMessage): void;
  /** The user has read up to here; the list counts anew. */
  readUpTo(seq: number, unread: number): void;
}

export interface ConversationState extends Conversation {
  /** From an event, or sent from here. */
  take(message: ChatMessage): void;
  change(event: ServerEvent): void;
  readBy(userId: string, seq: number): void;
  queueChanged(message: QueuedMessage): void;
  /** What is held is another user's, or of a log that was replaced. */
  forget(): void;
  /** The log may be further than what is held. */
  reload(): void;
  /** Facts or features are others. */
  refresh(): void;
  /** The chat was stopped; it may be started again. */
  pause(): void;
}

const pageSize = 50;
/** Pages read again after a new connection: what is older is read again when it is scrolled to. */
const maxReloadPages = 4;
/** Of how many others presence and read state are asked for: more could not be shown in a glance, and a connection may watch only so many. */
const maxOthers = 100;

export function createConversation(deps: ConversationDeps): ConversationState {
  const { id, belfry, api, surroundings, features } = deps;
  let log: Log = [];
  let status: ConversationSnapshot['status'] = 'idle';
  let error: ConversationSnapshot['error'];
  let hasOlder = false;
  let olderPage: Promise<void> | undefined;
  let opened = 0;
  let generation = 0;
  let read: Record<string, number> = {};
  /** Given up by the queue, so that it does not know them any more. */
  const givenUp = new Map<string, QueuedMessage>();
  let watching: { ids: string; by: Features['presence']; end: Unsubscribe } | undefined;
  const me = (): string | undefined => belfry.snapshot().userId;
  const marks = createReadMarks({ id, belfry, clock: surroundings.clock });
  const reloader = createReloader({
    surroundings,
    read: readNewest,
    failed({ code, message }) {
      error = { code, message };
      // What was read before stays good to look at.
      if (status === 'loading') status = 'failed';
      show();
    },
  });
  const source = createSource(build(), surroundings.report);

  return {
    id,
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    open() {
      opened += 1;
      if (status === 'idle' || status === 'failed') reload();
      refresh();
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        opened -= 1;
        refresh();
      };
    },
    loadOlder() {
      olderPage ??= readOlder().finally(() => {
        olderPage = undefined;
        show();
      });
      show();
      return olderPage;
    },
    send(message) {
      const draft = typeof message === 'string' ? { type: 'text', content: { text: message } } : message;
      features.snapshot().typing?.stopped(id);
      return fromQueued(belfry.send({ ...draft, conversationId: id }), me());
    },
    retry(cid) {
      const lost = givenUp.get(cid);
      if (!lost) {
        belfry.outbox.retry(cid);
        return;
      }
      givenUp.delete(cid);
      belfry.send({ ...lost.draft, cid });
    },
    async cancel(cid) {
      if (!givenUp.delete(cid)) return await belfry.outbox.cancel(cid);
      show();
      return true;
    },
    async edit(messageId, content) {
      take(fromStored(await api.edit(messageId, content), me()));
    },
    async remove(messageId) {
      take(fromStored(await api.remove(messageId), me()));
    },
    markRead,
    typed: () => features.snapshot().typing?.typed(id),
    take,
    change(event) {
      log = replace(log, event.data['seq'], (message) => changed(message, event));
      show();
    },
    readBy,
    forget,
    queueChanged(message) {
      const { cid, state, error: why } = message;
      givenUp.delete(cid);
      if (state === 'sent') take(fromQueued(message, me()));
      const isKept = belfry.outbox.messages().some((each) => each.cid === cid);
      if (state === 'failed' && why?.code !== 'cancelled' && !isKept) givenUp.set(cid, message);
      show();
    },
    reload,
    refresh,
    pause() {
      reloader.pause();
      marks.pause();
      watching?.end();
      watching = undefined;
    },
  };

  function forget(): void {
    generation += 1;
    log = [];
    read = {};
    givenUp.clear();
    marks.forget();
    hasOlder = false;
    status = 'idle';
    show();
  }

  function reload(): void {
    if (status === 'idle' && opened === 0) return;
    if (status !== 'ready') status = 'loading';
    show();
    marks.retell();
    reloader.ask();
  }

  async function readNewest(): Promise<void> {
    const before = generation;
    const { epoch, headSeq, readSeq, participants } = deps.facts() ?? (await deps.learn(id));
    let page = await api.messages(id, { limit: pageSize });
    let all = adaptAll(page.messages);
    const oldest = log[0]?.seq ?? Infinity;
    // What is shown is read again: it may have been changed while nobody told us.
    for (let pages = 1; page.hasMore && pages < maxReloadPages; pages += 1) {
      const first = all[0]?.seq ?? 0;
      if (first <= oldest) break;
      page = await api.messages(id, { beforeSeq: first, limit: pageSize });
      all = [...adaptAll(page.messages), ...all];
    }
    if (before !== generation) return;
    // What came meanwhile stays; what is older than was read is left for `loadOlder`, or there would be a hole.
    log = merge(from(log, all[0]?.seq ?? 0), all);
    hasOlder = page.hasMore;
    error = undefined;
    // Later the events themselves say how far it is; told by us, those on their way would be lost to other handlers.
    if (status !== 'ready') {
      belfry.notePosition({ stream: `c:${id}`, epoch, seq: Math.max(newestSeq(all), headSeq) });
    }
    status = 'ready';
    const newest = all.at(-1);
    if (newest) deps.seen(newest);
    readBy(me() ?? '', readSeq);
    if (!belfry.hasFeature('read_receipts') || participants.length > maxOthers) return;
    const people = await api.participants(id);
    if (before === generation) readByAll(people);
  }

  async function readOlder(): Promise<void> {
    const first = log[0]?.seq;
    if (first === undefined || !hasOlder) return;
    const before = generation;
    const page = await api.messages(id, { beforeSeq: first, limit: pageSize });
    if (before !== generation || log[0]?.seq !== first) return;
    log = merge(log, adaptAll(page.messages));
    hasOlder = page.hasMore;
  }

  function adaptAll(messages: Parameters<typeof fromStored>[0][]): ChatMessage[] {
    return messages.map((message) => fromStored(message, me()));
  }

  function take(message: ChatMessage): void {
    // Before it was opened it has no beginning that this could follow.
    if (status === 'idle') return;
    log = merge(log, [message]);
    show();
  }

  function readBy(userId: string, readSeq: number): void {
    readByAll([{ userId, readSeq }]);
  }

  function readByAll(people: readonly Pick<Participant, 'userId' | 'readSeq'>[]): void {
    for (const { userId, readSeq = 0 } of people) {
      if (readSeq > (read[userId] ?? -1)) read = { ...read, [userId]: readSeq };
    }
    show();
  }

  function markRead(seq = Math.max(newestSeq(log), deps.facts()?.headSeq ?? 0)): void {
    const user = me();
    if (user === undefined || seq <= (read[user] ?? 0)) return;
    read = { ...read, [user]: seq };
    marks.mark(seq);
    deps.readUpTo(seq, log.filter((message) => !message.mine && (message.seq ?? 0) > seq).length);
  }

  /** Shows what is new; what is shown to somebody is read. */
  function show(): void {
    source.set(build());
    if (opened > 0 && status === 'ready' && surroundings.isVisible() && belfry.hasFeature('messaging')) {
      markRead(newestSeq(log));
    }
  }

  function refresh(): void {
    watch();
    show();
  }

  function watch(): void {
    const by = opened > 0 ? features.snapshot().presence : undefined;
    const others = (deps.facts()?.participants ?? []).map(({ userId }) => userId).filter((userId) => userId !== me());
    const ids = others.slice(0, maxOthers);
    if (watching?.by === by && watching?.ids === ids.join()) return;
    const before = watching;
    watching = by && { by, ids: ids.join(), end: by.watch(ids) };
    before?.end();
  }

  function build(): ConversationSnapshot {
    const facts = deps.facts();
    const { typing, presence } = features.snapshot();
    const known = presence?.snapshot() ?? {};
    const people = facts?.participants ?? [];
    return {
      id,
      title: facts?.title,
      participants: people,
      messages: [...log, ...pending()],
      status,
      error,
      hasOlder,
      isLoadingOlder: olderPage !== undefined,
      unread: facts?.unread ?? 0,
      read,
      typing: typing?.snapshot()[id] ?? [],
      presence: Object.fromEntries(people.flatMap(({ userId }) => (known[userId] ? [[userId, known[userId]]] : []))),
    };
  }

  function pending(): ChatMessage[] {
    const waiting = [...belfry.outbox.messages(), ...givenUp.values()];
    return waiting
      .filter(({ cid, draft }) => draft.conversationId === id && !log.some((each) => each.mine && each.cid === cid))
      .sort((a, b) => a.queuedAt - b.queuedAt)
      .map((message) => fromQueued(message, me()));
  }
}
