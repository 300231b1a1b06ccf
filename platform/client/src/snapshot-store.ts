// The one object an application shows of the connection, and who is told when it changes. What is in it is decided elsewhere.
import { createSource } from './observable.ts';
import type { BelfrySnapshot, Unsubscribe } from './types.ts';

export interface SnapshotStore {
  get: () => BelfrySnapshot;
  /** A new object when something in it really changes. */
  set: (change: Partial<BelfrySnapshot>) => void;
  subscribe: (listener: () => void) => Unsubscribe;
}

export function createSnapshotStore(initial: BelfrySnapshot, report: (error: unknown) => void): SnapshotStore {
  const { snapshot: get, set, subscribe } = createSource(initial, report);
  return {
    get,
    set(change) {
      const now = get();
      const keys = Object.keys(change) as (keyof BelfrySnapshot)[];
      if (keys.some((key) => !Object.is(now[key], change[key]))) set({ ...now, ...change });
    },
    subscribe,
  };
}
