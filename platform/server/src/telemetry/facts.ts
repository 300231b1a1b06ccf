// Carries facts from where they happen to those that listen in this process: queued, in batches, off the hot
// path. What they mean is the listeners' business.

import type { AppId } from '../ports/app-id.ts';
import type { Timer } from '../ports/clock.ts';
import type { Fact, FactListener, FactOf, Facts, FactSubscription, FactType } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';

interface InProcessFactsOptions {
  surroundings: Surroundings;
  /**
   * Longest that a fact waits for a listener that has time; 50 ms: a live view shows it at once, and a
   * thousand go in one batch.
   */
  maxDelayMs?: number;
  /** Facts that wait for one listener at most; 100,000, some 30 MB. */
  maxWaiting?: number;
}

export class InProcessFacts implements Facts {
  readonly #surroundings: Surroundings;
  readonly #maxDelayMs: number;
  readonly #maxWaiting: number;
  readonly #listeners = new Set<Queue>();
  /** Only types that somebody listens to. */
  readonly #byType = new Map<FactType, readonly Queue[]>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor({ surroundings, maxDelayMs = 50, maxWaiting = 100_000 }: InProcessFactsOptions) {
    this.#surroundings = surroundings;
    this.#maxDelayMs = maxDelayMs;
    this.#maxWaiting = maxWaiting;
  }

  record(app: AppId, fact: Fact): void {
    const listeners = this.#byType.get(fact.type);
    if (listeners === undefined || this.#isStopped) return;
    for (const listener of listeners) listener.take(app, fact);
    this.#arm();
  }

  wants(type: FactType): boolean {
    return this.#byType.has(type);
  }

  subscribe<T extends FactType>(name: string, types: readonly T[], listen: FactListener<T>): FactSubscription {
    const queue = new Queue({
      name,
      // Only facts of these types are put into this queue.
      listen: (app, facts) => listen(app, facts as readonly FactOf<T>[]),
      surroundings: this.#surroundings,
      maxWaiting: this.#maxWaiting,
    });
    this.#listeners.add(queue);
    for (const type of types) this.#byType.set(type, [...(this.#byType.get(type) ?? []), queue]);
    return {
      flush: () => queue.flush(),
      end: () => {
        this.#listeners.delete(queue);
        for (const type of types) this.#leave(type, queue);
        queue.end();
      },
    };
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.flush()));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.flush();
  }

  #leave(type: FactType, queue: Queue): void {
    const left = (this.#byType.get(type) ?? []).filter((each) => each !== queue);
    if (left.length > 0) this.#byType.set(type, left);
    else this.#byType.delete(type);
  }

  #arm(): void {
    this.#timer ??= this.#surroundings.clock.after(this.#maxDelayMs, () => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener.deliver();
      // A listener that is busy gets what came meanwhile the next time.
      if ([...this.#listeners].some((listener) => listener.isWaiting)) this.#arm();
    });
  }
}

interface QueueOptions {
  name: string;
  listen: (app: AppId, facts: readonly Fact[]) => void | Promise<void>;
  surroundings: Surroundings;
  maxWaiting: number;
}

/** The facts that wait for one listener. */
class Queue {
  readonly #options: QueueOptions;
  #waiting = new Map<AppId, Fact[]>();
  #count = 0;
  #running: Promise<void> | undefined;
  #isDropping = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get isWaiting(): boolean {
    return this.#count > 0;
  }

  take(app: AppId, fact: Fact): void {
    if (this.#count >= this.#options.maxWaiting) {
      this.#drop();
      return;
    }
    this.#count += 1;
    const facts = this.#waiting.get(app);
    if (facts === undefined) this.#waiting.set(app, [fact]);
    else facts.push(fact);
  }

  /** Hands over what waits, unless the listener is still at the batch before. */
  deliver(): void {
    if (this.#running !== undefined || this.#count === 0) return;
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#count = 0;
    this.#isDropping = false;
    this.#running = this.#handOver(batch).finally(() => (this.#running = undefined));
  }

  async flush(): Promise<void> {
    // The batch under way has left with what was recorded before it; what came since leaves with the next.
    await this.#running;
    this.deliver();
    await this.#running;
  }

  end(): void {
    this.#waiting = new Map();
    this.#count = 0;
  }

  async #handOver(batch: ReadonlyMap<AppId, readonly Fact[]>): Promise<void> {
    const { name, listen, surroundings } = this.#options;
    for (const [app, facts] of batch) {
      try {
        const done = listen(app, facts);
        if (done !== undefined) await done;
      } catch (err) {
        surroundings.log.error('a listener of facts failed', { listener: name, app, facts: facts.length, err });
      }
    }
  }

  #drop(): void {
    const { name, surroundings } = this.#options;
    surroundings.metrics.count('facts_dropped_total', [name]);
    // Once until the listener takes a batch again: a line a fact would be the next overload.
    if (!this.#isDropping) surroundings.log.warn('facts are dropped: a listener is too slow', { listener: name });
    this.#isDropping = true;
  }
}
