// A value that does not change but is replaced, and who is told of it. What `useSyncExternalStore` and Svelte's stores are given.
import type { Unsubscribe } from './types.ts';

export interface Observable<T> {
  snapshot: () => T;
  /** Called after each replacement. */
  subscribe: (listener: () => void) => Unsubscribe;
}

export interface Source<T> extends Observable<T> {
  set: (value: T) => void;
}

// Not listeners.ts: shared with the core it would be a file of its own, and every page would load one more.
export function createSource<T>(first: T, report: (error: unknown) => void): Source<T> {
  const listeners = new Set<{ call: () => void }>();
  let value = first;
  return {
    snapshot: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) {
        try {
          listener.call();
        } catch (error) {
          report(error);
        }
      }
    },
    subscribe(call) {
      const listener = { call };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
