// `heartbeat`: the client is there, and says whether somebody looks and sits there. The gateway records that
// it was heard.

import type { Clock } from '../ports/clock.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export function createHeartbeat(deps: {
  sessions: Pick<Sessions, 'setAttention'>;
  clock: Clock;
}): Handler<'heartbeat'> {
  return async (session, said) => {
    deps.sessions.setAttention(session, said);
    return { answer: { serverTime: new Date(deps.clock.now()).toISOString() } };
  };
}
