// Functions that want to be told of something. An error of one reaches neither the others nor whoever tells.
import type { Unsubscribe } from './types.ts';

export interface Listeners<T> {
  /** The same function added twice is told twice, and taken away once at a time. */
  add: (call: (told: T) => void) => Unsubscribe;
  tell: (told: T) => void;
  clear: () => void;
}

export function createListeners<T>(report: (error: unknown) => void): Listeners<T> {
  const listeners = new Set<{ call: (told: T) => void }>();
  return {
    add(call) {
      const listener = { call };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(told) {
      for (const listener of [...listeners]) {
        try {
          listener.call(told);
        } catch (error) {
          report(error);
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
