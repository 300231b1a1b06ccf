// The connection in use and the one that is to take its place: swaps them without a moment in between. When
// to open one, and what follows when one ends: page-lifecycle.ts.
import type {
  CommandAction,
  CommandAnswer,
  CommandInput,
  JsonObject,
  ServerEvent,
  WirePagePolicy,
} from '@belfry/protocol';
import type { Attention } from './attention.ts';
import type { Token } from './auth.ts';
import { Connection, failure, type Close, type ConnectionListener } from './connection.ts';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { MessageEventHandler } from './message-event-handler.ts';
import type { CommandFailure, FrameRecord, Surroundings } from './types.ts';

export interface Live {
  readonly connection: Connection;
  readonly connectionId: string;
  readonly userId: string;
  readonly isVisitor: boolean;
  /** By the monotonic clock, ms. */
  readonly since: number;
  /** The page that the server was sent last. */
  page: string;
  /** The server has said `goaway`. */
  isLeaving: boolean;
}

export interface LineListener {
  /** The page that `connect` names, asked for when the socket is open. */
  page(): string;
  connected(answer: CommandAnswer<'connect'>): void;
  /** The connection in use (`live`), or the one being opened. */
  lost(close: Close, live: Live | undefined): void;
  event(event: ServerEvent): void;
  /** The policy that the page has now, by the answer to `page`. */
  policyChanged(policy: WirePagePolicy): void;
}

export interface LineOptions {
  app: string;
  /** Of the server, without a slash at its end. */
  baseUrl: string;
  surroundings: Pick<Surroundings, 'openSocket' | 'clock' | 'random'>;
  attention: Pick<Attention, 'now'>;
  device: CommandInput<'connect'>['device'];
  messages: MessageEventHandler;
  onFrame: (frame: FrameRecord) => void;
}

interface Opening {
  readonly connection: Connection;
  readonly token: string | undefined;
  readonly userId: string | undefined;
  /** As in `connect`. */
  page: string;
}

/** How long `ended` waits for the server to close its side too, ms. */
const closingMs = 1000;

export class Line implements ConnectionListener {
  readonly #options: LineOptions;
  readonly #sockets = new Set<Promise<void>>();
  #listener!: LineListener;
  #live: Live | undefined;
  #heartbeat: Heartbeat | undefined;
  #opening: Opening | undefined;
  /**
   * The connection before, which the server may not know to be gone: until it does, the user seems to be
   * there twice.
   */
  #replaces: string | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Before anything else. */
  listen(listener: LineListener): void {
    this.#listener = listener;
  }

