// `page`: a single-page app moved. The new page's policy takes effect, or the client is told that the page has no WebSocket.

import { BelfryError, toWirePolicy } from '@belfry/protocol';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';
import type { PageSets } from './connect.ts';

export function createPage(deps: { pages: PageSets; sessions: Pick<Sessions, 'moved'> }): Handler<'page'> {
  const { pages, sessions } = deps;
  return async (session, { page: path }) => {
    const page = (await pages.set(session.app)).resolve(path);
    if (session.visitor && page.policy.enabled && page.policy.requireAuth)
      throw new BelfryError('unauthorized', { path: ['page'] });
    await sessions.moved(session, page);
    return { page: toWirePolicy(page.policy) };
  };
}
