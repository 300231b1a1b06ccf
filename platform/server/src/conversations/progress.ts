// How far the participants of a conversation are, as a few groups: where many are in it, nobody reads a row for each.
// Reads nothing.

import type { Cursor } from '../ports/stores/index.ts';

export const progressFields = ['delivered', 'seen', 'read', 'pushed'] as const;
export type ProgressField = (typeof progressFields)[number];

/** So many users are somewhere from `from` to `to`, both included. */
export interface ProgressGroup {
  from: number;
  to: number;
  users: number;
}

/** Between those at the head and those who are at no message. */
const mostBetween = 6;

/** The farthest first: those at the head, ranges of about as many users each, those who are nowhere. */
export function progressGroups(
  cursors: readonly Pick<Cursor, ProgressField>[],
  field: ProgressField,
  headSeq: number,
): ProgressGroup[] {
  const places = new Map<number, number>();
  for (const { [field]: seq } of cursors) {
    const place = Math.min(seq, headSeq);
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  const groupAt = (seq: number): ProgressGroup[] => {
    const users = places.get(seq) ?? 0;
    return users === 0 ? [] : [{ from: seq, to: seq, users }];
  };
  const between = [...places].filter(([seq]) => seq > 0 && seq < headSeq).toSorted(([a], [b]) => b - a);
  return [...(headSeq > 0 ? groupAt(headSeq) : []), ...inRanges(between), ...groupAt(0)];
}

/** `places`, with how many are at each, the farthest first. */
function inRanges(places: readonly (readonly [seq: number, users: number])[]): ProgressGroup[] {
  const all = places.reduce((sum, [, users]) => sum + users, 0);
  const groups: ProgressGroup[] = [];
  let before = 0;
  for (const [seq, users] of places) {
    const last = groups.at(-1);
    // A range is full when it and those before it have their share.
    const isFull = before * mostBetween >= all * groups.length;
    if (last === undefined || (isFull && groups.length < mostBetween)) groups.push({ from: seq, to: seq, users });
    else groups[groups.length - 1] = { from: seq, to: last.to, users: last.users + users };
    before += users;
  }
  return groups;
}