  /**
   * Opens a connection; the one in use stays in use until the new one is connected. One that is being opened
   * is given up.
   */
  open(who: { token: string | undefined; userId: string | undefined; timeoutMs: number }): void {
    const { app, baseUrl, surroundings } = this.#options;
    this.#opening?.connection.close();
    const connection = new Connection({ surroundings, timeoutMs: who.timeoutMs, listener: this });
    this.#opening = { ...who, connection, page: '' };
    const ended = connection.ended.finally(() => this.#sockets.delete(ended));
    this.#sockets.add(ended);
    connection.open(`${baseUrl.replace(/^http/, 'ws')}/ws?app=${encodeURIComponent(app)}`);
  }

  live(): Live | undefined {
    return this.#live;
  }

  /** By the connection in use. Nothing is queued: without one it rejects. */
  command<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>> {
    const answer = this.#live?.connection.command(action, data) ?? Promise.reject(failure('not_connected'));
    // A caller that does not look at the answer gets no unhandled rejection, as of a `typing` that was lost.
    answer.catch(() => undefined);
    return answer;
  }

  /** With which token one is being opened. */
  opening(): { token: string | undefined } | undefined {
    return this.#opening;
  }

  /** The connection in use stays, and the server is sent what is new: the page, a token. */
  update({ page, token }: { page: string; token: string | undefined }): void {
    const live = this.#live;
    if (!live) return;
    // Refused, the connection ends with the token it has, and the next one has another.
    if (token !== undefined) live.connection.command('auth', { token }).catch(() => undefined);
    if (live.page === page) return;
    live.page = page;
    const isCurrent = (): boolean => this.#live === live && live.page === page;
    live.connection.command('page', { page, ...this.#options.attention.now() }).then(
      ({ page: policy }) => {
        if (isCurrent()) this.#listener.policyChanged(policy);
      },
      () => {
        // Connecting anew says the page as well. A connection that was lost does so by itself.
        if (isCurrent()) live.connection.lose('no answer');
      },
    );
  }

  /** Ends both, without a word to the listener. */
  close(): void {
    this.#opening?.connection.close();
    this.#opening = undefined;
    this.#letGo()?.connection.close();
  }

  /** Says at once whether somebody attends the page, and finds out whether the connection is still there. */
  beat(): void {
    this.#heartbeat?.beat();
  }

  /** The page has another policy than the server was told. */
  confirm(): void {
    this.#heartbeat?.confirm();
  }

  /** Resolves when every socket is closed on both sides, or after a second. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.#options.surroundings.clock.setTimer(resolve, closingMs);
      void Promise.all(this.#sockets).then(() => {
        cancelTimer();
        resolve();
      });
    });
  }

  // Of its connections

  hello(): CommandInput<'connect'> {
    const { attention, device, messages } = this.#options;
    const page = this.#listener.page();
    const { token, userId } = this.#opening ?? {};
    if (this.#opening) this.#opening.page = page;
    const resume = messages.resume(userId);
    return {
      page,
      device,
      token,
      ...attention.now(),
      resume: resume.length > 0 ? resume : undefined,
      replaces: this.#replaces,
    };
  }

  connected(connection: Connection, answer: CommandAnswer<'connect'>): void {
    const { attention, surroundings } = this.#options;
    const { clock } = surroundings;
    const { connectionId, userId, heartbeatIntervalMs: intervalMs } = answer;
    const page = this.#opening?.page ?? '';
    this.#opening = undefined;
    this.#letGo()?.connection.retire();
    this.#replaces = undefined;
    const isVisitor = userId.startsWith('visitor:');
    this.#live = { connection, connectionId, userId, isVisitor, since: clock.monotonic(), page, isLeaving: false };
    this.#heartbeat = startHeartbeat({ connection, surroundings, intervalMs, attention });
    this.#options.messages.connected(connection, answer);
    this.#listener.connected(answer);
  }

  frame(direction: FrameRecord['direction'], text: string): void {
    this.#options.onFrame({ direction, at: this.#options.surroundings.clock.now(), text });
  }

  event(event: ServerEvent): void {
    this.#listener.event(event);
    this.#options.messages.receive(event);
  }

  answered(action: CommandAction, data: JsonObject, answer: JsonObject): void {
    if (action === 'message') this.#options.messages.own(String(data['conversationId']), Number(answer['seq']));
  }

  late(): void {
    this.beat();
  }

  refused(error: CommandFailure): void {
    this.#options.messages.refused(error);
  }

  closed(connection: Connection, close: Close): void {
    if (connection === this.#opening?.connection) {
      this.#opening = undefined;
      this.#listener.lost(close, undefined);
    } else if (connection === this.#live?.connection) {
      this.#listener.lost(close, this.#letGo());
    }
  }

  #letGo(): Live | undefined {
    const before = this.#live;
    this.#live = undefined;
    this.#heartbeat?.stop();
    this.#heartbeat = undefined;
    if (!before) return undefined;
    this.#replaces = before.connectionId;
    this.#options.messages.disconnected();
    return before;
  }
}

/** Whether the connection is of the user of the token; null is a visitor's. */
export function isOf({ isVisitor, userId }: Live, token: Token | null): boolean {
  return token ? !isVisitor && (token.userId ?? userId) === userId : isVisitor;
}
