// The time along a chart: where its marks stand, what lies in a part of it, and which part somebody drew.
import type { Line } from './chart-paths.ts';

const steps = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000];

/** Whole minutes, or seconds, that one reads easily; at most so many. */
export function timeMarks({ fromMs, toMs }: { fromMs: number; toMs: number }, most: number): number[] {
  const step = steps.find((each) => (toMs - fromMs) / each <= most) ?? toMs - fromMs;
  const first = Math.ceil(fromMs / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / step) + 1) }, (_, at) => first + at * step);
}

export function within(lines: readonly Line[], { fromMs, toMs }: { fromMs: number; toMs: number }): Line[] {
  return lines.map(({ name, points }) => ({ name, points: points.filter(([at]) => fromMs <= at && at <= toMs) }));
}

interface Drawn {
  /** Of the width. */
  fromShare: number;
  toShare: number;
}

/** Undefined for a click, and for less than a few steps: in it nothing more would be seen. */
export function drawnPart(
  { fromShare, toShare }: Drawn,
  whole: { fromMs: number; toMs: number; leastMs: number },
): { fromMs: number; toMs: number } | undefined {
  const inside = (share: number): number => Math.min(1, Math.max(0, share));
  const [a, b] = [inside(Math.min(fromShare, toShare)), inside(Math.max(fromShare, toShare))];
  const at = (share: number): number => Math.round(whole.fromMs + share * (whole.toMs - whole.fromMs));
  const part = { fromMs: at(a), toMs: at(b) };
  return part.toMs - part.fromMs < whole.leastMs ? undefined : part;
}

/** `from` and `to` of an address. */
export function partOfAddress(query: Pick<URLSearchParams, 'get'>): { fromMs: number; toMs: number } | undefined {
  const [fromMs, toMs] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
  return Number.isNaN(fromMs) || Number.isNaN(toMs) || toMs <= fromMs ? undefined : { fromMs, toMs };
}
