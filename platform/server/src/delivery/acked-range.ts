// What of an acknowledgement concerns a message's journey: a connection that resumed never had what came before, others only what they were told live.

import type { DeviceType } from '@belfry/protocol';
import type { AckedRange } from '../sessions/acks.ts';
import type { Session } from '../sessions/session.ts';
import { stateOf } from './session-state.ts';

export interface JourneyAck extends AckedRange {
  /** Only of a connection that got the events from the log: the plans of their broadcasts don't know it. */
  deviceType?: DeviceType;
  page?: string;
}

/** An acknowledgement is cumulative from the stream's beginning; its journey begins where the connection did. */
export function journeyAck(range: AckedRange, session: Session | undefined): JourneyAck {
  const after = session === undefined ? undefined : stateOf(session).resumedAfter?.get(range.stream);
  if (session === undefined || after === undefined) return range;
  const { device, page } = session;
  return { ...range, from: Math.max(range.from, after + 1), deviceType: device.type, page: page.path };
}
