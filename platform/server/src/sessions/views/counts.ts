// How often something was, by name.

import type { ReasonFigure } from '../../ports/stores/index.ts';

export function add(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

/** `part`: how much of `more` is counted. */
export function addAll(counts: Map<string, number>, more: ReadonlyMap<string, number>, part = 1): void {
  for (const [name, count] of more) add(counts, name, count * part);
}

export function listOf(counts: ReadonlyMap<string, number>): ReasonFigure[] {
  return Array.from(counts, ([name, count]) => ({ name, count }));
}
