// `auth`: a fresh token for an open connection, of the same user.

import { BelfryError } from '@belfry/protocol';
import type { Registry } from '../sessions/registry.ts';
import { refusalOfPage } from '../sessions/page-rights.ts';
import type { TopicPresence } from '../sessions/topic-presence.ts';
import { dropForbiddenTopics } from '../sessions/topics.ts';
import type { VerifyToken } from '../tenancy/profiles.ts';
import type { Handler } from './command.ts';

export function createAuth(deps: {
  verify: VerifyToken;
  registry: Pick<Registry, 'unsubscribe'>;
  topicPresence: Pick<TopicPresence, 'changed'>;
}): Handler<'auth'> {
  return async (session, { token }) => {
    const verdict = await deps.verify(session.app, token);
    // The connection keeps the token it has: it ends when that one does.
    if (!verdict.ok)
      throw new BelfryError(verdict.code === 'token_expired' ? 'token_expired' : 'bad_token', { path: ['token'] });
    const { user } = verdict;
    if (user.userId !== session.userId)
      throw new BelfryError('forbidden', { message: 'The token is another user’s.', path: ['token'] });
    session.tokenExpiresAtMs = user.expiresAtMs;
    session.tokenIssuedAtMs = user.issuedAtMs;
    session.tokenTopics = user.topics ?? [];
    session.tokenPresenceTopics = user.presenceTopics ?? [];
    session.profile = { name: user.name, avatar: user.avatar, roles: user.roles };
    dropForbiddenTopics(deps.registry, session);
    await deps.topicPresence.changed(session);
    const answer = { userId: user.userId, expiresAt: new Date(user.expiresAtMs).toISOString() };
    const refusal = refusalOfPage(session.page.policy, { visitor: session.visitor, roles: user.roles });
    // Of a page that is off it is the policy's change, or the move, that ends the connection.
    if (refusal !== 'forbidden') return { answer };
    return { answer, after: () => session.outlet.close('page_disabled') };
  };
}
