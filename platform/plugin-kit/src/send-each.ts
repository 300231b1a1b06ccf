// Sends deliveries one by one after all, where a service refuses a call for many and does not say because of which.
import type { Delivery } from './delivery.ts';
import type { Outcome } from './outcome.ts';

/** So many calls side by side: all of them have to end within the time of one call of `sendMany`. */
const atOnce = 16;

/** The outcome of each, in order. `send` must not throw, as everywhere. */
export async function sendEach<Target>(
  deliveries: readonly Delivery<Target>[],
  send: (delivery: Delivery<Target>) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < deliveries.length; from += atOnce)
    outcomes.push(...(await Promise.all(deliveries.slice(from, from + atOnce).map(send))));
  return outcomes;
}
