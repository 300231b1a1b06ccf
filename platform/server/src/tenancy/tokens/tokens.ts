// User tokens: whose they are, whether they are good, and making them. The claims of a token are checked in
// claims.ts; keys are found by verification-keys.ts.
import { createHash } from 'node:crypto';
import { BelfryError, maxTokenSeconds } from '@belfry/protocol';
import { SignJWT } from 'jose';
import { leastUsed } from '../../caching/least-used.ts';
import { NearCache } from '../../caching/near-cache.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import type { UserStore } from '../../ports/stores/users.ts';
import type { Apps } from '../apps.ts';
import type { VerificationKey } from './jwks.ts';
import type { SignOut } from '../sign-out.ts';
import { bad, readClaims, readHeader, shown, type TokenVerdict, type VerifiedUser } from './claims.ts';
import { found } from './token-findings.ts';
import { headerOf, parsePayload, verifiedPayload } from './jwt-parts.ts';
import type { TokenReports } from './token-reports.ts';
import type { Vault } from '../vault.ts';
import { inspectToken, type TokenInspection } from './inspect-token.ts';
import { VerificationKeys } from './verification-keys.ts';

export interface TokenClaims {
  userId: string;
  /** 3600 when absent. */
  expiresInSeconds?: number | undefined;
  name?: string | undefined;
  avatar?: string | undefined;
  topics?: readonly string[] | undefined;
  presenceTopics?: readonly string[] | undefined;
  roles?: readonly string[] | undefined;
}

export interface TokenDeps {
  apps: Pick<Apps, 'find' | 'get'>;
  vault: Pick<Vault, 'open'>;
  users: Pick<UserStore, 'get'>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  fetchJwks: (url: string) => Promise<unknown>;
  /** With it a sign-out on this node, or reported by another, counts at once; without it, within 2 s. */
  signOut?: Pick<SignOut, 'onSignedOut'>;
  /** Told of every refused token, and of claims that were left out. */
  reports?: Pick<TokenReports, 'refused' | 'unavailable' | 'dropped'>;
  /** 8 KiB unless said. */
  maxBytes?: number;
}

/** A sign-out must reach every node within 5 s, even when the bus lost the message. */
const markKeepMs = 2000;
const maxMarks = 50_000;
const maxVerified = 50_000;

interface Verified {
  /** The app as it was: a changed one (other secrets, disabled) makes the entry worthless. */
  record: AppRecord;
  user: VerifiedUser;
}

export class Tokens {
  readonly #deps: TokenDeps;
  readonly #keys: VerificationKeys;
  /** By a digest of app and token. */
  readonly #verified = leastUsed<Verified>(maxVerified);
  /** When each user was signed out last; -Infinity: never. */
  readonly #marks: NearCache<number>;

