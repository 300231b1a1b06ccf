// User tokens: whose they are, whether they are good, and making them. What must stand in one is claims.ts; whose keys, jwks.ts.
import { createHash, createSecretKey } from 'node:crypto';
import { BelfryError, maxTokenSeconds } from '@belfry/protocol';
import { compactVerify, decodeProtectedHeader, errors, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import type { UserStore } from '../../ports/stores/users.ts';
import { openSigningSecret } from './app-signing.ts';
import type { Apps } from '../apps.ts';
import { createJwks, type VerificationKey } from './jwks.ts';
import { keptBriefly } from '../kept-briefly.ts';
import type { SignOut } from '../sign-out.ts';
import { bad, readClaims, readHeader, type TokenVerdict, type VerifiedUser } from './claims.ts';
import type { Vault } from '../vault.ts';

export interface Tokens {
  /** Never throws on what the token says; rejects with `unavailable` when the store or the app's keys can't be reached. */
  verify(app: AppId, token: string): Promise<TokenVerdict>;
  /**
   * Signs with the app's newest secret.
   * @throws BelfryError `not_found`; `invalid_body` for a life outside 1 s to 24 h; `conflict` for an app that only others sign for (a JWKS URL alone)
   */
  sign(app: AppId, claims: TokenClaims): Promise<{ token: string; expiresAt: string }>;
}

export interface TokenClaims {
  userId: string;
  /** 3600 when absent. */
  expiresInSeconds?: number | undefined;
  name?: string | undefined;
  avatar?: string | undefined;
  topics?: readonly string[] | undefined;
  roles?: readonly string[] | undefined;
}

export interface TokenDeps {
  apps: Pick<Apps, 'find' | 'get'>;
  vault: Pick<Vault, 'open'>;
  users: Pick<UserStore, 'get'>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  fetchJwks: (url: string) => Promise<unknown>;
  /** With it a sign-out on this node, or told by another, counts at once; without it, within 2 s. */
  signOut?: Pick<SignOut, 'onSignedOut'>;
  /** 8 KiB unless said. */
  maxBytes?: number;
}

/** A sign-out must reach every node within 5 s, even when the bus lost the word. */
const markKeepMs = 2000;
const maxMarks = 50_000;
const maxVerified = 50_000;

interface Verified {
  /** The app as it was: a changed one (other secrets, disabled) makes the entry worthless. */
  record: AppRecord;
  user: VerifiedUser;
}

export function createTokens(deps: TokenDeps): Tokens {
  const { apps, vault, users, clock, signOut, maxBytes = 8192 } = deps;
  const jwks = createJwks(deps);
  const verified = new LRUCache<string, Verified>({ max: maxVerified });
  const secrets = new WeakMap<AppRecord, readonly VerificationKey[]>();
  const marks = keptBriefly<number>({ clock, max: maxMarks, keepMs: () => markKeepMs });
  signOut?.onSignedOut((app, userId) => marks.drop(markKey(app, userId)));

  function secretsOf(record: AppRecord): readonly VerificationKey[] {
    const known = secrets.get(record);
    if (known !== undefined) return known;
    const opened = record.signingSecrets.map((sealed) => ({
      kid: sealed.kid,
      algorithms: ['HS256'],
      key: hmacKey(openSigningSecret(record.app, sealed, vault)),
    }));
    secrets.set(record, opened);
    return opened;
  }

  /** The keys a token may have been signed with: those of its kid, or all when it names none. Each is good for its own algorithm only. */
  async function candidates(record: AppRecord, header: { alg: string; kid?: string | undefined }) {
    const own = secretsOf(record);
    const named = (keys: readonly VerificationKey[]) =>
      keys.filter((key) => header.kid === undefined || key.kid === header.kid);
    // An HS256 token never makes us fetch, and is never held against a public key.
    if (header.alg === 'HS256') return named(own);
    if (record.jwksUrl === undefined) return [];
    return named(await publicKeys(record.jwksUrl, header.kid)).filter((key) => key.algorithms.includes(header.alg));
  }

  async function publicKeys(url: string, kid: string | undefined): Promise<readonly VerificationKey[]> {
    try {
      return await jwks.keys(url, kid);
    } catch (cause) {
      throw new BelfryError('unavailable', { message: "The app's token keys can't be fetched.", cause });
    }
  }

  async function check(record: AppRecord, token: string): Promise<TokenVerdict> {
    const header = readHeader(headerOf(token));
    if (!header.ok) return bad(header.detail);
    const keys = await candidates(record, header.header);
    if (keys.length === 0) return bad('no key of the app fits its alg and kid');
    for (const { key, algorithms } of keys) {
      const payload = await payloadOf(token, key, algorithms);
      if (payload !== undefined) {
        return readClaims(parseJson(payload), { app: record.app, nowMs: clock.now() });
      }
    }
    return bad('the signature is wrong');
  }

  async function signedOutAt(app: AppId, userId: string): Promise<number> {
    return marks.get(markKey(app, userId), async () => {
      const found = await users.get(app, [userId]);
      return found.get(userId)?.signedOutAt ?? Number.NEGATIVE_INFINITY;
    });
  }

  async function verifyOnce(record: AppRecord, token: string): Promise<TokenVerdict> {
    const key = createHash('sha256').update(`${record.app}\n${token}`).digest('base64');
    const known = verified.get(key);
    if (known?.record === record) {
      if (known.user.expiresAtMs > clock.now()) return { ok: true, user: known.user };
      verified.delete(key);
      return { ok: false, code: 'token_expired', detail: 'exp has passed' };
    }
    const verdict = await check(record, token);
    if (verdict.ok) verified.set(key, { record, user: verdict.user });
    return verdict;
  }

  return {
    async verify(app, token) {
      // A character is at least one byte, so the cheap test spares measuring a huge text.
      if (token.length > maxBytes || Buffer.byteLength(token) > maxBytes) return bad(`it is over ${maxBytes} bytes`);
      const record = await apps.find(app);
      if (record === undefined) return bad('the app does not exist');
      const verdict = await verifyOnce(record, token);
      if (!verdict.ok || verdict.user.issuedAtMs > (await signedOutAt(app, verdict.user.userId))) return verdict;
      return { ok: false, code: 'signed_out', detail: 'it was issued before the user was signed out' };
    },

    async sign(app, claims) {
      const record = await apps.get(app);
      const [newest] = secretsOf(record);
      if (newest === undefined) {
        throw new BelfryError('conflict', { message: 'The tokens of this app are made by its own issuer.' });
      }
      return signWith(newest, app, { claims, nowMs: clock.now() });
    },
  };
}

/** Made once: from bytes every token would make it anew. */
function hmacKey(secret: string): VerificationKey['key'] {
  // Unknown in between: where the browser's types are there too, as in the tests of the SDK, Node's are others.
  const key: unknown = createSecretKey(secret, 'utf8').toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
  return key as VerificationKey['key'];
}

async function signWith(
  { key, kid }: VerificationKey,
  app: AppId,
  { claims, nowMs }: { claims: TokenClaims; nowMs: number },
): Promise<{ token: string; expiresAt: string }> {
  const { userId, expiresInSeconds = 3600, name, avatar, topics, roles } = claims;
  if (!(expiresInSeconds >= 1 && expiresInSeconds <= maxTokenSeconds)) {
    throw new BelfryError('invalid_body', {
      message: `must be 1 to ${maxTokenSeconds}`,
      path: ['expiresInSeconds'],
    });
  }
  // Whole seconds, as most readers expect of `exp`, and never less than was asked for.
  const expiresAt = Math.ceil(nowMs / 1000) + expiresInSeconds;
  // `iat` with its milliseconds: a token made in the second of a sign-out, but after it, must be good. RFC 7519 allows the fraction.
  const said = Object.entries({ name, avatar, topics, roles }).filter(([, value]) => value !== undefined);
  const payload = { sub: userId, aud: app, iat: nowMs / 1000, exp: expiresAt, ...Object.fromEntries(said) };
  const token = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
    .sign(key);
  return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
}

function headerOf(token: string): unknown {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

/** Undefined when the signature is not this key's. Anything else that goes wrong is a defect and is thrown. */
async function payloadOf(
  token: string,
  key: VerificationKey['key'],
  algorithms: readonly string[],
): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(token, key, { algorithms: [...algorithms] })).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function markKey(app: AppId, userId: string): string {
  return `${app}\n${userId}`;
}
