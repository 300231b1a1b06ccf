// What people look at, by the topic on which they hear that it changed: for a while after they last asked, bounded, and
// reported so often at most. What a change is, and who may hear it: the owner's.

import type { Clock, Timer } from '../ports/clock.ts';

interface WatchedTopicsOptions<W> {
  clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Who looks longer asks again. */
  watchedForMs: number;
  /** Reported so often at most. */
  everyMs: number;
  /** For one more the oldest goes. */
  most: number;
  report: (topic: string, watched: W) => void;
}

interface Entry<W> {
  watched: W;
  untilMs: number;
  timer: Timer | undefined;
}

/** Other nodes hear of one topic so often at most. */
const toldAgainAfterMs = 60_000;

export class WatchedTopics<W> {
  readonly #options: WatchedTopicsOptions<W>;
  readonly #entries = new Map<string, Entry<W>>();

  constructor(options: WatchedTopicsOptions<W>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** From now on for `watchedForMs`. `isNews`: other nodes are to be told. */
  add(topic: string, watched: W): { isNews: boolean } {
    const { clock, watchedForMs, most } = this.#options;
    const known = this.#entries.get(topic);
    // Those asked for last are the last to go.
    this.#entries.delete(topic);
    const untilMs = clock.monotonic() + watchedForMs;
    this.#entries.set(topic, { watched, untilMs, timer: known?.timer });
    const [oldest] = this.#entries;
    if (this.#entries.size > most && oldest !== undefined) this.#forget(oldest[0]);
    return { isNews: known === undefined || untilMs - known.untilMs > toldAgainAfterMs };
  }

  get(topic: string): W | undefined {
    return this.#entries.get(topic)?.watched;
  }

  /** Those that are still looked at. */
  *[Symbol.iterator](): Generator<[topic: string, watched: W]> {
    const nowMs = this.#options.clock.monotonic();
    for (const [topic, { watched, untilMs }] of this.#entries) {
      if (untilMs < nowMs) this.#forget(topic);
      else yield [topic, watched];
    }
  }

  changed(topic: string): void {
    const entry = this.#entries.get(topic);
    if (entry === undefined) return;
    const { clock, everyMs, report } = this.#options;
    entry.timer ??= clock.after(everyMs, () => {
      const now = this.#entries.get(topic);
      if (now === undefined) return;
      now.timer = undefined;
      report(topic, now.watched);
    });
  }

  clear(): void {
    for (const { timer } of this.#entries.values()) timer?.cancel();
    this.#entries.clear();
  }

  #forget(topic: string): void {
    this.#entries.get(topic)?.timer?.cancel();
    this.#entries.delete(topic);
  }
}
