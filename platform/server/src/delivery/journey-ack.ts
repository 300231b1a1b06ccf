// What an acknowledgement says about messages. Gathering and storing acknowledgements is sessions/acks.ts.

import type { AckedRange } from '../ports/facts.ts';
import type { Session } from '../sessions/session.ts';
import { stateOf } from './session-state.ts';

/**
 * An acknowledgement is cumulative from the stream's beginning; what it says begins where the connection did,
 * since a connection that resumed never had what came before. Such a connection got events from the log, so
 * the plans of their broadcasts don't know it: device type and page come along.
 */
export function sinceResumed(range: AckedRange, session: Session | undefined): AckedRange {
  const after = session === undefined ? undefined : stateOf(session).resumedAfter?.get(range.stream);
  if (session === undefined || after === undefined) return range;
  const { device, page } = session;
  return { ...range, from: Math.max(range.from, after + 1), deviceType: device.type, page: page.path };
}
