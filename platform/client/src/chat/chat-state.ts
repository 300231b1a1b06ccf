// The chat of the user who is signed in: reads the list of conversations, keeps it right by events, and has a
// state for each conversation that is shown. The list: conversation-list.ts; one conversation:
// conversation.ts.
import type { ServerEvent } from '@belfry/protocol';
import { CommandError } from '../command-error.ts';
import { loadFeatures, type Features } from '../features/load-features.ts';
import { createSource, type Observable, type Source } from '../observable.ts';
import type { Belfry, QueuedMessage, Unsubscribe } from '../types.ts';
import { createChatApi, type ChatApi } from './chat-api.ts';
import { ConversationList, type ConversationItem } from './conversation-list.ts';
import { ConversationState, type Conversation } from './conversation.ts';
import { followFeatures } from './follow-features.ts';
import { followIdle } from './idle.ts';
import { ListMirror } from './list-mirror.ts';
import { changed, fromEvent, fromQueued, type ChatMessage } from './message-adapter.ts';

export interface ChatSnapshot {
  /** Newest activity first. */
  readonly conversations: readonly ConversationItem[];
  /**
   * `idle`: not started, nobody is signed in, or a page without messaging. With `failed`, `error`; what may be over later is tried
   * again by itself.
   */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** There are conversations with older activity: `loadMore`. */
  readonly hasMore: boolean;
  /** Of all conversations in the list. */
  readonly unread: number;
  /** Whether the page may send and get messages now. */
  readonly canMessage: boolean;
  /** The features that the page has now; they come and go with its policy. */
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
  return new ChatState(belfry);
}

/** Functions that an application calls are properties, so that they can be taken out of the object. */
class ChatState implements Chat {
  readonly api: ChatApi;
  readonly #belfry: Belfry;
  readonly #list: ConversationList;
  readonly #conversations = new Map<string, ConversationState>();
  readonly #features: Source<Features>;
  readonly #source: Source<ChatSnapshot>;
  readonly #mirror: ListMirror;
  #status: ChatSnapshot['status'] = 'idle';
  #error: ChatSnapshot['error'];
  /** The user whose chat it is. */
  #me: string | undefined;
  #starts = 0;
  #stop: Unsubscribe = () => undefined;
  /** As it was when it was looked at last. */
  #syncSignal = 0;
  #couldMessage = false;
  #wasAttended = false;

