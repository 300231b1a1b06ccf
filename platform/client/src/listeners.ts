// Functions that are called when something happens. An error of one reaches neither the others nor the
// caller.
import type { Unsubscribe } from './types.ts';

export interface Listeners<T> {
  /** The same function added twice is called twice, and taken away once at a time. */
  add: (call: (value: T) => void) => Unsubscribe;
  emit: (value: T) => void;
  clear: () => void;
}

export function createListeners<T>(report: (error: unknown) => void): Listeners<T> {
  const listeners = new Set<{ call: (value: T) => void }>();
  return {
    add(call) {
      const listener = { call };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) {
        try {
          listener.call(value);
        } catch (error) {
          report(error);
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
