// The chat of the user who is signed in: the list of conversations, kept right by events, and a state for each one that is shown. One conversation: conversation.ts.
import type { ServerEvent } from '@belfry/protocol';
import { loadFeatures, type Features } from '../features/load-features.ts';
import { createSource, type Observable } from '../observable.ts';
import type { Belfry, Unsubscribe } from '../types.ts';
import { createChatApi, type ChatApi, type ConversationEntry, type Participant } from './chat-api.ts';
import {
  createConversation,
  type Conversation,
  type ConversationFacts,
  type ConversationState,
} from './conversation.ts';
import { changed, fromEvent, fromQueued, fromStored, newest, type ChatMessage } from './message-adapter.ts';
import { createReloader } from './reloader.ts';

/** A conversation in the list. */
export interface ConversationItem extends ConversationFacts {
  readonly id: string;
  readonly title: string | undefined;
  readonly participants: readonly Participant[];
  readonly lastMessage: ChatMessage | undefined;
  readonly unread: number;
  /** When something happened in it last, ms since the epoch. */
  readonly at: number;
}

export interface ChatSnapshot {
  /** Newest activity first. */
  readonly conversations: readonly ConversationItem[];
  /** `idle`: not started, or a page without messaging. With `failed`, `error`; what may be over later is tried again by itself. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** There are conversations with older activity: `loadMore`. */
  readonly hasMore: boolean;
  /** Of all conversations in the list. */
  readonly unread: number;
  /** Whether the page may send and get messages now. */
  readonly canMessage: boolean;
  /** Those that the page has now; they come and go with its policy. */
  readonly features: Features;
}

export interface Chat extends Observable<ChatSnapshot> {
  readonly api: ChatApi;
  /** Begins to listen and to load. Until the returned function is called. */
  start(): Unsubscribe;
  /** The same object for the same id. Reads nothing before its `open()`. */
  conversation(id: string): Conversation;
  /** Rejects with a `CommandError`. */
  loadMore(): Promise<void>;
}

