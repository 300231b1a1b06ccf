// `heartbeat`: the client is there, and says whether somebody looks. That it was heard at all is noted by the gateway.

import type { Clock } from '../ports/clock.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export function createHeartbeat(deps: { sessions: Pick<Sessions, 'setVisible'>; clock: Clock }): Handler<'heartbeat'> {
  return (session, { visible }) => {
    if (visible !== undefined) deps.sessions.setVisible(session, visible);
    return Promise.resolve({ serverTime: new Date(deps.clock.now()).toISOString() });
  };
}
