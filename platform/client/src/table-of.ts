// Tables by names that others choose (ids of users and conversations), as snapshots show them. Whoever only
// keeps them uses a Map.

/**
 * Without a prototype: `constructor` and `__proto__` are names like any other, and what is not in it is
 * undefined. Made by `tableOf` alone.
 */
export interface Table<T> {
  readonly [name: string]: T;
}

export function tableOf<T>(entries: Iterable<readonly [string, T]>): Table<T> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null) as Table<T>;
}
