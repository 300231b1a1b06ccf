// Whether something grows: the slope of a list of samples, robust against a few outliers.
import { median } from './statistics.ts';

export interface Sample {
  atMs: number;
  value: number;
}

/**
 * The median of the slopes between any two samples (Theil and Sen), as a share of the median value, per hour.
 * NaN for less than two.
 */
export function growthPerHour(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((one, index) =>
    samples.slice(index + 1).map((other) => (other.value - one.value) / (other.atMs - one.atMs)),
  );
  return (median(slopes) * 3_600_000) / median(samples.map(({ value }) => value));
}
