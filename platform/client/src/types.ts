// The types that the parts of the SDK share with each other and with an application. The behaviour of each
// part stands in the file of its name.
import type {
  ClientSettings,
  CommandAction,
  CommandAnswer,
  CommandInput,
  Conversation,
  JsonObject,
  Message,
  ServerEvent,
  TopicMember,
  Upload,
  WirePagePolicy,
} from '@belfry/protocol';
import type { EventName, EventOf } from './events.ts';
import type { PushOptions, PushState } from './push/push-options.ts';

/**
 * - `disabled`: the page has no WebSocket; nothing is tried until page or policy change.
 * - `signed_out`: the page needs a user and nobody is signed in; nothing is tried until `signedIn()`.
 * - `connecting`: the first attempt since `closed`, `disabled` or `signed_out`.
 * - `connected`: the server has answered `connect`.
 * - `reconnecting`: the connection was lost; the next attempt is under way or scheduled (`retryAt`).
 * - `offline`: the attempts are used up. `online`, a tab becoming visible, `connect()` or the slow probe
 *   begin anew.
 * - `closed`: not connected on purpose: not started, `disconnect()`, a page without `autoConnect`, or a
 *   close code that says to stay away.
 */
export type ConnectionStatus =
  'disabled' | 'signed_out' | 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'closed';

export type DeviceType = 'mobile' | 'desktop' | 'tablet';

export interface DeviceInfo {
  /** Stays the same on one device (browser profile); shared by its tabs. */
  id: string;
  type: DeviceType;
  platform: string;
  locale?: string;
  appVersion?: string;
}

/** Why a token is asked for. */
export type TokenReason = 'connect' | 'renew' | 'http';

/** A user token, also as `POST /api/v1/tokens` answers it; null when nobody is signed in. */
export type GivenToken = string | { readonly token: string } | null;

/**
 * A fresh user token from the application's back end. Null alone says that nobody is signed in: reject when it
 * could not be found out, as while the back end is away. Rejections, and whatever else is given, are a failed
 * attempt (`lastError`), and are tried again.
 */
export type GetToken = (why: { reason: TokenReason; signal: AbortSignal }) => Promise<GivenToken> | GivenToken;

export interface BelfryOptions {
  /** The app's public key. */
  app: string;
  /**
   * Origin (and path, behind a proxy) of the Belfry server; the page's own origin when left out. `ws://` and
   * `wss://` are taken for `http://` and `https://`.
   */
  url?: string;
  /** Left out: everybody is a visitor, and pages with `requireAuth` stay `signed_out`. */
  getToken?: GetToken;
  /**
   * Left out: the page is `location.pathname`, followed through the History API and back and forward;
   * `'hash'`: what stands behind `#`.
   */
  page?: string;
  appVersion?: string;
  /**
   * After so long without input, ms, nobody attends the page; left out: as the server says, 60 s unless it is
   * set there. `Infinity`: to be seen is enough, as for a program without people (Node) or a wall display.
   */
  attendedAfterMs?: number;
  /**
   * Bounds of what waits to be sent; the oldest is given up (`failed`, `queue_full`) when a bound is passed.
   */
  queue?: Partial<QueueLimits>;
  /** Sockets, HTTP, timers and the like; left out: the browser's, or Node's. For tests and simulations. */
  surroundings?: Partial<Surroundings>;
}

export interface QueueLimits {
  /** Messages. 500 unless said. */
  maxCount: number;
  /** Bytes of their JSON in all. 1 MiB unless said. */
  maxBytes: number;
  /** After it a message is given up, ms. 24 h unless said. */
  maxAgeMs: number;
}

/** All that an application needs to show of the connection. A new object whenever something in it changes. */
export interface BelfrySnapshot {
  readonly status: ConnectionStatus;
  /** The page's path as Belfry sees it. */
  readonly page: string;
  /** Undefined until the policies were read once. */
  readonly policy: WirePagePolicy | undefined;
  /** Another for each connection; undefined while there is none. */
  readonly connectionId: string | undefined;
  readonly userId: string | undefined;
  /** Attempts since the connection was last there; 0 when connected. */
  readonly attempt: number;
  /** When the next attempt begins, ms since the epoch; undefined when none is scheduled. */
  readonly retryAt: number | undefined;
  /** Code and reason of the last close; undefined before the first. 1006 where there was none. */
  readonly lastClose: { readonly code: number; readonly reason: string } | undefined;
  /**
   * Why policies, a token or a connection could not be had; undefined once they could. With `retry` `never` it is
   * not tried again: something has to be changed first. Codes are those of the protocol; `no_token`: `getToken`
   * failed; `connection_lost`: the server was not reached; `http_<status>`: what answered is no Belfry server;
   * `ws_<code>`: the server closed the connection with that code.
   */
  readonly lastError: CommandFailure | undefined;
  /**
   * Somebody is there: the page can be seen, and there was input within `attendedAfterMs`. Only then are
   * messages marked as read, and pushes to the user's phone held back.
   */
  readonly attended: boolean;
  /** Goes up whenever what the application holds may be behind: after each connect and each `gap`. */
  readonly syncSignal: number;
}

