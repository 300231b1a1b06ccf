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

export class ConsoleTidying {
  readonly #deps: ConsoleTidyingDeps;
  readonly #round: Round;

  constructor(deps: ConsoleTidyingDeps) {
    this.#deps = deps;
    this.#round = new Round({ name: 'console tidying', everyMs, run: (mayGoOn) => this.#run(mayGoOn) }, deps);
  }

  async start(): Promise<void> {
    await this.#round.start();
  }

  /** Resolves when a round that runs has ended; it ends after the delete it is at. */
  async stop(): Promise<void> {
    await this.#round.stop();
  }

  async #run(mayGoOn: () => boolean): Promise<void> {
    const { stores, surroundings } = this.#deps;
    const now = surroundings.clock.now();
    const untilFew = (prune: (limit: number) => Promise<number>): Promise<void> => pruneInParts(prune, mayGoOn);
    try {
      await untilFew((limit) => stores.consoleSessions.prune(now, limit));
      await untilFew((limit) => stores.accountLinks.prune(now, limit));
      await untilFew((limit) => stores.audit.prune(now - keepAuditMs, limit));
    } catch (error) {
      surroundings.log.warn('old sessions of the console could not be deleted; the next round tries again', {
        err: error,
      });
    }
  }
}
