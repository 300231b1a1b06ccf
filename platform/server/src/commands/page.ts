// `page`: a single-page app moved. The new page's policy takes effect, or the client learns that the page
// has no WebSocket.

import { BelfryError, toWirePolicy } from '@belfry/protocol';
import type { Pages } from '../pages/pages.ts';
import type { Clock } from '../ports/clock.ts';
import { refusalOfPage } from '../sessions/page-rights.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

/**
 * A client that learnt that its page has no WebSocket closes by itself; a client that does not is closed this
 * much later.
 */
const closeAfterMs = 5000;

export function createPage(deps: {
  pages: Pick<Pages, 'set'>;
  sessions: Pick<Sessions, 'moved' | 'setAttention'>;
  clock: Pick<Clock, 'after'>;
}): Handler<'page'> {
  const { pages, sessions, clock } = deps;
  return async (session, { page: path, ...said }) => {
    const page = (await pages.set(session.app)).resolve(path);
    const refusal = refusalOfPage(page.policy, { visitor: session.visitor, roles: session.profile.roles });
    if (refusal === 'unauthorized' || refusal === 'forbidden') throw new BelfryError(refusal, { path: ['page'] });
    await sessions.moved(session, page);
    sessions.setAttention(session, said);
    const answer = { page: toWirePolicy(page.policy) };
    if (page.policy.enabled) return { answer };
    return {
      answer,
      after() {
        clock.after(closeAfterMs, () => {
          if (session.page === page) session.outlet.close('page_disabled');
        });
      },
    };
  };
}
