// A scenario: a name, the figures it measures, its targets, and a run. The scenarios themselves are in
// scenarios/.
import type { Bench } from './bench.ts';

/** One thing that was measured, once a round. */
export interface Figure {
  /** The contender, where there is more than one. */
  of: string;
  what: string;
  unit: string;
  values: readonly number[];
}

/** A target: a value that should be at most or at least so much. */
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
  /** Facts about this run that a reader must know. */
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
