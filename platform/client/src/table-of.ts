// Tables by names that others choose (ids of users and conversations), as snapshots show them. Whoever only
// keeps them uses a Map.

/**
 * Without a prototype: `constructor` and `__proto__` are names like any other, and what is not in it is
 * undefined.
 */
export function tableOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const table = Object.create(null) as Record<string, T>;
  for (const [name, value] of entries) table[name] = value;
  return table;
}
