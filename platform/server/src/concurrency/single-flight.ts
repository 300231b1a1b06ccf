// One run of a task at a time, shared by all who ask for it meanwhile. Keeps no result: that is
// caching/near-cache.ts.

export class SingleFlight<T = void> {
  readonly #task: () => Promise<T>;
  #running: Promise<T> | undefined;
  /** Begins when `#running` has ended. */
  #next: Promise<T> | undefined;

  constructor(task: () => Promise<T>) {
    this.#task = task;
  }

  /** The run under way, or a new one: good enough where what it sees may be a moment old. */
  join(): Promise<T> {
    return this.#running ?? this.#next ?? this.#begin();
  }

  /**
   * A run that begins after this call, so that it sees all that was done before; shared by all who ask while
   * one is under way.
   */
  fresh(): Promise<T> {
    // One that waits is about to begin: the run before it has ended, and who waited for that may ask before
    // it.
    if (this.#running === undefined) return this.#next ?? this.#begin();
    this.#next ??= this.#running.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  /** Resolves when no run is under way and none waits, however they ended. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await Promise.allSettled([this.#next ?? this.#running]);
  }

  #begin(): Promise<T> {
    this.#next = undefined;
    const run = this.#task().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}
