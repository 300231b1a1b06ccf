// The one object that an application shows of the connection, and its listeners. Its content is decided
// elsewhere.
import { createSource } from './observable.ts';
import type { BelfrySnapshot, Unsubscribe } from './types.ts';

export interface SnapshotStore {
  get: () => BelfrySnapshot;
  /** A new object when something in it really changes. */
  set: (change: Partial<BelfrySnapshot>) => void;
  subscribe: (listener: () => void) => Unsubscribe;
  /** Whether the page's policy has the feature now. */
  hasFeature: (feature: string) => boolean;
}

export function createSnapshotStore(page: string, report: (error: unknown) => void): SnapshotStore {
  const initial: BelfrySnapshot = {
    status: 'closed',
    page,
    policy: undefined,
    connectionId: undefined,
    userId: undefined,
    attempt: 0,
    retryAt: undefined,
    lastClose: undefined,
    lastError: undefined,
    attended: false,
    syncSignal: 0,
  };
  const { snapshot: get, set, subscribe } = createSource(initial, report);
  return {
    get,
    set(change) {
      const now = get();
      const keys = Object.keys(change) as (keyof BelfrySnapshot)[];
      if (keys.some((key) => !Object.is(now[key], change[key]))) set({ ...now, ...change });
    },
    subscribe,
    hasFeature: (feature) => get().policy?.features.includes(feature) === true,
  };
}
