// What a chart shows, in three numbers: for those who hear it. Words are the chart's.
import type { Line } from './chart-paths.ts';

interface Summary {
  /** The newest that was measured. */
  now: number;
  low: { at: number; value: number };
  high: { at: number; value: number };
}

/** Undefined where nothing was measured. */
export function summaryOf(points: Line['points']): Summary | undefined {
  let found: Summary | undefined;
  for (const [at, value] of points) {
    if (value === null) continue;
    const here = { at, value };
    if (found === undefined) found = { now: value, low: here, high: here };
    else {
      found.now = value;
      if (value < found.low.value) found.low = here;
      if (value > found.high.value) found.high = here;
    }
  }
  return found;
}

/** Of parts of a whole, the whole; a moment at which a part was not measured has none. */
export function wholeOf(lines: readonly Line[]): Line['points'] {
  const [first, ...others] = lines;
  return (first?.points ?? []).map(([at, value], index) => {
    let sum = value;
    for (const { points } of others) {
      const more = points[index]?.[1] ?? null;
      sum = sum === null || more === null ? null : sum + more;
    }
    return [at, sum];
  });
}

/** Of a whole, moment by moment; where there is no whole there is no part. */
export function partOf(part: Line['points'], whole: Line['points']): Line['points'] {
  return part.map(([at, value], index) => {
    const all = whole[index]?.[1] ?? null;
    return [at, value === null || all === null || all === 0 ? null : value / all];
  });
}
