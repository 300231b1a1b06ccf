// Reports to the server how far the application has got in each stream, gathered into few frames, again after
// a lost connection. How far that is: message-event-handler.ts.
import type { Attention } from './attention.ts';
import type { Connection } from './connection.ts';
import type { Clock, CommandFailure } from './types.ts';

/**
 * One frame for what was handed over meanwhile; doubled while a frame covers so many events, up to what the
 * server allows.
 */
const ackAfterMs = 150;
const manyEvents = 3;
/** So that a frame stays well below its 64 KiB. */
const maxCursors = 250;

export interface AcknowledgementsDeps {
  clock: Clock;
  attention: Pick<Attention, 'now'>;
}

export class Acknowledgements {
  readonly #deps: AcknowledgementsDeps;
  /** Positions that handlers have reached and the server was not sent. */
  readonly #unsent = new Map<string, number>();
  /** Sent last: it may have been on its way when the connection broke. */
  #lastSent: [string, number][] = [];
  #connection: Pick<Connection, 'send'> | undefined;
  #cancelTimer: (() => void) | undefined;
  #gatherMs = ackAfterMs;
  #gatherAtMostMs = ackAfterMs;
  /** Events that the next frame covers. */
  #gathered = 0;

  constructor(deps: AcknowledgementsDeps) {
    this.#deps = deps;
  }

  /** The application has got to this seq. Sent with the next `sendLater` or `send`. */
  add(stream: string, seq: number): void {
    this.#unsent.set(stream, seq);
    this.#gathered += 1;
  }

  sendLater(): void {
    if (this.#unsent.size === 0 || !this.#connection) return;
    this.#cancelTimer ??= this.#deps.clock.setTimer(() => this.send(), this.#gatherMs);
  }

  send(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (!this.#connection) return;
    this.#gatherMs = this.#gathered < manyEvents ? ackAfterMs : Math.min(this.#gatherMs * 2, this.#gatherAtMostMs);
    this.#gathered = 0;
    const all = [...this.#unsent].filter(([, seq]) => seq > 0);
    this.#unsent.clear();
    for (let at = 0; at < all.length; at += maxCursors) {
      this.#lastSent = all.slice(at, at + maxCursors);
      const cursors = this.#lastSent.map(([stream, seq]) => ({ stream, seq }));
      this.#connection.send('ack', { cursors, ...this.#deps.attention.now() });
    }
  }

  connected(connection: Pick<Connection, 'send'>, ackWithinMs = ackAfterMs): void {
    this.#connection = connection;
    this.#gatherAtMostMs = ackWithinMs;
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#sendAgain(this.#lastSent);
    this.#lastSent = [];
  }

  /** The server refused something that waits for no answer; it may have been an acknowledgement. */
  refused({ path }: CommandFailure): void {
    const [list, index] = path ?? [];
    if (list !== 'cursors' || typeof index !== 'number') return;
    // The server stopped at this cursor, as when the user was taken out of a conversation: those after it are
    // sent again.
    this.#sendAgain(this.#lastSent.slice(index + 1));
    this.sendLater();
  }

  clear(): void {
    this.#unsent.clear();
    this.#lastSent = [];
  }

  #sendAgain(cursors: readonly [string, number][]): void {
    for (const [stream, seq] of cursors) if (!this.#unsent.has(stream)) this.#unsent.set(stream, seq);
  }
}
