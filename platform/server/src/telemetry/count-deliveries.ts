// Counts decisions by reason, as a listener of facts: nothing is counted on the way of a message. Not how
// counts are exposed: metrics.ts.

import type { FactOf, Facts, FactSubscription } from '../ports/facts.ts';
import { pushFactTypes } from '../ports/message-facts.ts';
import type { Metrics } from '../ports/metrics.ts';

const counted = ['message.sent', ...pushFactTypes] as const;

export function countDeliveries(facts: Pick<Facts, 'subscribe'>, metrics: Metrics): FactSubscription {
  const subscription = facts.subscribe('deliveries', counted, (_app, batch) => {
    for (const [reason, count] of countReasons(batch)) metrics.count('deliveries_total', [reason], count);
  });
  // A scrape has all that happened before it.
  metrics.onCollect(() => subscription.flush());
  return subscription;
}

function countReasons(facts: readonly FactOf<(typeof counted)[number]>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (reason: string, by: number): void => void counts.set(reason, (counts.get(reason) ?? 0) + by);
  for (const fact of facts) {
    if (fact.type !== 'message.sent') add(fact.reason, 1);
    else for (const [reason, count] of Object.entries(fact.counts)) add(reason, count);
  }
  return counts;
}
