// `sync`: the client is not sure it has everything of these streams. It gets what is missing, as on
// `resume`.

import type { CatchUps } from '../delivery/catch-up.ts';
import type { Changes } from '../delivery/changes.ts';
import type { Handler } from './command.ts';

export function createSync(deps: {
  catchUps: Pick<CatchUps, 'prepare'>;
  changes: Pick<Changes, 'report'>;
}): Handler<'sync'> {
  return async (session, { streams, changedSince }) => {
    const { resumed, start } = await deps.catchUps.prepare(session, streams, 'sync');
    return {
      answer: { resumed },
      after() {
        start();
        if (changedSince !== undefined) void deps.changes.report(session, streams, Date.parse(changedSince));
      },
    };
  };
}
