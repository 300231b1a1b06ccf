// Takes away what the console no longer needs: sessions and links that have expired, and entries of the audit
// that are over their time. How long each is good is said where it is made.

import type { Stores } from '../ports/stores/index.ts';
import { pruneInParts } from './prune-in-parts.ts';
import { Round, type RoundDeps } from './round.ts';

const everyMs = 3_600_000;
/** Entries of the audit are kept for 400 days, so that a year can be compared with the one before. */
const keepAuditMs = 400 * 24 * 60 * 60_000;

export interface ConsoleTidyingDeps extends RoundDeps {
  stores: { [S in 'consoleSessions' | 'accountLinks' | 'audit']: Pick<Stores[S], 'prune'> };
}

/** The round ends after the delete it is at. */
export function createConsoleTidying(deps: ConsoleTidyingDeps): Round {
  const { stores, surroundings } = deps;
  return new Round(
    {
      name: 'console tidying',
      everyMs,
      trouble: 'old sessions of the console could not be deleted',
      async run(mayGoOn) {
        const now = surroundings.clock.now();
        await pruneInParts((limit) => stores.consoleSessions.prune(now, limit), mayGoOn);
        await pruneInParts((limit) => stores.accountLinks.prune(now, limit), mayGoOn);
        await pruneInParts((limit) => stores.audit.prune(now - keepAuditMs, limit), mayGoOn);
      },
    },
    deps,
  );
}
