// A bounded map that forgets what was used least lately. One that loads what it lacks: near-cache.ts.
//
// A cache of `max` entries takes the room of all of them when it is made: with a dozen of them a server held some
// ten megabytes, and its start took an eighth longer, before anything was kept. Counted as sizes they grow as they
// are used.

import { LRUCache } from 'lru-cache';

export function leastUsed<V extends object | number | true>(mostKept: number): LRUCache<string, V> {
  return new LRUCache({ maxSize: mostKept, sizeCalculation: () => 1 });
}
