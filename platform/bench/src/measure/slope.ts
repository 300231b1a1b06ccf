// Whether something grows: the slope of a list of samples, told so that a few wild ones do not matter.
import { median } from './statistics.ts';

export interface Sample {
  atMs: number;
  value: number;
}

/** The least of each stretch. Memory goes up and down with every collection; what it falls back to is what is held. */
export function floors(samples: readonly Sample[], stretchMs: number): Sample[] {
  const stretches = Map.groupBy(samples, ({ atMs }) => Math.floor(atMs / stretchMs));
  return [...stretches.values()].map((stretch) =>
    stretch.reduce((lowest, sample) => (sample.value < lowest.value ? sample : lowest)),
  );
}

/** The median of the slopes between any two samples (Theil and Sen), as a share of the median value, per hour. NaN for less than two. */
export function growthPerHour(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((one, index) =>
    samples.slice(index + 1).map((other) => (other.value - one.value) / (other.atMs - one.atMs)),
  );
  return (median(slopes) * 3_600_000) / median(samples.map(({ value }) => value));
}
