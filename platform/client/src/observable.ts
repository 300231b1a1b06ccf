// A value that does not change but is replaced, and its listeners. `useSyncExternalStore` and Svelte's stores
// are given it.
import { createListeners } from './listeners.ts';
import type { Unsubscribe } from './types.ts';

export interface Observable<T> {
  snapshot: () => T;
  /** Called after each replacement. */
  subscribe: (listener: () => void) => Unsubscribe;
}

export interface Source<T> extends Observable<T> {
  set: (value: T) => void;
}

export function createSource<T>(first: T, report: (error: unknown) => void): Source<T> {
  const listeners = createListeners<undefined>(report);
  let value = first;
  return {
    snapshot: () => value,
    set(next) {
      value = next;
      listeners.emit(undefined);
    },
    subscribe: listeners.add,
  };
}
