// `presence`: which of these users are online, now and (with `watch`) from now on. Users that
// a session may not hear of are answered like users who were never seen.

import { BelfryError, type PresenceState } from '@belfry/protocol';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export function createPresenceCommand(deps: {
  sessions: Pick<Sessions, 'watch' | 'presenceOf' | 'knownTo'>;
  maxIds: number;
}): Handler<'presence'> {
  const { sessions, maxIds } = deps;
  return async (session, { userIds, watch }) => {
    if (userIds.length > maxIds) throw new BelfryError('too_many', { path: ['userIds'] });
    const known = await sessions.knownTo(session, userIds);
    const asked = userIds.filter((userId) => known.has(userId));
    // Watched first, so that no change between the answer and the first event is missed.
    if (watch !== undefined) sessions.watch(session, watch ? asked : userIds, watch);
    const states = new Map((await sessions.presenceOf(session.app, asked)).map((state) => [state.userId, state]));
    return { answer: { states: userIds.map((userId) => states.get(userId) ?? neverSeen(userId)) } };
  };
}

function neverSeen(userId: string): PresenceState {
  return { userId, online: false, deviceTypes: [] };
}
