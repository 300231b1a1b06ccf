// Between which places a window of a list lies that nobody has as a whole: from the places of some rows of each part.

import { firstIndex } from './first-index.ts';
import type { Marks } from './part.ts';
import type { Compare, Place } from './view-shape.ts';

/**
 * At most `from` rows stand before `first`, and at least as many as end the window before `end`; undefined: the window
 * begins with the first row, or ends with the last. A mark is the place of each so-manieth row of its part, so what
 * lies between two of them is not known and may be on either side.
 */
export function rangeOf(
  parts: Iterable<Marks>,
  window: { from: number; size: number },
  compare: Compare<Place>,
): { first: Place | undefined; end: Place | undefined } {
  const all = [...parts];
  const places = all.flatMap(({ marks }) => marks).sort(compare);
  const first = places.findLast((place) => sum(all, (part) => mostBefore(part, place, compare)) <= window.from);
  const wanted = window.from + window.size;
  const end = places.find((place) => sum(all, (part) => fewestBefore(part, place, compare)) >= wanted);
  return { first, end };
}

function mostBefore({ every, length, marks }: Marks, place: Place, compare: Compare<Place>): number {
  return Math.min(length, every * marksBefore(marks, place, compare));
}

function fewestBefore({ every, marks }: Marks, place: Place, compare: Compare<Place>): number {
  const before = marksBefore(marks, place, compare);
  return before === 0 ? 0 : every * (before - 1) + 1;
}

function marksBefore(marks: readonly Place[], place: Place, compare: Compare<Place>): number {
  return firstIndex(marks.length, (at) => {
    const mark = marks[at];
    return mark === undefined || compare(mark, place) >= 0;
  });
}

function sum(parts: readonly Marks[], of: (part: Marks) => number): number {
  return parts.reduce((all, part) => all + of(part), 0);
}
