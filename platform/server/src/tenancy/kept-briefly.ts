// A bounded memory of what a store said, each answer for a short while. The store is the truth; a change told over the bus drops the answer sooner.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../ports/clock.ts';

export interface KeptBriefly<V> {
  /** What is remembered, or else what `load` says; calls for one key at the same time share one load. */
  get(key: string, load: () => Promise<V>): Promise<V>;
  drop(key: string): void;
  /** Drops every answer that the test says yes to. */
  dropWhere(test: (value: V) => boolean): void;
  clear(): void;
}

interface Entry<V> {
  value: Promise<V>;
  settled: V | undefined;
  /** Monotonic. */
  untilMs: number;
}

/** `keepMs` may depend on the answer: that nothing is there is worth remembering for less. */
export function keptBriefly<V>(options: {
  clock: Pick<Clock, 'monotonic'>;
  max: number;
  keepMs: (value: V) => number;
}): KeptBriefly<V> {
  const { clock, max, keepMs } = options;
  const entries = new LRUCache<string, Entry<V>>({ max });

  return {
    get(key, load) {
      const known = entries.get(key);
      if (known !== undefined && clock.monotonic() < known.untilMs) return known.value;
      const entry: Entry<V> = { value: load(), settled: undefined, untilMs: Number.POSITIVE_INFINITY };
      entries.set(key, entry);
      entry.value.then(
        (value) => {
          entry.settled = value;
          entry.untilMs = clock.monotonic() + keepMs(value);
        },
        // A failed load is nobody's answer: the next call asks anew. Whoever waits for this one sees the failure.
        () => {
          if (entries.peek(key) === entry) entries.delete(key);
        },
      );
      return entry.value;
    },
    drop: (key) => void entries.delete(key),
    dropWhere(test) {
      for (const [key, entry] of entries.entries()) {
        // One that is still loading may be loading what was there before the change.
        if (entry.settled === undefined || test(entry.settled)) entries.delete(key);
      }
    },
    clear: () => entries.clear(),
  };
}
