// The steps of a message in the order of time: for the axis and the table. Times count from its acceptance.
import type { Journey } from '#lib/api/shapes.ts';

export interface Step {
  /** The word is texts' (`step-words.ts`); of a push it is the reason. */
  what: string;
  afterMs: number;
  userId?: string;
  /** A page, or a provider. */
  where?: string;
}

export function stepsOf({ message, recipients }: Journey): Step[] {
  const zero = Date.parse(message.acceptedAt);
  const after = (at: string): number => Math.max(0, Date.parse(at) - zero);
  const steps: Step[] = [{ what: 'accepted', afterMs: 0 }];
  if (message.storedAt !== undefined) steps.push({ what: 'stored', afterMs: after(message.storedAt) });
  if (message.resolvedAt !== undefined) steps.push({ what: 'resolved', afterMs: after(message.resolvedAt) });
  for (const { userId, realtime, push } of recipients) {
    for (const { page, sentAt, ackedAt, reason } of realtime) {
      if (sentAt !== undefined) steps.push({ what: 'sent', afterMs: after(sentAt), userId, where: page });
      if (ackedAt !== undefined) steps.push({ what: reason, afterMs: after(ackedAt), userId, where: page });
    }
    for (const { provider, steps: own, attempts } of push) {
      for (const { at, reason } of own) steps.push({ what: reason, afterMs: after(at), userId, where: provider });
      for (const { at, outcome } of attempts) {
        steps.push({ what: `attempt_${outcome}`, afterMs: after(at), userId, where: provider });
      }
    }
  }
  // Stable: of one moment they stay in the order in which they follow from each other.
  return steps.sort((a, b) => a.afterMs - b.afterMs);
}

/** What the axis shows of them: the first of each sort that matters, and the last of all. */
export function milestonesOf(steps: readonly Step[]): { id: Milestone; afterMs: number }[] {
  const first = (fits: (step: Step) => boolean): number | undefined => steps.find(fits)?.afterMs;
  const found: [Milestone, number | undefined][] = [
    ['accepted', 0],
    ['stored', first(({ what }) => what === 'stored')],
    ['resolved', first(({ what }) => what === 'resolved')],
    ['sent', first(({ what }) => what === 'sent')],
    ['seen', first(({ what }) => what === 'acked')],
    ['push', first(({ what }) => what === 'queued' || what === 'quiet_hours_deferred')],
    ['attempt', first(({ what }) => what.startsWith('attempt_'))],
  ];
  const known = found.flatMap(([id, afterMs]) => (afterMs === undefined ? [] : [{ id, afterMs }]));
  const last = steps.at(-1)?.afterMs ?? 0;
  const isMore = known.every(({ afterMs }) => afterMs < last);
  const all: { id: Milestone; afterMs: number }[] = isMore ? [...known, { id: 'last', afterMs: last }] : known;
  return all.sort((a, b) => a.afterMs - b.afterMs);
}

export type Milestone = 'accepted' | 'stored' | 'resolved' | 'sent' | 'seen' | 'push' | 'attempt' | 'last';

/** From 0 to 1: a millisecond and an hour are both to be seen. */
export function placeOnAxis(afterMs: number, lastMs: number): number {
  if (lastMs <= 0) return 0;
  return Math.log1p(Math.max(0, afterMs)) / Math.log1p(lastMs);
}

/**
 * The same places, moved apart where their labels would lie upon each other: in order, at least `least` apart, and
 * within 0 to 1 as far as there is room.
 */
export function spread(places: readonly number[], least: number): number[] {
  const step = Math.min(least, places.length > 1 ? 1 / (places.length - 1) : 0);
  const moved: number[] = [];
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? -Infinity) + step));
  // Those that were pushed over the end push back.
  let most = 1;
  for (let at = moved.length - 1; at >= 0; at -= 1) {
    moved[at] = Math.min(moved[at] ?? 0, most);
    most = (moved[at] ?? 0) - step;
  }
  return moved;
}
