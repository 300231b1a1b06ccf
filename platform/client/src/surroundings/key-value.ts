// Small things that last: in a storage as far as there is one, else as long as the page or process lives.
import type { KeyValue } from '../types.ts';

/** `open` gives the storage; it may be missing, forbidden (then asking for it throws) or full. */
export function createKeyValue(open: () => Storage | undefined): KeyValue {
  const memory = new Map<string, string>();
  const storage = attempt(open);
  return {
    get: (key) => memory.get(key) ?? attempt(() => storage?.getItem(key)) ?? null,
    set(key, value) {
      const isKept = attempt(() => (storage?.setItem(key, value), storage !== undefined)) ?? false;
      if (isKept) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      attempt(() => storage?.removeItem(key));
    },
  };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
