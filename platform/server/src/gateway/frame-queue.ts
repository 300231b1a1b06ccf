// Runs one client's frames in order: the next begins when the one before was accepted or is done. The frames'
// work is their taker's.

/**
 * Frames of one client that wait or run; with more its socket is not read. Not a limit a client can break, so
 * it has no variable.
 */
const pauseAt = 64;
const resumeAt = 32;

/** Owns the frames. An object and no three functions, since there is one for each connection. */
export interface FrameTaker<T> {
  /** Must not reject. `accepted` lets the next frame begin before this one is done. */
  runFrame(frame: T, accepted: () => void): Promise<void>;
  frameQueueFull(): void;
  frameQueueHasRoom(): void;
}

export class FrameQueue<T> {
  readonly #taker: FrameTaker<T>;
  readonly #waiting: T[] = [];
  #running = 0;
  #isBlocked = false;
  #isFull = false;
  #onIdle: (() => void)[] | undefined;

  constructor(taker: FrameTaker<T>) {
    this.#taker = taker;
  }

  push(frame: T): void {
    // Most frames wait for nothing, and a list that never grew has no room to keep.
    if (this.isClear) this.#start(frame);
    else this.#waiting.push(frame);
    if (!this.#isFull && this.#pending >= pauseAt) {
      this.#isFull = true;
      this.#taker.frameQueueFull();
    }
  }

  /** A frame that was pushed now would begin at once. */
  get isClear(): boolean {
    return !this.#isBlocked && this.#waiting.length === 0;
  }

  /** Frames that wait will not run. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    if (this.#pending === 0) return;
    await new Promise<void>((resolve) => {
      (this.#onIdle ??= []).push(resolve);
    });
  }

  get #pending(): number {
    return this.#waiting.length + this.#running;
  }

  #next(): void {
    if (this.#isBlocked) return;
    const frame = this.#waiting.shift();
    if (frame !== undefined) this.#start(frame);
  }

  #start(frame: T): void {
    this.#isBlocked = true;
    this.#running += 1;
    let isAccepted = false;
    const accept = (): void => {
      if (isAccepted) return;
      isAccepted = true;
      this.#isBlocked = false;
      this.#next();
    };
    void this.#taker.runFrame(frame, accept).finally(() => {
      this.#running -= 1;
      accept();
      this.#ended();
    });
  }

  #ended(): void {
    if (this.#isFull && this.#pending < resumeAt) {
      this.#isFull = false;
      this.#taker.frameQueueHasRoom();
    }
    if (this.#pending > 0) return;
    const listeners = this.#onIdle ?? [];
    this.#onIdle = undefined;
    for (const listen of listeners) listen();
  }
}