  constructor(belfry: Belfry) {
    const { surroundings } = belfry;
    this.#belfry = belfry;
    this.api = createChatApi(belfry);
    this.#list = new ConversationList((id) => {
      this.#conversations.get(id)?.refresh();
      this.#show();
    });
    this.#features = createSource<Features>({}, surroundings.report);
    this.#mirror = new ListMirror({
      ...{ surroundings, api: this.api, list: this.#list, me: () => this.#me },
      taken: (id) => this.#conversations.get(id)?.taken(),
      removed: (id) => this.#conversations.get(id)?.removed(),
      show: () => this.#show(),
      ready: () => {
        this.#status = 'ready';
        this.#error = undefined;
        this.#show();
      },
      failed: ({ code, message }) => {
        const isSignedOut = code === 'signed_out';
        this.#error = isSignedOut ? undefined : { code, message };
        if (this.#status === 'loading') this.#status = isSignedOut ? 'idle' : 'failed';
        this.#show();
      },
    });
    this.#source = createSource(this.#build(), surroundings.report);
  }

  readonly snapshot = (): ChatSnapshot => this.#source.snapshot();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#source.subscribe(listener);

  readonly start = (): Unsubscribe => {
    this.#starts += 1;
    if (this.#starts === 1) this.#stop = this.#run();
    let isOn = true;
    return () => {
      if (!isOn) return;
      isOn = false;
      this.#starts -= 1;
      if (this.#starts === 0) this.#stop();
    };
  };

  readonly conversation = (id: string): Conversation => {
    let state = this.#conversations.get(id);
    if (!state) {
      state = new ConversationState({
        ...{ id, belfry: this.#belfry, api: this.api, features: this.#features, list: this.#list },
        readRow: () => this.#mirror.readRows(id),
        learn: () => this.#learn(id),
      });
      this.#conversations.set(id, state);
    }
    return state;
  };

  readonly loadMore = async (): Promise<void> => {
    await this.#mirror.readMore();
    this.#show();
  };

  #run(): Unsubscribe {
    const belfry = this.#belfry;
    const loader = loadFeatures(belfry);
    this.#syncSignal = belfry.snapshot().syncSignal;
    this.#couldMessage = false;
    const ends = [
      () => loader.stop(),
      followFeatures(loader, (now) => {
        this.#features.set(now);
        this.#refresh();
      }),
      belfry.subscribe(() => this.#look()),
      followIdle(belfry),
      belfry.on('*', (event) => this.#receive(event)),
      belfry.outbox.subscribe((message) => this.#queueChanged(message)),
      () => this.#mirror.pause(),
    ];
    this.#look();
    return () => {
      for (const end of ends) end();
      for (const each of this.#conversations.values()) each.pause();
    };
  }

  /** Compares the connection with how it was when it was looked at last. */
  #look(): void {
    const { userId, syncSignal, status: connection, attended } = this.#belfry.snapshot();
    const canMessage = this.#belfry.hasFeature('messaging');
    if (connection === 'signed_out') this.#meet(undefined);
    else if (userId !== undefined) this.#meet(userId);
    // A new connection or a gap: what is held may be behind.
    const isBehind = syncSignal !== this.#syncSignal || (canMessage && !this.#couldMessage);
    this.#syncSignal = syncSignal;
    this.#couldMessage = canMessage;
    if (isBehind) {
      this.#reload();
      for (const each of this.#conversations.values()) each.reload();
    }
    // An open conversation is read from now on, with all that came while nobody was there.
    if (attended !== this.#wasAttended) this.#refresh();
    else this.#show();
    this.#wasAttended = attended;
  }

  /** Nothing of a user who was signed in before stays to be seen. */
  #meet(userId: string | undefined): void {
    if (userId === this.#me) return;
    const isFirst = this.#me === undefined;
    this.#me = userId;
    if (isFirst) return;
    this.#mirror.forget();
    this.#status = 'idle';
    for (const each of this.#conversations.values()) {
      each.forget();
      if (userId !== undefined) each.reload();
    }
  }

  #receive(event: ServerEvent): void {
    const { action, conversationId: id, data } = event;
    if (id === undefined) return;
    if (this.#mirror.receive(event)) {
      this.#show();
      return;
    }
    const open = this.#conversations.get(id);
    const message = fromEvent(event, this.#me);
    if (message) {
      // Counted first: shown to somebody, it is read at once.
      this.#seen(message, !message.mine && message.deletedAt === undefined);
      open?.take(message);
    } else if (action === 'message_edited' || action === 'message_deleted' || action === 'message_updated') {
      open?.change(event);
      this.#changed(id, event);
    } else if (action === 'read_status') {
      const { userId, seq } = data as { userId: string; seq: number };
      open?.readBy(userId, seq);
      if (userId === this.#me && !this.#list.readElsewhere(id, seq)) this.#mirror.readRows(id);
    } else if (action === 'gap') {
      if (data['reason'] === 'unknown_epoch') open?.forget();
      open?.reload();
    }
  }

  /** A message that is there now, of a conversation that may not be in the list yet. */
  #seen(message: ChatMessage, isUnread = false): void {
    if (this.#list.get(message.conversationId)) this.#list.seen(message, isUnread);
    else if (this.#belfry.hasFeature('messaging')) this.#mirror.readRows(message.conversationId);
  }

  /** What counts as unread after a deletion, and which message is the last one then, only the server knows. */
  #changed(id: string, event: ServerEvent): void {
    const { seq, senderId } = event.data as { seq: number; senderId: string };
    const item = this.#list.get(id);
    if (!item) return;
    const isLast = item.lastMessage?.seq === seq;
    if (isLast)
      this.#list.update(id, ({ lastMessage }) =>
        lastMessage ? { lastMessage: changed(lastMessage, event, this.#me) } : {},
      );
    const isUnread = seq > item.readSeq && senderId !== this.#me;
    // The message itself may come later than its deletion.
    const isAhead = seq > item.headSeq;
    if (event.action === 'message_deleted' && (isLast || isUnread || isAhead)) this.#mirror.readRows(id);
  }

  #queueChanged(message: QueuedMessage): void {
    if (message.state === 'sent') this.#seen(fromQueued(message, this.#me));
    this.#conversations.get(message.draft.conversationId)?.queueChanged(message);
  }

  #reload(): void {
    if (!this.#belfry.hasFeature('messaging')) return;
    if (this.#status !== 'ready') this.#status = 'loading';
    this.#mirror.readAnew();
  }

  /** Asks for a conversation that is not in the list. */
  async #learn(id: string): Promise<ConversationItem> {
    const { conversations } = await this.api.conversations({ conversationIds: [id] });
    // The server says why there is none.
    if (conversations.length === 0) await this.api.conversation(id);
    for (const entry of conversations) this.#list.take(entry, this.#me);
    const item = this.#list.get(id);
    if (!item) throw new CommandError({ code: 'not_found', message: 'It is not in the list.', retry: 'same' });
    this.#show();
    return item;
  }

  #refresh(): void {
    for (const each of this.#conversations.values()) each.refresh();
    this.#show();
  }

  #show(): void {
    this.#source.set(this.#build());
  }

  #build(): ChatSnapshot {
    const conversations = this.#list.inOrder();
    return {
      conversations,
      status: this.#status,
      error: this.#error,
      hasMore: this.#mirror.hasMore(),
      unread: conversations.reduce((sum, { unread }) => sum + unread, 0),
      canMessage: this.#belfry.hasFeature('messaging'),
      features: this.#features.snapshot(),
    };
  }
}
