// What differs between a row and the same row later, and back: a field that is null is gone.

import type { ViewNumbers, ViewRow } from './view-shape.ts';

export function haveSameNumbers(numbers: ViewNumbers, said: ViewNumbers | undefined): boolean {
  if (numbers.total !== said?.total || numbers.fresh !== said.fresh) return false;
  return numbers.people === said.people && numbers.strangers === said.strangers;
}

export function fieldsOf(row: ViewRow): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row));
}

export function differing<R extends ViewRow>(had: R, row: R): Record<string, unknown> {
  const [was, is] = [new Map(Object.entries(had)), new Map(Object.entries(row))];
  const changed = [...is].filter(([field, value]) => was.get(field) !== value);
  const taken = [...was.keys()].filter((field) => !is.has(field)).map((field) => [field, null] as const);
  return Object.fromEntries([...changed, ...taken]);
}

/** What a node puts is a row, whole or changed. */
export function changedRow<R extends ViewRow>(row: R | undefined, change: Record<string, unknown>): R {
  const fields = Object.entries<unknown>({ ...row, ...change }).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as unknown as R;
}