  constructor(deps: TokenDeps) {
    const { clock, signOut } = deps;
    this.#deps = deps;
    this.#keys = new VerificationKeys(deps);
    this.#marks = new NearCache({ clock, maxAgeMs: markKeepMs, maxSize: maxMarks });
    signOut?.onSignedOut((app, userId) => this.#marks.drop(markKey(app, userId)));
  }

  /**
   * Never throws because of the content of the token; rejects with `unavailable` when the store or the app's
   * keys can't be reached.
   */
  async verify(app: AppId, token: string): Promise<TokenVerdict> {
    const { reports } = this.#deps;
    try {
      const verdict = await this.#verdictOf(app, token);
      if (!verdict.ok) reports?.refused(app, verdict);
      return verdict;
    } catch (error) {
      reports?.unavailable(app, error);
      throw error;
    }
  }

  /** Every check with its result. It is nobody's sign-in: it counts in no metric, and stands in no log. */
  async inspect(app: AppId, token: string): Promise<TokenInspection> {
    const record = await this.#deps.apps.get(app);
    const verify = (): Promise<TokenVerdict> => this.#verdictOf(app, token);
    return inspectToken(token, { record, verify, keys: this.#keys, nowMs: this.#deps.clock.now() });
  }

  async #verdictOf(app: AppId, token: string): Promise<TokenVerdict> {
    const { apps, maxBytes = 8192 } = this.#deps;
    // A character is at least one byte, so the cheap test spares measuring a huge text.
    if (token.length > maxBytes || Buffer.byteLength(token) > maxBytes) {
      return bad('too_large', found('over_size', { bytes: maxBytes }));
    }
    const record = await apps.find(app);
    if (record === undefined) return bad('unknown_app', found('no_such_app'));
    const verdict = await this.#verifyOnce(record, token);
    if (!verdict.ok || verdict.user.issuedAtMs > (await this.#signedOutAt(app, verdict.user.userId))) return verdict;
    return { ...bad('signed_out', found('before_sign_out')), code: 'signed_out' };
  }

  /**
   * Signs with the app's newest secret.
   * @throws BelfryError `not_found`; `invalid_body` for a life outside 1 s to 24 h; `conflict` for an app
   * that only others sign for (a JWKS URL alone)
   */
  async sign(app: AppId, claims: TokenClaims): Promise<{ token: string; expiresAt: string }> {
    const { apps, clock } = this.#deps;
    const [newest] = this.#keys.secretsOf(await apps.get(app));
    if (newest === undefined) {
      throw new BelfryError('conflict', { message: 'The tokens of this app are made by its own issuer.' });
    }
    return signWith(newest, app, { claims, nowMs: clock.now() });
  }

  async #verifyOnce(record: AppRecord, token: string): Promise<TokenVerdict> {
    const key = createHash('sha256').update(`${record.app}\n${token}`).digest('base64');
    const known = this.#verified.get(key);
    if (known?.record === record) {
      if (known.user.expiresAtMs > this.#deps.clock.now()) return { ok: true, user: known.user };
      this.#verified.delete(key);
      return { ...bad('expired', found('past', { at: known.user.expiresAtMs / 1000 })), code: 'token_expired' };
    }
    const verdict = await this.#check(record, token);
    if (verdict.ok) this.#verified.set(key, { record, user: verdict.user });
    if (verdict.ok && verdict.dropped !== undefined) this.#deps.reports?.dropped(record.app, verdict);
    return verdict;
  }

  async #check(record: AppRecord, token: string): Promise<TokenVerdict> {
    const header = readHeader(headerOf(token));
    if (!header.ok) return header;
    const keys = await this.#keys.candidates(record, header.header);
    if (keys.length === 0) return bad('unknown_key', found('no_key_fits', { header: shown(header.header) }));
    for (const { key, algorithms } of keys) {
      const payload = await verifiedPayload(token, { key, algorithms });
      if (payload !== undefined) {
        return readClaims(parsePayload(payload), { app: record.app, nowMs: this.#deps.clock.now() });
      }
    }
    return bad('wrong_signature', found('signed_otherwise'));
  }

  #signedOutAt(app: AppId, userId: string): Promise<number> {
    return this.#marks.get(markKey(app, userId), async () => {
      const users = await this.#deps.users.get(app, [userId]);
      return users.get(userId)?.signedOutAt ?? Number.NEGATIVE_INFINITY;
    });
  }
}

async function signWith(
  { key, kid }: VerificationKey,
  app: AppId,
  { claims, nowMs }: { claims: TokenClaims; nowMs: number },
): Promise<{ token: string; expiresAt: string }> {
  const { userId, expiresInSeconds = 3600, name, avatar, topics, presenceTopics, roles } = claims;
  if (!(expiresInSeconds >= 1 && expiresInSeconds <= maxTokenSeconds)) {
    throw new BelfryError('invalid_body', {
      message: `must be 1 to ${maxTokenSeconds}`,
      path: ['expiresInSeconds'],
    });
  }
  // Whole seconds, as most readers expect of `exp`, and never less than was asked for.
  const expiresAt = Math.ceil(nowMs / 1000) + expiresInSeconds;
  // `iat` with its milliseconds: a token made in the second of a sign-out, but after it, must be good. RFC
  // 7519 allows the fraction.
  const said = Object.entries({ name, avatar, topics, presenceTopics, roles }).filter(
    ([, value]) => value !== undefined,
  );
  const payload = { sub: userId, aud: app, iat: nowMs / 1000, exp: expiresAt, ...Object.fromEntries(said) };
  const token = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
    .sign(key);
  return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
}

function markKey(app: AppId, userId: string): string {
  return `${app}\n${userId}`;
}
