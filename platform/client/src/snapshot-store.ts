// The one object an application shows of the connection, and who is told when it changes. What is in it is decided elsewhere.
import { createListeners } from './listeners.ts';
import type { BelfrySnapshot, Unsubscribe } from './types.ts';

export interface SnapshotStore {
  get(): BelfrySnapshot;
  /** A new object when something in it really changes. */
  set(change: Partial<BelfrySnapshot>): void;
  subscribe(listener: () => void): Unsubscribe;
}

export function createSnapshotStore(initial: BelfrySnapshot, report: (error: unknown) => void): SnapshotStore {
  const listeners = createListeners<undefined>(report);
  let snapshot = initial;
  return {
    get: () => snapshot,
    set(change) {
      const keys = Object.keys(change) as (keyof BelfrySnapshot)[];
      if (keys.every((key) => Object.is(snapshot[key], change[key]))) return;
      snapshot = { ...snapshot, ...change };
      listeners.tell(undefined);
    },
    subscribe: (listener) => listeners.add(listener),
  };
}
