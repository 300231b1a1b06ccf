// The frames that are due to one client and not written yet, and their way into the socket. When they are
// written: flusher.ts; how slow is too slow: backpressure.ts.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { Backpressure } from './backpressure.ts';
import { createJoin, type Flushable, type Flusher, type JoinFrames } from './flusher.ts';

// One write of this size is as cheap per byte as a larger one. Writing it in mid-turn keeps a long resume
// from looking like a slow client.
const flushAtBytes = 65_536;

/** Shared by all connections. */
interface SendBufferDeps {
  flusher: Flusher;
  surroundings: Pick<Surroundings, 'clock' | 'metrics'>;
}

export interface Closable {
  close(name: 'too_slow'): void;
}

/** The socket of this one, and what watches it. */
interface Way {
  /** Open as long as it has sent or got no close frame: after it nothing may be written. */
  ws: Pick<WebSocket, 'readyState' | 'OPEN'>;
  /** The one under `ws`. */
  socket: Socket;
  backpressure: Backpressure;
  owner: Closable;
}

/**
 * Writes whole frames to the socket under ws. Nothing is compressed, so ws too writes each frame of its own
 * (pong, close) whole and at once, and the two never cut into each other.
 */
export class SendBuffer implements Flushable {
  readonly #deps: SendBufferDeps;
  readonly #ws: Way['ws'];
  readonly #socket: Socket;
  readonly #backpressure: Backpressure;
  readonly #owner: Closable;
  #frames: Buffer[] = [];
  #bytes = 0;
  /**
   * The kernel took all of the last write: the socket need not be asked, which would be done once a frame.
   */
  #isSocketEmpty = true;
  /** The flusher has it. */
  #isDue = false;
  /** Nothing is written until the answer to `connect` is there, which comes first. */
  #isHeld = true;
  #hasEnded = false;
  #drainListeners: (() => void)[] | undefined;

  constructor(deps: SendBufferDeps, { ws, socket, backpressure, owner }: Way) {
    this.#deps = deps;
    this.#ws = ws;
    this.#socket = socket;
    this.#backpressure = backpressure;
    this.#owner = owner;
    socket.on('drain', () => this.#onDrain());
  }

  get bytes(): number {
    return this.#isSocketEmpty ? this.#bytes : this.#bytes + this.#socket.writableLength;
  }

  send(frame: Buffer): void {
    if (this.#hasEnded) return;
    this.#frames.push(frame);
    this.#bytes += frame.length;
    this.#becomeDue();
    // The common case costs two comparisons and no look at the socket or the clock.
    if (!this.#isSocketEmpty || this.#bytes > this.#backpressure.behindBytes || this.#backpressure.isBehind)
      this.#checkPressure();
  }

  /** Past what is held: for answers to a client that has not connected yet. */
  sendNow(frame: Buffer): void {
    if (this.#hasEnded || !this.#isOpen()) return;
    this.#socket.write(frame);
    this.#countWrite();
  }

  /** The answer to `connect`, where one was wanted, goes out first, then what was held for it. */
  release(first: Buffer | undefined): void {
    this.#isHeld = false;
    if (first !== undefined) {
      this.#frames.unshift(first);
      this.#bytes += first.length;
    }
    if (this.#frames.length > 0) this.#becomeDue();
  }

  flush(join: JoinFrames): number {
    this.#isDue = false;
    const written = this.#write(join);
    this.#checkPressure();
    return written;
  }

  onDrain(listen: () => void): void {
    (this.#drainListeners ??= []).push(listen);
  }

  /** Writes what is left, or forgets it; then nothing is sent any more. */
  end({ forget }: { forget: boolean }): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (!forget && !this.#isHeld && this.#frames.length > 0 && this.#isOpen()) {
      this.#put(createJoin());
      this.#countWrite();
    }
    this.#frames = [];
    this.#bytes = 0;
  }

  #becomeDue(): void {
    if (this.#isHeld || this.#isDue) {
      if (this.#bytes >= flushAtBytes && !this.#isHeld) this.#writeNow();
      return;
    }
    this.#isDue = true;
    this.#deps.flusher.add(this);
  }

  #writeNow(): void {
    if (this.#write(createJoin()) > 0) this.#countWrite();
  }

  #write(join: JoinFrames): number {
    // Frames that the kernel does not take wait here, where they can be forgotten, not in the socket.
    if (this.#isHeld || this.#frames.length === 0 || this.#socket.writableNeedDrain || !this.#isOpen()) return 0;
    this.#put(join);
    return 1;
  }

  #put(join: JoinFrames): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    this.#socket.write(join(frames));
    this.#isSocketEmpty = this.#socket.writableLength === 0;
  }

  #onDrain(): void {
    this.#isSocketEmpty = this.#socket.writableLength === 0;
    this.#writeNow();
    this.#checkPressure();
  }

  #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** Outside of the flusher, which counts its own. */
  #countWrite(): void {
    this.#deps.surroundings.metrics.count('socket_writes_total');
  }

  #checkPressure(): void {
    const backpressure = this.#backpressure;
    const { bytes } = this;
    if (!backpressure.isBehind && bytes <= backpressure.behindBytes) return;
    const verdict = backpressure.check(bytes, this.#deps.surroundings.clock.monotonic());
    if (verdict === 'too_slow') this.#owner.close('too_slow');
    if (verdict === 'recovered') for (const listen of this.#drainListeners ?? []) listen();
  }
}
