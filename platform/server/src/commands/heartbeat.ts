// `heartbeat`: the client is there, and says whether somebody looks. The gateway records that it was heard.

import type { Clock } from '../ports/clock.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export function createHeartbeat(deps: { sessions: Pick<Sessions, 'setVisible'>; clock: Clock }): Handler<'heartbeat'> {
  return async (session, { visible }) => {
    if (visible !== undefined) deps.sessions.setVisible(session, visible);
    return { answer: { serverTime: new Date(deps.clock.now()).toISOString() } };
  };
}
