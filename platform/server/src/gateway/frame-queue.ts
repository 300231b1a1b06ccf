// Takes one client's frames in order: the next begins when the one before was accepted or is done. What a frame does is not its business.

/** Frames of one client that wait or run; above it its socket is not read. Not a limit a client can break, so it has no variable. */
const pauseAt = 64;
const resumeAt = 32;

interface FrameQueueDeps<T> {
  /** Must not reject. `accepted` lets the next frame begin before this one is done. */
  run: (frame: T, accepted: () => void) => Promise<void>;
  onFull: () => void;
  onRoom: () => void;
}

export class FrameQueue<T> {
  readonly #deps: FrameQueueDeps<T>;
  readonly #waiting: T[] = [];
  #running = 0;
  #isBlocked = false;
  #isFull = false;
  #onIdle: (() => void)[] = [];

  constructor(deps: FrameQueueDeps<T>) {
    this.#deps = deps;
  }

  push(frame: T): void {
    this.#waiting.push(frame);
    this.#next();
    if (!this.#isFull && this.#pending >= pauseAt) {
      this.#isFull = true;
      this.#deps.onFull();
    }
  }

  /** A frame that was pushed now would begin at once. */
  get isClear(): boolean {
    return !this.#isBlocked && this.#waiting.length === 0;
  }

  /** What waits will not run. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    if (this.#pending === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  get #pending(): number {
    return this.#waiting.length + this.#running;
  }

  #next(): void {
    if (this.#isBlocked) return;
    const frame = this.#waiting.shift();
    if (frame === undefined) return;
    this.#isBlocked = true;
    this.#running += 1;
    let isAccepted = false;
    const accept = (): void => {
      if (isAccepted) return;
      isAccepted = true;
      this.#isBlocked = false;
      this.#next();
    };
    void this.#deps.run(frame, accept).finally(() => {
      this.#running -= 1;
      accept();
      this.#settle();
    });
  }

  #settle(): void {
    if (this.#isFull && this.#pending < resumeAt) {
      this.#isFull = false;
      this.#deps.onRoom();
    }
    if (this.#pending > 0) return;
    const listeners = this.#onIdle;
    this.#onIdle = [];
    for (const listen of listeners) listen();
  }
}