/**
 * Gets durable events in the order of their seq, each once; ephemeral ones as they come. May be async: what
 * it rejects with is reported.
 */
export type EventHandler<A extends EventName | '*' = '*'> = (event: EventOf<A>) => unknown;

export type Unsubscribe = () => void;

export interface HandlerOptions {
  /**
   * Only while the page is one of this pattern (`/chat/:id`); removed by itself when the page is left for
   * another pattern. Left out: always.
   */
  page?: string;
}

export interface Draft {
  conversationId: string;
  type: string;
  content: JsonObject;
  /** Made when left out. The same cid is the same message. */
  cid?: string;
  replyTo?: string;
  mentions?: string[];
  /** The app's own JSON, up to 4096 bytes. */
  metadata?: JsonObject;
}

export type SendState = 'queued' | 'sent' | 'failed';

/** A message on its way. A new object at every change of state. */
export interface QueuedMessage {
  readonly cid: string;
  readonly draft: Draft;
  readonly state: SendState;
  /** When it was handed over, ms since the epoch. */
  readonly queuedAt: number;
  /** With `sent`. */
  readonly sent?: { readonly messageId: string; readonly seq: number; readonly timestamp: string };
  /** With `failed`: a code of the protocol, or `queue_full`, `too_old`, `cancelled`. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** A command the server refused, or that could not be answered. */
export interface CommandFailure {
  /** A code of the protocol, or `not_connected`, `timeout`, `connection_lost`, `signed_out`. */
  code: string;
  message: string;
  retry: 'never' | 'same' | 'after';
  afterMs?: number;
  path?: (string | number)[];
}

/** One frame as it went over the wire, for test pages. */
export interface FrameRecord {
  direction: 'in' | 'out';
  /** ms since the epoch. */
  at: number;
  text: string;
}

/**
 * The client that `createBelfry` makes. All methods may be called at any time, before `start` and after
 * `stop` too.
 */
export interface Belfry {
  readonly options: Readonly<BelfryOptions>;
  readonly device: DeviceInfo;
  /** Sockets, HTTP, timers and the like: the browser's or Node's, or those of the options. */
  readonly surroundings: Surroundings;

  /**
   * Begins the life of the page: policies, and a connection where they say so. Twice is once. Throws after
   * `stop`, and where there is no page and no `url`.
   */
  start(): void;
  /** Ends it for good: connection, timers, listeners. Resolves when nothing is left. */
  stop(): Promise<void>;
  /**
   * By hand: for pages without `autoConnect`, after `disconnect()`, and to try now instead of at `retryAt`.
   */
  connect(): void;
  /**
   * As if somebody had touched the page, for input that it does not see: a call, a controller, the keys of a
   * terminal. `isHere`: it is known, and holds until the opposite is said. Nothing before `start`.
   */
  attend(isHere?: boolean): void;
  /** Status `closed` until `connect()` or another page. */
  disconnect(): void;
  /** For applications that route by themselves (`page` given in the options). */
  setPage(path: string): void;
  /**
   * Another user may be signed in: `getToken` is asked anew, a connection of another user is closed first.
   */
  signedIn(): void;
  signedOut(): void;

  snapshot(): BelfrySnapshot;
  /** Called after each change of the snapshot. */
  subscribe(listener: () => void): Unsubscribe;

  /**
   * `action` of the protocol, a kind of the app's own (see `BelfryEvents`), or `'*'`. An error thrown by one
   * handler reaches no other; it is reported to the console.
   */
  on<A extends EventName | '*'>(action: A, handler: EventHandler<A>, options?: HandlerOptions): Unsubscribe;
  /** Events of a topic: what the page or the token allows, whoever is in which conversation. */
  topic(name: string): Topic;
  /** The newest event that handlers were given. */
  lastEvent(): ServerEvent | undefined;

  /**
   * Sends a command and resolves with its answer; rejects with a `CommandError` (a `CommandFailure`). Nothing
   * is queued: without a connection it rejects.
   */
  command<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>>;
  /** Queues a message and sends it as soon as it may, in order; kept through lost connections and reloads. */
  send(draft: Draft): QueuedMessage;
  readonly outbox: Outbox;
  /** The HTTP API with the user's token: `path` below `/api/v1`. Rejects with a `CommandError`. */
  http<T = unknown>(path: string, init?: HttpInit): Promise<T>;

