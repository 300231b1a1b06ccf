// Explains one token to an operator: every check with its result, also those behind the first that fails.
// The decision is in tokens.ts.
import { isBelfryError } from '@belfry/protocol';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import { checkClaims, optionalClaims, readHeader, shown, type TokenRefusal, type TokenVerdict } from './claims.ts';
import type { VerificationKey } from './jwks.ts';
import { found, type TokenFinding } from './token-findings.ts';
import { headerOf, unverifiedPayload, verifiedPayload } from './jwt-parts.ts';
import type { VerificationKeys } from './verification-keys.ts';

export interface TokenCheck {
  name: string;
  result: 'ok' | 'refused' | 'left out';
  /** Of one that was refused. */
  reason?: TokenRefusal;
  found: TokenFinding;
}

export interface TokenInspection {
  /** Undefined when the keys that are needed could not be fetched. */
  verdict: TokenVerdict | undefined;
  checks: readonly TokenCheck[];
  /** What the token says, by whomever it was made; undefined where that cannot be read. */
  claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Shows nothing of secrets and signatures: claims are readable by whoever has the token. */
export async function inspectToken(
  token: string,
  app: { record: AppRecord; verify: () => Promise<TokenVerdict>; keys: VerificationKeys; nowMs: number },
): Promise<TokenInspection> {
  const { record, verify, keys, nowMs } = app;
  const payload = unverifiedPayload(token);
  const checks: TokenCheck[] = [
    ...(await checkSigner(token, record, keys)),
    ...checkClaims(payload, { app: record.app, nowMs }).map(({ claim, says, refused }) => ({
      name: claim,
      result: resultOf(refused === undefined),
      found: refused?.found ?? (says === '' ? found('not_there') : found('says', { value: says })),
      ...(refused !== undefined && { reason: refused.reason }),
    })),
    ...droppedOf(payload).map((each) => ({ name: 'optional', result: 'left out' as const, found: each })),
  ];
  try {
    return { checks, claims: payload, verdict: await verify() };
  } catch (error) {
    if (!isBelfryError(error)) throw error;
    return { checks, claims: payload, verdict: undefined };
  }
}

async function checkSigner(token: string, record: AppRecord, keys: VerificationKeys): Promise<TokenCheck[]> {
  const read = readHeader(headerOf(token));
  if (!read.ok) return [{ name: 'header', result: 'refused', found: read.found, reason: read.reason }];
  const header: TokenCheck = { name: 'header', result: 'ok', found: found('says', { value: shown(read.header) }) };
  let fitting: readonly VerificationKey[];
  try {
    fitting = await keys.candidates(record, read.header);
  } catch (error) {
    const cause = isBelfryError(error) && error.cause instanceof Error ? error.cause.message : String(error);
    const unreachable = found('keys_unreachable', { url: record.jwksUrl ?? '', cause });
    return [header, { name: 'key', result: 'refused', found: unreachable, reason: 'unknown_key' }];
  }
  const fits = keysFound(record, fitting.length);
  if (fitting.length === 0) return [header, { name: 'key', result: 'refused', found: fits, reason: 'unknown_key' }];
  const key: TokenCheck = { name: 'key', result: 'ok', found: fits };
  const verified = await Promise.all(fitting.map((each) => verifiedPayload(token, each)));
  const isSigned = verified.some((bytes) => bytes !== undefined);
  if (isSigned) return [header, key, { name: 'signature', result: 'ok', found: found('signed') }];
  const otherwise = found('signed_otherwise');
  return [header, key, { name: 'signature', result: 'refused', found: otherwise, reason: 'wrong_signature' }];
}

function keysFound({ signingSecrets, jwksUrl }: AppRecord, fitting: number): TokenFinding {
  const counts = { fitting, secrets: signingSecrets.length };
  return jwksUrl === undefined ? found('keys_of_secrets', counts) : found('keys_of_both', { ...counts, url: jwksUrl });
}

function droppedOf(payload: unknown): TokenFinding[] {
  return typeof payload === 'object' && payload !== null ? optionalClaims({ ...payload }).dropped : [];
}

function resultOf(isOk: boolean): 'ok' | 'refused' {
  return isOk ? 'ok' : 'refused';
}
