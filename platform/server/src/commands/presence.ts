// `presence`: which of these users are online, now and (with `watch`) from now on.

import { BelfryError } from '@belfry/protocol';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export function createPresenceCommand(deps: {
  sessions: Pick<Sessions, 'watch' | 'presenceOf'>;
  maxIds: number;
}): Handler<'presence'> {
  const { sessions, maxIds } = deps;
  return async (session, { userIds, watch }) => {
    if (userIds.length > maxIds) throw new BelfryError('too_many', { path: ['userIds'] });
    // Watched first, so that no change between the answer and the first event is missed.
    if (watch !== undefined) sessions.watch(session, userIds, watch);
    return { answer: { states: await sessions.presenceOf(session.app, userIds) } };
  };
}
