// Finds out who a request to the public API comes from: an API key or a user token. Deciding what that caller
// may do: route.ts.

import { BelfryError } from '@belfry/protocol';
import { asAppId } from '../../../ports/app-id.ts';
import type { AppRecord } from '../../../ports/stores/index.ts';
import type { ApiKeys } from '../../../tenancy/api-keys.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import { headerOf, unverifiedPayload } from '../../../tenancy/tokens/jwt-parts.ts';
import type { Refusals } from '../../../sessions/refusals.ts';
import type { Tokens } from '../../../tenancy/tokens/tokens.ts';
import type { ClientAddress } from '../../client-address.ts';
import type { HttpContext } from '../../context.ts';
import type { Identify } from '../../door.ts';
import { bearerOf, unknownKey } from '../../middleware/credential.ts';
import { nameOf, type Caller } from './caller.ts';

export interface IdentifyDeps {
  apiKeys: Pick<ApiKeys, 'authenticate'>;
  tokens: Pick<Tokens, 'verify'>;
  apps: Pick<Apps, 'find'>;
  clientAddress: ClientAddress;
  refusals: Pick<Refusals, 'record'>;
  limits: { idempotencyKeysPerUser: number };
}

/**
 * Throws `unauthorized` for a key that does not exist, `bad_token` or `token_expired`, and `page_disabled`
 * for an app that is switched off.
 */
export function createIdentify(deps: IdentifyDeps): Identify<Caller> {
  return async (ctx) => {
    const credential = bearerOf(ctx);
    if (credential === undefined) return undefined;
    const found = credential.startsWith('bk_')
      ? await byKey(credential, deps.clientAddress(ctx.req), deps)
      : await byToken(credential, ctx, deps);
    const { app, disabled, allowedOrigins, limits } = found.record;
    if (disabled) throw new BelfryError('page_disabled');
    const { caller } = found;
    return {
      ...{ caller, name: nameOf(caller), app, allowedOrigins },
      requestsPerMinute: limits.requestsPerMinute,
      // A back end may need one for each of its requests, and has its own interest in how many there are.
      ...(caller.type === 'user' ? { keptAnswersPerDay: deps.limits.idempotencyKeysPerUser } : {}),
    };
  };
}

interface Found {
  caller: Caller;
  record: AppRecord;
}

async function byKey(credential: string, address: string, { apiKeys, apps }: IdentifyDeps): Promise<Found> {
  const key = await apiKeys.authenticate(credential, address);
  const record = key === undefined ? undefined : await apps.find(key.app);
  if (key === undefined || record === undefined) throw unknownKey();
  const { app, keyId, scopes } = key;
  return { caller: { type: 'key', app, keyId, scopes }, record };
}

async function byToken(
  token: string,
  ctx: HttpContext,
  { tokens, apps, refusals, clientAddress }: IdentifyDeps,
): Promise<Found> {
  // Read before it is verified, and used for nothing but to find whose token it says it is.
  const claimed = audiencesOf(token);
  const known = (await Promise.all(claimed.map((key) => apps.find(key)))).filter((record) => record !== undefined);
  // Without an app it is refused as well, and by what reports it.
  if (known.length === 0) await tokens.verify(asAppId(claimed[0] ?? ''), token);
  let isExpired = false;
  // A token may be for several; the request names none. The first app whose token it is takes it.
  for (const record of known) {
    const verdict = await tokens.verify(record.app, token);
    if (verdict.ok) {
      const { userId, roles } = verdict.user;
      return { caller: { type: 'user', app: record.app, userId, ...(roles === undefined ? {} : { roles }) }, record };
    }
    const { reason, code, detail, found } = verdict;
    const origin = ctx.get('Origin') || undefined;
    const client = { origin, userAgent: ctx.get('User-Agent'), address: clientAddress(ctx.req) };
    refusals.record(record.app, { stage: 'http', reason, code, detail, found, ...client });
    isExpired ||= code === 'token_expired';
  }
  throw refusalOf(token, isExpired);
}

function refusalOf(token: string, isExpired: boolean): BelfryError {
  if (isExpired) return new BelfryError('token_expired');
  if (isJwt(token)) return new BelfryError('bad_token');
  const message =
    'The token is malformed: neither an API key, which begins with `bk_`, nor a user token, a JSON Web Token.';
  return new BelfryError('bad_token', { message });
}

/** Three parts, the first two of them JSON. Whether anything in them is true is not looked at. */
function isJwt(token: string): boolean {
  return token.split('.').length === 3 && headerOf(token)?.alg !== undefined && unverifiedPayload(token) !== undefined;
}

/** Issuers name themselves and a few services; each one more is a look-up and a signature. */
const maxAudiences = 8;

function audiencesOf(token: string): readonly string[] {
  const { aud = [] } = unverifiedPayload(token) ?? {};
  const all: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return [...new Set(all)].filter((each) => typeof each === 'string').slice(0, maxAudiences);
}
