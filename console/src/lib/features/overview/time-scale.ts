// The time along a chart: where its marks stand, what lies in a part of it, and which part somebody drew.
import type { Line } from './chart-paths.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const steps = [
  ...[10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute],
  ...[hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day],
];

/** Those that the server tells, with their length in ms. */
export const ranges = { '15m': 15 * minute, '1h': hour, '6h': 6 * hour, '24h': day, '7d': 7 * day } as const;
export type Range = keyof typeof ranges;
export const rangeNames = Object.keys(ranges) as Range[];

/** Up to an hour it is of steps of ten seconds, and drawn anew as often. */
export function isShort(lengthMs: number): boolean {
  return lengthMs <= hour;
}

/**
 * Whole days, hours, minutes or seconds of the clock there that one reads easily; at most so many. `offsetMs`: what
 * that clock is ahead of UTC.
 */
export function timeMarks({ fromMs, toMs }: { fromMs: number; toMs: number }, most: number, offsetMs = 0): number[] {
  const step = steps.find((each) => (toMs - fromMs) / each <= most) ?? toMs - fromMs;
  const first = Math.ceil((fromMs + offsetMs) / step) * step - offsetMs;
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / step) + 1) }, (_, at) => first + at * step);
}

export function within(lines: readonly Line[], { fromMs, toMs }: { fromMs: number; toMs: number }): Line[] {
  return lines.map(({ name, points }) => ({ name, points: points.filter(([at]) => fromMs <= at && at <= toMs) }));
}

/** As if it had been so much later. */
export function shifted(lines: readonly Line[], byMs: number): Line[] {
  return lines.map(({ name, points }) => ({
    name,
    points: points.map(([at, value]) => [at + byMs, value] as const),
  }));
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
