// Explains one token to an operator: every check with its result, also those behind the first that fails.
// The decision is in tokens.ts.
import { isBelfryError } from '@belfry/protocol';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import { checkClaims, optionalClaims, readHeader, shown, type TokenRefusal, type TokenVerdict } from './claims.ts';
import type { VerificationKey } from './jwks.ts';
import { headerOf, unverifiedPayload, verifiedPayload } from './jwt-parts.ts';
import type { VerificationKeys } from './verification-keys.ts';

export interface TokenCheck {
  name: string;
  result: 'ok' | 'refused' | 'left out';
  /** Of one that was refused. */
  reason?: TokenRefusal;
  detail: string;
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
      detail: refused?.detail ?? (says === '' ? 'not there, and not needed' : says),
      ...(refused !== undefined && { reason: refused.reason }),
    })),
    ...droppedOf(payload).map((detail) => ({ name: 'optional', result: 'left out' as const, detail })),
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
  if (!read.ok) return [{ name: 'header', result: 'refused', detail: read.detail, reason: read.reason }];
  const header: TokenCheck = { name: 'header', result: 'ok', detail: shown(read.header) };
  let found: readonly VerificationKey[];
  try {
    found = await keys.candidates(record, read.header);
  } catch (error) {
    const cause = isBelfryError(error) && error.cause instanceof Error ? error.cause.message : String(error);
    const detail = `the keys at ${record.jwksUrl ?? ''} could not be fetched: ${cause}`;
    return [header, { name: 'key', result: 'refused', detail, reason: 'unknown_key' }];
  }
  const fits = `${found.length} of ${sourcesOf(record)} fit alg and kid`;
  if (found.length === 0) return [header, { name: 'key', result: 'refused', detail: fits, reason: 'unknown_key' }];
  const key: TokenCheck = { name: 'key', result: 'ok', detail: fits };
  const verified = await Promise.all(found.map((each) => verifiedPayload(token, each)));
  const isSigned = verified.some((bytes) => bytes !== undefined);
  if (isSigned) return [header, key, { name: 'signature', result: 'ok', detail: 'made with such a key' }];
  const detail = 'made with another key, or the token was changed since';
  return [header, key, { name: 'signature', result: 'refused', detail, reason: 'wrong_signature' }];
}

function sourcesOf({ signingSecrets, jwksUrl }: AppRecord): string {
  const secrets = `${signingSecrets.length} signing secrets (HS256)`;
  return jwksUrl === undefined ? `the app's ${secrets}` : `the app's ${secrets} and the keys at ${jwksUrl}`;
}

function droppedOf(payload: unknown): string[] {
  return typeof payload === 'object' && payload !== null ? optionalClaims({ ...payload }).dropped : [];
}

function resultOf(isOk: boolean): 'ok' | 'refused' {
  return isOk ? 'ok' : 'refused';
}
