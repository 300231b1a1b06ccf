// Says which tokens were refused and why: each counts in a metric, and a sample of them is logged. The
// sender of one gets no more than a code.
import { isBelfryError } from '@belfry/protocol';
import { Sampling } from '../../concurrency/sampling.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { RefusedToken, TokenVerdict } from './claims.ts';

/**
 * Of one app and reason, one line in so long: anybody can send bad tokens, and the log is not theirs to fill.
 */
const lineEveryMs = 1000;
/** Apps times reasons, of those that were refused lately. */
const maxKept = 1000;

export class TokenReports {
  readonly #surroundings: Surroundings;
  readonly #lines = new Sampling({ everyMs: lineEveryMs, maxKinds: maxKept });

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  refused(app: AppId, { reason, detail }: RefusedToken): void {
    // An app that does not exist is text from outside.
    this.#report(reason === 'unknown_app' ? undefined : app, reason, detail);
  }

  /** Not the token's fault: the store or the app's keys could not be reached, and nobody can sign in. */
  unavailable(app: AppId, error: unknown): void {
    const cause = isBelfryError(error) && error.cause instanceof Error ? error.cause : error;
    this.#report(app, 'unavailable', cause instanceof Error ? cause.message : String(cause));
  }

  dropped(app: AppId, { user, dropped }: Extract<TokenVerdict, { ok: true }>): void {
    this.#surroundings.log.debug('claims left out', { app, userId: user.userId, dropped });
  }

  #report(app: AppId | undefined, reason: string, detail: string): void {
    const { clock, log, metrics } = this.#surroundings;
    metrics.count('tokens_refused_total', [reason]);
    const count = this.#lines.take(`${app ?? ''} ${reason}`, clock.monotonic());
    if (count === undefined) return;
    log.info('token refused', { ...(app === undefined ? {} : { app }), reason, detail, count });
  }
}
