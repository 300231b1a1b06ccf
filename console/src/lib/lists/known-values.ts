// Values of a filter as the rows that are here have them, for lists that nobody counted.

/** The most frequent first, as many as one can look through. */
export function valuesOf<R>(
  rows: readonly R[],
  of: (row: R) => string | undefined,
  words: (value: string, row: R) => string = (value) => value,
): { value: string; text: string }[] {
  const found = new Map<string, { count: number; row: R }>();
  for (const row of rows) {
    const value = of(row);
    if (value === undefined || value === '') continue;
    const known = found.get(value);
    if (known === undefined) found.set(value, { count: 1, row });
    else known.count += 1;
  }
  return [...found]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([value, { row }]) => ({ value, text: words(value, row) }));
}
