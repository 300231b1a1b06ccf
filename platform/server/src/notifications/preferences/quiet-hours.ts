// Until when quiet hours last, if it is within them, whatever the clocks of the zone do in between. What that
// means for a push: check-preferences.ts.
import type { QuietHours } from '@belfry/protocol';
import { LRUCache } from 'lru-cache';
import { createZonedTime } from './zoned-time.ts';
import type { ZonedTime } from './zoned-time.ts';

/**
 * The end of the quiet hours that the instant is within, ms since the epoch; undefined outside of them. A
 * pure function of its arguments.
 */
export type QuietUntil = (quietHours: QuietHours, atMs: number) => number | undefined;

interface Interval {
  start: number;
  end: number;
}

/** A span of time in which the answer is the same. */
interface Piece extends Interval {
  until: number | undefined;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** There are some 600 zones, with their other names. */
const mostZones = 1000;
/** Different quiet hours that users have set: most set the same few. */
const mostPieces = 10_000;

/** Remembers what costs time, never what changes an answer. */
export function createQuietUntil(): QuietUntil {
  const zones = new LRUCache<string, ZonedTime>({ max: mostZones });
  const pieces = new LRUCache<string, Piece>({ max: mostPieces });

  return (quietHours, atMs) => {
    const { from, to, timeZone } = quietHours;
    const key = `${from} ${to} ${timeZone}`;
    const known = pieces.get(key);
    if (known !== undefined && known.start <= atMs && atMs < known.end) return known.until;
    const zone = zones.get(timeZone) ?? createZonedTime(timeZone);
    zones.set(timeZone, zone);
    const piece = pieceAt(zone, quietHours, atMs);
    pieces.set(key, piece);
    return piece.until;
  };
}

/**
 * Each local date has one interval: it begins when the clocks show `from` for the first time and ends when
 * they show `to` for the last time, so that clocks put back within it lengthen it and don't cut it in two. A
 * time that is skipped is where the clocks jump.
 */
function pieceAt(zone: ZonedTime, quietHours: QuietHours, atMs: number): Piece {
  const local = atMs + zone.offsetMs(atMs);
  const today = Math.floor(local / day) * day;
  const intervals = joined([-2, -1, 0, 1, 2].map((days) => intervalOf(zone, quietHours, today + days * day)));
  const within = intervals.find(({ start, end }) => start <= atMs && atMs < end);
  if (within !== undefined) return { ...within, until: within.end };
  // Two days either way there is always one that ended and one that is to come.
  const ended = intervals.filter(({ end }) => end <= atMs).map(({ end }) => end);
  const toCome = intervals.filter(({ start }) => start > atMs).map(({ start }) => start);
  return { start: Math.max(...ended), end: Math.min(...toCome), until: undefined };
}

function intervalOf(zone: ZonedTime, { from, to }: QuietHours, date: number): Interval {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const endDate = end < begin ? date + day : date;
  return { start: zone.instants(date + begin * minute).first, end: zone.instants(endDate + end * minute).last };
}

/** One night may begin before the other has ended, where clocks are put back over both times. */
function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of intervals) {
    const last = result.at(-1);
    if (last !== undefined && next.start <= last.end) last.end = Math.max(last.end, next.end);
    else result.push({ ...next });
  }
  return result;
}

/** `22:30` as minutes of the day. */
function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
