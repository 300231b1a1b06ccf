// The connection in use and the one that is to take its place: swaps them without a moment in between. When to open one, and what follows when one ends: page-lifecycle.ts.
import type { CommandAnswer, CommandInput, ServerEvent, WirePagePolicy } from '@belfry/protocol';
import { openConnection, type Close, type Connection, type ConnectionListener } from './connection.ts';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { Token } from './auth.ts';
import type { MessageEventHandler } from './message-event-handler.ts';
import type { Surroundings } from './types.ts';

export interface Line {
  /** Opens a connection; the one in use stays in use until the new one is connected. One that is being opened is given up. */
  open(who: { token: string | undefined; userId: string | undefined; timeoutMs: number }): void;
  live(): Live | undefined;
  /** With which token one is being opened. */
  opening(): { token: string | undefined } | undefined;
  /** The connection in use stays, and is told what is new: the page, a token. The policy of a page is given to `heed`. */
  tell(news: { page: string; token: string | undefined }, heed: (policy: WirePagePolicy) => void): void;
  /** Ends both, without a word to the listener. */
  close(): void;
  /** Tells at once whether the page is seen, and finds out whether the connection is still there. */
  beat(): void;
  /** Resolves when every socket is closed. */
  ended(): Promise<void>;
}

export interface Live {
  readonly connection: Connection;
  readonly connectionId: string;
  readonly userId: string;
  readonly isVisitor: boolean;
  readonly since: number;
  /** The page that the server was told last. */
  page: string;
  /** The server has said `goaway`. */
  isLeaving: boolean;
}

export interface LineListener {
  connected(answer: CommandAnswer<'connect'>): void;
  /** The one in use (`live`), or the one being opened. */
  lost(close: Close, live: Live | undefined): void;
  event(event: ServerEvent): void;
  frame: ConnectionListener['frame'];
}

export interface LineDeps {
  surroundings: Pick<Surroundings, 'openSocket' | 'clock' | 'isVisible'>;
  url: string;
  messages: MessageEventHandler;
  /** What stands in `connect` beside token and positions, when the socket is open. */
  hello: () => Pick<CommandInput<'connect'>, 'page' | 'device'>;
  listener: LineListener;
}

export function createLine({ surroundings, url, messages, hello, listener }: LineDeps): Line {
  const { clock, isVisible } = surroundings;
  let live: Live | undefined;
  let heartbeat: Heartbeat | undefined;
  let opening: { connection: Connection; token: string | undefined } | undefined;
  /** The connection before, which the server may not know to be gone: until it does, the user seems to be there twice. */
  let replaces: string | undefined;
  const sockets = new Set<Promise<void>>();

  function open({ token, userId, timeoutMs }: Parameters<Line['open']>[0]): void {
    opening?.connection.close();
    let page = '';
    const connection = openConnection({
      surroundings,
      url,
      timeoutMs,
      hello() {
        const said = hello();
        page = said.page;
        const resume = messages.resume(userId);
        return {
          ...said,
          ...(token === undefined ? {} : { token }),
          visible: isVisible(),
          ...(resume.length === 0 ? {} : { resume }),
          ...(replaces === undefined ? {} : { replaces }),
        };
      },
      listener: {
        connected: (answer) => take(connection, answer, page),
        event: (event) => listener.event(event),
        answered(action, data, answer) {
          if (action === 'message') messages.own(String(data['conversationId']), Number(answer['seq']));
        },
        refused: (error) => messages.refused(error),
        closed: (close) => lose(connection, close),
        frame: listener.frame,
      },
    });
    opening = { connection, token };
    const ended = connection.ended.finally(() => sockets.delete(ended));
    sockets.add(ended);
  }

  function take(connection: Connection, answer: CommandAnswer<'connect'>, page: string): void {
    const { connectionId, userId, heartbeatIntervalMs: intervalMs } = answer;
    opening = undefined;
    letGo()?.connection.retire();
    replaces = undefined;
    const isVisitor = userId.startsWith('visitor:');
    live = { connection, connectionId, userId, isVisitor, since: clock.now(), page, isLeaving: false };
    heartbeat = startHeartbeat({ connection, clock, intervalMs, isVisible });
    messages.connected(connection, answer);
    listener.connected(answer);
  }

  function lose(connection: Connection, close: Close): void {
    if (connection === opening?.connection) {
      opening = undefined;
      listener.lost(close, undefined);
    } else if (connection === live?.connection) {
      listener.lost(close, letGo());
    }
  }

  function letGo(): Live | undefined {
    const before = live;
    live = undefined;
    heartbeat?.stop();
    heartbeat = undefined;
    if (before === undefined) return undefined;
    replaces = before.connectionId;
    messages.disconnected();
    return before;
  }

  function tell({ page, token }: { page: string; token: string | undefined }, heed: (p: WirePagePolicy) => void): void {
    const told = live;
    if (told === undefined) return;
    // Refused, the connection ends with the token it has, and the next one has another.
    if (token !== undefined) told.connection.command('auth', { token }).catch(() => undefined);
    if (told.page === page) return;
    told.page = page;
    told.connection.command('page', { page }).then(
      ({ page: policy }) => {
        if (live === told && told.page === page) heed(policy);
      },
      () => {
        // Connecting anew says the page as well. A connection that was lost does so by itself.
        if (live === told && told.page === page) told.connection.lose('page not answered');
      },
    );
  }

  return {
    open,
    tell,
    live: () => live,
    opening: () => opening,
    close() {
      opening?.connection.close();
      opening = undefined;
      letGo()?.connection.close();
    },
    beat: () => heartbeat?.beat(),
    async ended() {
      await Promise.all(sockets);
    },
  };
}

/** Whether the connection is of whom the token is of; null is a visitor's. */
export function isOf({ isVisitor, userId }: Live, token: Token | null): boolean {
  if (token === null || isVisitor) return token === null && isVisitor;
  return (token.userId ?? userId) === userId;
}
