// What is due to one client and not written yet, and its way into the socket. When it is written: flusher.ts; how slow is too slow: backpressure.ts.
import type { Socket } from 'node:net';
import type { Encoded } from '../sessions/encoded.ts';
import type { Backpressure } from './backpressure.ts';
import { createJoin, type Flushable, type Flusher, type JoinFrames } from './flusher.ts';
import { frameOf } from './frame.ts';

// One write of this size is as cheap per byte as a larger one. Writing it in mid-turn keeps a long resume from looking like a slow client.
const flushAtBytes = 65_536;

interface SendBufferDeps {
  socket: Socket;
  flusher: Flusher;
  backpressure: Backpressure;
  /** Whether ws has sent or got no close frame yet: after it nothing may be written. */
  isOpen: () => boolean;
  /** `Clock.monotonic`. */
  monotonic: () => number;
  onTooSlow: () => void;
  /** Writes outside of the flusher, to be counted. */
  onWrite: () => void;
}

/**
 * Writes whole frames to the socket under ws: nothing is compressed, so ws too writes each frame of its own (pong, close) whole and at once,
 * and the two never cut into each other.
 */
export class SendBuffer implements Flushable {
  readonly #deps: SendBufferDeps;
  readonly #behindBytes: number;
  #frames: Buffer[] = [];
  #bytes = 0;
  /** The kernel took all of the last write: the socket need not be asked, which would be done once a frame. */
  #isSocketEmpty = true;
  /** The flusher has it. */
  #isDue = false;
  /** Nothing is written until the answer to `connect` is there, which comes first. */
  #isHeld = true;
  #hasEnded = false;
  #drainListeners: (() => void)[] | undefined;

  constructor(deps: SendBufferDeps) {
    this.#deps = deps;
    this.#behindBytes = deps.backpressure.behindBytes;
    deps.socket.on('drain', this.#onDrain);
  }

  get bytes(): number {
    return this.#isSocketEmpty ? this.#bytes : this.#bytes + this.#deps.socket.writableLength;
  }

  send(encoded: Encoded): void {
    if (this.#hasEnded) return;
    const frame = frameOf(encoded);
    this.#frames.push(frame);
    this.#bytes += frame.length;
    this.#becomeDue();
    // The common case costs two comparisons and no look at the socket or the clock.
    if (!this.#isSocketEmpty || this.#bytes > this.#behindBytes || this.#deps.backpressure.isBehind) this.#judge();
  }

  /** Past what is held: for answers to a client that has not connected yet. */
  sendNow(encoded: Encoded): void {
    if (this.#hasEnded || !this.#deps.isOpen()) return;
    this.#deps.socket.write(frameOf(encoded));
    this.#deps.onWrite();
  }

  /** The answer to `connect`, where it wanted one, goes out first, then what was held for it. */
  release(first: Encoded | undefined): void {
    this.#isHeld = false;
    if (first !== undefined) {
      const frame = frameOf(first);
      this.#frames.unshift(frame);
      this.#bytes += frame.length;
    }
    if (this.#frames.length > 0) this.#becomeDue();
  }

  flush(join: JoinFrames): number {
    this.#isDue = false;
    const written = this.#write(join);
    this.#judge();
    return written;
  }

  onDrain(listen: () => void): void {
    (this.#drainListeners ??= []).push(listen);
  }

  /** Writes what is left, or forgets it; then nothing is sent any more. */
  end({ forget }: { forget: boolean }): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (!forget && !this.#isHeld && this.#frames.length > 0 && this.#deps.isOpen()) {
      this.#put(createJoin());
      this.#deps.onWrite();
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
    if (this.#write(createJoin()) > 0) this.#deps.onWrite();
  }

  #write(join: JoinFrames): number {
    const { socket, isOpen } = this.#deps;
    // What the kernel does not take waits here, where it can be forgotten, not in the socket.
    if (this.#isHeld || this.#frames.length === 0 || socket.writableNeedDrain || !isOpen()) return 0;
    this.#put(join);
    return 1;
  }

  #put(join: JoinFrames): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    const { socket } = this.#deps;
    socket.write(join(frames));
    this.#isSocketEmpty = socket.writableLength === 0;
  }

  readonly #onDrain = (): void => {
    this.#isSocketEmpty = this.#deps.socket.writableLength === 0;
    this.#writeNow();
    this.#judge();
  };

  #judge(): void {
    const { backpressure, monotonic, onTooSlow } = this.#deps;
    const { bytes } = this;
    if (!backpressure.isBehind && bytes <= backpressure.behindBytes) return;
    const verdict = backpressure.judge(bytes, monotonic());
    if (verdict === 'too_slow') onTooSlow();
    if (verdict === 'recovered') for (const listen of this.#drainListeners ?? []) listen();
  }
}
