// Whether somebody may connect: their token, and the page that they are on. Those who may not are recorded
// for the people of the app. Becoming a session: connect.ts.

import { BelfryError, type CloseName, type CommandData } from '@belfry/protocol';
import type { ResolvedPage } from '../pages/policy-set.ts';
import type { AppRecord } from '../ports/stores/index.ts';
import { refusalOfPage, type PageRefusal } from '../sessions/page-rights.ts';
import type { RefusedAttempt, Refusals } from '../sessions/refusals.ts';
import type { Outlet } from '../sessions/session.ts';
import type { VerifyToken } from '../tenancy/profiles.ts';
import type { VerifiedUser } from '../tenancy/tokens/claims.ts';
import { CloseConnection } from './close-connection.ts';

/** A socket that was let in and wants to become a session. */
export interface PendingConnection {
  app: AppRecord;
  address: string;
  outlet: Outlet;
  userAgent?: string;
  origin?: string;
}

export interface Connecting {
  pending: PendingConnection;
  data: CommandData<'connect'>;
}

export class ConnectChecks {
  readonly #verify: VerifyToken;
  readonly #refusals: Pick<Refusals, 'record'>;

  constructor({ verify, refusals }: { verify: VerifyToken; refusals: Pick<Refusals, 'record'> }) {
    this.#verify = verify;
    this.#refusals = refusals;
  }

  /** Of the token; undefined for a visitor. Throws CloseConnection. */
  async user(from: Connecting): Promise<VerifiedUser | undefined> {
    const { token } = from.data;
    if (token === undefined) return undefined;
    const verdict = await this.#verify(from.pending.app.app, token);
    if (verdict.ok) return verdict.user;
    const { reason, code, detail, found } = verdict;
    this.#record(from, { reason, code, detail, found });
    const isSignedOut = code === 'signed_out';
    throw closing(isSignedOut ? 'signed_out' : 'bad_token', code === 'token_expired' ? code : 'bad_token');
  }

  /** Throws CloseConnection. */
  page({ policy }: ResolvedPage, user: VerifiedUser | undefined, from: Connecting): void {
    const refusal = refusalOfPage(policy, { visitor: user === undefined, roles: user?.roles });
    if (refusal === undefined) return;
    const detail = `the policy of ${policy.pattern}`;
    this.#record(from, { reason: reasonOf(refusal, policy), code: refusal, detail });
    throw closing(refusal === 'unauthorized' ? 'bad_token' : 'page_disabled', refusal);
  }

  #record({ pending, data }: Connecting, refused: Pick<RefusedAttempt, 'reason' | 'code' | 'detail' | 'found'>): void {
    const { app, origin, userAgent, address } = pending;
    this.#refusals.record(app.app, { stage: 'connect', ...refused, page: data.page, origin, userAgent, address });
  }
}

/**
 * What is to be mended: the page that has no policy, the one that is switched off, the token that is not
 * there.
 */
function reasonOf(refusal: PageRefusal, { pattern }: ResolvedPage['policy']): string {
  if (refusal === 'unauthorized') return 'no_token';
  if (refusal === 'forbidden') return 'role_missing';
  return pattern === 'default' ? 'page_without_policy' : 'page_disabled';
}

export function closing(
  name: CloseName,
  code: 'bad_token' | 'token_expired' | 'too_many' | PageRefusal,
): CloseConnection {
  return new CloseConnection(name, new BelfryError(code));
}