export function createChat(belfry: Belfry): Chat {
  const { surroundings } = belfry;
  const api = createChatApi(belfry);
  const items = new Map<string, ConversationItem>();
  /** Seqs that events added to `unread`, by conversation: those that a list read meanwhile may not have. */
  const counted = new Map<string, number[]>();
  const conversations = new Map<string, ConversationState>();
  const features = createSource<Features>({}, surroundings.report);
  let status: ChatSnapshot['status'] = 'idle';
  let error: ChatSnapshot['error'];
  let nextCursor: string | undefined;
  let me: string | undefined;
  let starts = 0;
  let stop: Unsubscribe = () => undefined;
  const source = createSource(build(), surroundings.report);
  const reloader = createReloader({
    surroundings,
    read: readList,
    failed({ code, message }) {
      error = { code, message };
      if (status === 'loading') status = 'failed';
      show();
    },
  });

  return {
    api,
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    start() {
      starts += 1;
      if (starts === 1) stop = run();
      let isOn = true;
      return () => {
        if (!isOn) return;
        isOn = false;
        starts -= 1;
        if (starts === 0) stop();
      };
    },
    conversation,
    async loadMore() {
      if (nextCursor === undefined) return;
      const cursor = nextCursor;
      const page = await api.conversations({ cursor });
      if (nextCursor !== cursor) return;
      nextCursor = page.nextCursor;
      for (const entry of page.conversations) learnEntry(entry);
      show();
    },
  };

  // Life

  function run(): Unsubscribe {
    const loader = loadFeatures(belfry);
    let signal = belfry.snapshot().syncSignal;
    let couldMessage = false;
    const look = (): void => {
      const { userId, syncSignal, status: connection } = belfry.snapshot();
      const canMessage = belfry.hasFeature('messaging');
      if (connection === 'signed_out') meet(undefined);
      else if (userId !== undefined) meet(userId);
      // A new connection or a gap: what is held may be behind.
      const isBehind = syncSignal !== signal || (canMessage && !couldMessage);
      signal = syncSignal;
      couldMessage = canMessage;
      if (isBehind) {
        reload();
        for (const each of conversations.values()) each.reload();
      }
      show();
    };
    const ends = [
      () => loader.stop(),
      followFeatures(loader, (now) => {
        features.set(now);
        refresh();
      }),
      belfry.subscribe(look),
      belfry.on('*', heed),
      belfry.outbox.subscribe((message) => {
        if (message.state === 'sent') seen(fromQueued(message, me));
        conversations.get(message.draft.conversationId)?.queueChanged(message);
      }),
      surroundings.onVisibility(refresh),
      reloader.pause,
    ];
    look();
    return () => {
      for (const end of ends) end();
      for (const each of conversations.values()) each.pause();
    };
  }

  function refresh(): void {
    for (const each of conversations.values()) each.refresh();
    show();
  }

  function reload(): void {
    if (!belfry.hasFeature('messaging')) return;
    if (status !== 'ready') status = 'loading';
    reloader.ask();
  }

  /** Of somebody else who was signed in nothing stays to be seen. */
  function meet(userId: string | undefined): void {
    if (userId === me) return;
    const isFirst = me === undefined;
    me = userId;
    if (isFirst) return;
    items.clear();
    counted.clear();
    status = 'idle';
    nextCursor = undefined;
    for (const each of conversations.values()) {
      each.forget();
      if (userId !== undefined) each.reload();
    }
  }

  // The list

  async function readList(): Promise<void> {
    const of = me;
    const page = await api.conversations({ limit: 50 });
    if (of !== undefined && of !== me) return;
    // Of a list that is whole, what is not in it is gone.
    const present = new Set(page.conversations.map(({ id }) => id));
    if (page.nextCursor === undefined) for (const id of items.keys()) if (!present.has(id)) items.delete(id);
    for (const entry of page.conversations) learnEntry(entry);
    // Pages that were loaded beyond this one stay; their cursor does, too.
    if (status !== 'ready') nextCursor = page.nextCursor;
    status = 'ready';
    error = undefined;
    show();
  }

  function learnEntry(entry: ConversationEntry): void {
    const { id, title, participants, epoch, createdAt, unreadCount, cursors } = entry;
    const known = items.get(id);
    const before = known?.epoch === epoch ? known : undefined;
    // Events may have overtaken the list, and what was read here may be on its way to the server still.
    const headSeq = Math.max(entry.headSeq, before?.headSeq ?? 0);
    const readSeq = Math.max(cursors.read, before?.readSeq ?? 0);
    const more = before ? (counted.get(id) ?? []).filter((seq) => seq > Math.max(entry.headSeq, readSeq)) : [];
    counted.set(id, more);
    const unread = (readSeq >= entry.headSeq ? 0 : unreadCount) + more.length;
    const lastMessage = newest(before?.lastMessage, entry.lastMessage && fromStored(entry.lastMessage, me));
    const at = lastMessage?.at ?? Date.parse(createdAt);
    items.set(id, { id, title, participants, epoch, headSeq, lastMessage, at, unread, readSeq });
    conversations.get(id)?.refresh();
  }

  async function learn(id: string): Promise<ConversationFacts> {
    const { title, participants, epoch, headSeq, createdAt } = await api.conversation(id);
    const at = Date.parse(createdAt);
    const item = { id, title, participants, epoch, headSeq, at, lastMessage: undefined, unread: 0, readSeq: 0 };
    if (!items.has(id)) items.set(id, item);
    show();
    return item;
  }

  // Events

  function heed(event: ServerEvent): void {
    const { action, conversationId, data } = event;
    if (conversationId === undefined) return;
    const open = conversations.get(conversationId);
    const message = fromEvent(event, me);
    if (message) {
      // Counted first: shown to somebody, it is read at once.
      if (!items.has(conversationId)) reload();
      else seen(message, !message.mine && message.deletedAt === undefined);
      open?.take(message);
    } else if (action === 'message_edited' || action === 'message_deleted') {
      open?.change(event);
      update(conversationId, ({ lastMessage }) =>
        lastMessage?.seq === data['seq'] && lastMessage ? { lastMessage: changed(lastMessage, event) } : {},
      );
    } else if (action === 'read_status') {
      const { userId, seq } = data as { userId: string; seq: number };
      open?.readBy(userId, seq);
      // This user, on another device.
      if (userId === me) readElsewhere(conversationId, seq);
    } else if (action === 'gap') {
      if (data['reason'] === 'unknown_epoch') open?.forget();
      open?.reload();
    }
  }

  function seen(message: ChatMessage, isNew = false): void {
    const { conversationId: id, seq = 0 } = message;
    update(id, ({ headSeq, unread }) => {
      if (seq <= headSeq) return {};
      if (isNew) counted.set(id, [...(counted.get(id) ?? []), seq]);
      return { lastMessage: message, at: message.at, headSeq: seq, unread: unread + Number(isNew) };
    });
  }

  function readElsewhere(id: string, seq: number): void {
    const { headSeq = 0, readSeq = 0 } = items.get(id) ?? {};
    if (seq <= readSeq) return;
    update(id, () => ({ readSeq: seq, ...(seq >= headSeq && { unread: 0 }) }));
    // How many there are behind it the server knows.
    if (seq < headSeq) reload();
  }

  function update(id: string, change: (item: ConversationItem) => Partial<ConversationItem>): void {
    const item = items.get(id);
    if (!item) return;
    const next = { ...item, ...change(item) };
    items.set(id, next);
    if (next.unread === 0) counted.set(id, []);
    conversations.get(id)?.refresh();
    show();
  }

  // What is shown

  function conversation(id: string): Conversation {
    let state = conversations.get(id);
    if (!state) {
      state = createConversation({
        ...{ id, belfry, api, surroundings, features, learn, seen },
        facts: () => items.get(id),
        readUpTo: (seq, unread) =>
          update(id, (item) => ({ readSeq: Math.max(item.readSeq, seq), unread: Math.min(unread, item.unread) })),
      });
      conversations.set(id, state);
    }
    return state;
  }

  function show(): void {
    source.set(build());
  }

  function build(): ChatSnapshot {
    const list = [...items.values()].sort((a, b) => b.at - a.at);
    return {
      conversations: list,
      status,
      error,
      hasMore: nextCursor !== undefined,
      unread: list.reduce((sum, { unread }) => sum + unread, 0),
      canMessage: belfry.hasFeature('messaging'),
      features: features.snapshot(),
    };
  }
}

/** Tells which features there are: for each change of that, and inside of those that are shown with messages. */
function followFeatures(loader: Observable<Features>, tell: (features: Features) => void): Unsubscribe {
  let ends: Unsubscribe[] = [];
  const follow = (): void => {
    for (const end of ends) end();
    const { typing, presence } = loader.snapshot();
    ends = [typing, presence].flatMap((feature) => (feature ? [feature.subscribe(pass)] : []));
    pass();
  };
  const pass = (): void => tell(loader.snapshot());
  const endFollow = loader.subscribe(follow);
  follow();
  return () => {
    endFollow();
    for (const end of ends) end();
  };
}
