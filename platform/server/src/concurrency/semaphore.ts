// Lets a bounded number of tasks run at once and refuses those that would wait beyond a bound. Does not
// remember what it refused.

export class Semaphore {
  readonly #mostRunning: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #idlers: (() => void)[] = [];

  constructor({ running, waiting }: { running: number; waiting: number }) {
    this.#mostRunning = running;
    this.#mostWaiting = waiting;
  }

  /**
   * False when too many wait already; then nothing was done. A task's failure is its own affair: it may not
   * reject.
   */
  enter(task: () => Promise<void>): boolean {
    if (this.#waiting.length >= this.#mostWaiting) return false;
    this.#waiting.push(task);
    this.#begin();
    return true;
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => void this.#idlers.push(resolve));
  }

  #begin(): void {
    while (this.#running < this.#mostRunning) {
      const task = this.#waiting.shift();
      if (task === undefined) break;
      this.#running += 1;
      void task().finally(() => {
        this.#running -= 1;
        this.#begin();
      });
    }
    if (this.#running > 0) return;
    for (const resolve of this.#idlers.splice(0)) resolve();
  }
}
