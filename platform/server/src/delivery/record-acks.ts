// Records acknowledgements as facts, a fact an app and flush, cut to what each connection was given. Storing
// them is sessions/acks.ts.

import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type { AckedRange } from '../ports/message-facts.ts';
import type { Acks } from '../sessions/acks.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import { stateOf } from './session-state.ts';

export function recordAcks(deps: {
  acks: Pick<Acks, 'onAcked'>;
  registry: Pick<Registry, 'byId'>;
  clock: Pick<Clock, 'now'>;
  facts: Pick<Facts, 'record' | 'wants'>;
}): void {
  const { acks, registry, clock, facts } = deps;
  acks.onAcked((app, ranges) => {
    if (!facts.wants('message.acked')) return;
    const acked = ranges.map((range) => sinceResumed(range, registry.byId(range.connectionId)));
    facts.record(app, { type: 'message.acked', atMs: clock.now(), acked });
  });
}

/**
 * An acknowledgement is cumulative from the stream's beginning; what it says begins where the connection did.
 * One that resumed never had what came before, and the broadcasts of what it missed do not know it.
 */
function sinceResumed(range: AckedRange, session: Session | undefined): AckedRange {
  const after = session === undefined ? undefined : stateOf(session).resumedAfter?.get(range.stream);
  if (session === undefined || after === undefined) return range;
  const { device, page } = session;
  return { ...range, from: Math.max(range.from, after + 1), deviceType: device.type, page: page.path };
}
