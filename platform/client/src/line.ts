// The connection in use and the one that is to take its place: swaps them without a moment in between. When to open one, and what follows when one ends: page-lifecycle.ts.
import type { CommandAnswer, CommandInput, ServerEvent } from '@belfry/protocol';
import { openConnection, type Close, type Connection, type ConnectionListener } from './connection.ts';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { MessageEventHandler } from './message-event-handler.ts';
import type { Surroundings } from './types.ts';

export interface Line {
  /** Opens a connection; the one in use stays in use until the new one is connected. One that is being opened is given up. */
  open(who: { token: string | undefined; userId: string | undefined; timeoutMs: number }): void;
  live(): Live | undefined;
  isOpening(): boolean;
  /** Ends both, without a word to the listener. */
  close(): void;
  /** Tells at once whether the page is seen, and finds out whether the connection is still there. */
  beat(): void;
  /** Resolves when every socket is closed. */
  ended(): Promise<void>;
}

export interface Live {
  readonly connection: Connection;
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
  let opening: Connection | undefined;
  const sockets = new Set<Promise<void>>();

  function open({ token, userId, timeoutMs }: Parameters<Line['open']>[0]): void {
    opening?.close();
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
    opening = connection;
    const ended = connection.ended.finally(() => sockets.delete(ended));
    sockets.add(ended);
  }

  function take(connection: Connection, answer: CommandAnswer<'connect'>, page: string): void {
    const { userId, heartbeatIntervalMs: intervalMs, resumed } = answer;
    opening = undefined;
    letGo()?.connection.retire();
    const isVisitor = userId.startsWith('visitor:');
    live = { connection, userId, isVisitor, since: clock.now(), page, isLeaving: false };
    heartbeat = startHeartbeat({ connection, clock, intervalMs, isVisible });
    messages.connected(connection, resumed);
    listener.connected(answer);
  }

  function lose(connection: Connection, close: Close): void {
    if (connection === opening) {
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
    if (before !== undefined) messages.disconnected();
    return before;
  }

  return {
    open,
    live: () => live,
    isOpening: () => opening !== undefined,
    close() {
      opening?.close();
      opening = undefined;
      letGo()?.connection.close();
    },
    beat: () => heartbeat?.beat(),
    ended: async () => void (await Promise.all(sockets)),
  };
}
