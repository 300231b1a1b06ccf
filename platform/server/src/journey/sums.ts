// What became of a broadcast in few numbers: of how many people somebody saw it, a push was taken, withheld or
// failed; and whether it is at its end. The reasons one by one: fold.ts.

import { reasonsThatAre, type PushReason, type RealtimeReason, type Reason, type ReasonCounts } from '@belfry/protocol';
import type { JourneySums } from '../ports/stores/index.ts';

/** `moving`: a push is under way. `failed`: all came to its end, and something went wrong. `done`: nothing did. */
export const journeyStates = ['moving', 'failed', 'done'] as const;
export type JourneyState = (typeof journeyStates)[number];

export const openReasons = reasonsThatAre('open');
export const failedReasons = reasonsThatAre('failed');

/** Deliberate withholding is no failure. A push that was not needed is none of these. */
const groups: Readonly<Record<keyof JourneySums, ReadonlySet<Reason>>> = {
  seen: new Set<RealtimeReason>(['acked']),
  pushed: new Set<PushReason>(['accepted_by_provider', 'delivered', 'opened']),
  withheld: new Set(reasonsThatAre('withheld')),
  failed: new Set(failedReasons),
};
const names = ['seen', 'pushed', 'withheld', 'failed'] as const;

interface Person {
  realtime: readonly { reason: RealtimeReason }[];
  push: readonly { reason: PushReason }[];
  pushReason?: PushReason | undefined;
}

/** Each person counts once for each. */
export function sumsOfPeople(people: Iterable<Person>): JourneySums {
  const sums = { seen: 0, pushed: 0, withheld: 0, failed: 0 };
  for (const { realtime, push, pushReason } of people) {
    for (const name of names) {
      const group = groups[name];
      const isOne = (each: { reason: Reason }): boolean => group.has(each.reason);
      if (realtime.some(isOne) || push.some(isOne) || (pushReason !== undefined && group.has(pushReason))) {
        sums[name] += 1;
      }
    }
  }
  return sums;
}

/** Where nobody is known by name: connections and devices, of which a person may have several. */
export function sumsOfCounts(counts: ReasonCounts, recipients: number): JourneySums {
  const sum = (group: ReadonlySet<Reason>): number => {
    let total = 0;
    for (const reason of group) total += counts[reason] ?? 0;
    return Math.min(total, recipients);
  };
  return {
    ...{ seen: sum(groups.seen), pushed: sum(groups.pushed) },
    ...{ withheld: sum(groups.withheld), failed: sum(groups.failed) },
  };
}

export function stateOf(counts: ReasonCounts): JourneyState {
  const has = (reasons: readonly Reason[]): boolean => reasons.some((reason) => (counts[reason] ?? 0) > 0);
  if (has(openReasons)) return 'moving';
  return has(failedReasons) ? 'failed' : 'done';
}