  /** Whether the page's policy has the feature now. */
  hasFeature(feature: string): boolean;
  /** Every frame in both directions from now on. */
  onFrame(listener: (frame: FrameRecord) => void): Unsubscribe;
  /**
   * As `enablePush` of `@belfry/client/push`, which is fetched for it. Call it from a click: the browser asks
   * the user.
   */
  enablePush(options?: PushOptions): Promise<PushState>;
  /** Says how far the application has got in a stream by another way (history). */
  notePosition(position: { stream: string; epoch: string; seq: number }): void;
}

/** A topic of the app's own. Subscriptions are kept over reconnects and moves. */
export interface Topic {
  /**
   * Until the returned function is called. The topic's events come to `on` as well, with `topic` in them.
   * `onRefused` is called each time neither token nor page allows the topic (`forbidden`), or there are too many;
   * left out, it is reported to the console. It is asked for anew on another page and another connection.
   */
  subscribe(handler: EventHandler, onRefused?: (why: CommandFailure) => void): Unsubscribe;
  /**
   * Who is there, now and from now on, until the returned function is called: all who are subscribed where
   * `presenceTopics` of token or page has the topic. Subscribes to it. `onRefused` as of `subscribe`.
   */
  presence(handler: (who: TopicPresence) => unknown, onRefused?: (why: CommandFailure) => void): Unsubscribe;
}

/** Users, not connections. `joined` and `left` are since the call before; the first one has everybody joined. */
export interface TopicPresence {
  readonly members: readonly TopicMember[];
  readonly joined: readonly TopicMember[];
  readonly left: readonly TopicMember[];
  /** There are more than are named. */
  readonly hasMore: boolean;
}

export interface HttpInit {
  method?: string;
  /** Sent as JSON unless it is a `FormData`. */
  body?: unknown;
  signal?: AbortSignal;
  /** Makes the request instead of the surroundings' own, as one that reports how far an upload is. */
  fetch?: typeof fetch;
}

/** The messages that wait to be sent, of all tabs of this user. */
export interface Outbox {
  /** Messages `queued` and `failed`, oldest first; of this user. */
  messages(): readonly QueuedMessage[];
  /** Called at every change of state of a message, also when another tab sent it. */
  subscribe(listener: (message: QueuedMessage) => void): Unsubscribe;
  /** A failed one is tried again, with the same cid. */
  retry(cid: string): void;
  /** Takes a queued or failed one away; false when it is on its way or gone. */
  cancel(cid: string): Promise<boolean>;
}

/** The part of a WebSocket that is needed; the browser's and Node's fit. */
export interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

export interface Clock {
  /** ms since the epoch, as the device has it: for what is shown, sent or kept. It may jump either way. */
  now(): number;
  /** ms that only ever grow, from an origin of their own: for every duration inside of this page load. */
  monotonic(): number;
  /** Returns what ends it. */
  setTimer(run: () => void, delayMs: number): () => void;
}

/** Key and text, of one origin, shared by its tabs. Never rejects for want of a key. */
export interface KeyValue {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export interface Surroundings {
  openSocket(url: string, protocol: string): SocketLike;
  fetch: typeof fetch;
  clock: Clock;
  /** 0 up to, and not including, 1. */
  random: () => number;
  /** Origin of the page; undefined outside of a browser. */
  origin: string | undefined;
  /** Small things that last: device id, policies, inbox positions. */
  keyValue: KeyValue;
  /** Whether somebody can see the page; true outside of a browser. */
  isVisible(): boolean;
  onVisibility(listen: () => void): Unsubscribe;
  /**
   * Somebody touched the page (keys, pointer, wheel) or its window got the focus, called at once where it has
   * it. Outside of a browser: never.
   */
  onInput(listen: () => void): Unsubscribe;
  /** The browser says that there is a network again. */
  onOnline(listen: () => void): Unsubscribe;
  /** The browser says that there is none any more. Outside of a browser: never. */
  onOffline(listen: () => void): Unsubscribe;
  /** Path (or hash) of the page now, and its changes. */
  readPage(mode: 'path' | 'hash'): string;
  onPage(mode: 'path' | 'hash', listen: () => void): Unsubscribe;
  /** The page goes away or into the back-forward cache (`hide`), or comes back from it (`show`). */
  onPageHide(listen: (event: 'hide' | 'show') => void): Unsubscribe;
  report: (error: unknown) => void;
}

/** Where the queue lives. What makes one tab send a given message: queue/sender-lock.ts. */
export interface QueueStorage {
  /** Oldest first. */
  load(owner: string): Promise<StoredDraft[]>;
  put(draft: StoredDraft): Promise<void>;
  remove(owner: string, cid: string): Promise<void>;
}

/** As it lies in storage. */
export interface StoredDraft {
  /** App and user: another user's messages are never sent with this one's token. */
  owner: string;
  cid: string;
  draft: Draft;
  queuedAt: number;
  /** Position in the order of sending; unique per owner. */
  order: number;
  /** Given up by the server or by a bound; waits for `retry` or `cancel`. */
  error?: { code: string; message: string };
}

export type { BelfryEvents, EventName, EventOf } from './events.ts';
/** As the HTTP API gives them. */
export type { ClientSettings, Conversation, JsonObject, Message, ServerEvent, TopicMember, Upload, WirePagePolicy };
