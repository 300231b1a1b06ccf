// What a scenario is: a name, what it measures, what it should reach, and a run that gives figures. The scenarios themselves are in scenarios/.
import type { Bench } from './bench.ts';

/** One thing that was measured, once a round. */
export interface Figure {
  /** Whose, where there is more than one. */
  of: string;
  what: string;
  unit: string;
  values: readonly number[];
}

/** Something that should be so. */
export interface Reach {
  what: string;
  value: number;
  /** The value should be at most, or at least, this. */
  bound: { most: number } | { least: number };
  unit: string;
}

export interface Result {
  figures: readonly Figure[];
  reaches: readonly Reach[];
  /** What a reader must know of this run to judge it. */
  notes?: readonly string[];
}

export interface Scenario {
  name: string;
  about: string;
  run(bench: Bench): Promise<Result>;
}

export function isReached({ value, bound }: Reach): boolean {
  return 'most' in bound ? value <= bound.most : value >= bound.least;
}
