// The header and claims that a user token must have, and the user that they name. The signature is tokens.ts.
import { roleSchema, topicSchema, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';

/** A user whose token was good. */
export interface VerifiedUser {
  userId: string;
  name?: string;
  avatar?: string;
  roles?: string[];
  topics?: string[];
  /** ms since the epoch; 24 h before `expiresAtMs` for a token that does not say. */
  issuedAtMs: number;
  expiresAtMs: number;
}

export type TokenVerdict =
  | { ok: true; user: VerifiedUser }
  /** `detail` is for the log: the sender of the token does not learn it. */
  | { ok: false; code: 'bad_token' | 'token_expired' | 'signed_out'; detail: string };

/** The longest life of a token: until then no check is needed whether it was taken back. */
const maxLifeMs = 24 * 60 * 60_000;
/** Clocks of those who issue tokens may be this much ahead of ours. */
const leewayMs = 60_000;

/**
 * Headers that name a key or a rule of the token's own choosing. A token with one is refused, and what they
 * name is never fetched.
 */
const refusedHeaders = ['jku', 'x5u', 'jwk', 'x5c', 'crit', 'b64', 'zip', 'enc'];

const headerSchema = z.looseObject({ alg: z.string(), kid: z.string().max(256).optional() });

export interface TokenHeader {
  alg: string;
  kid?: string | undefined;
}

/** The header when it may be looked at further, or why not. */
export function readHeader(header: unknown): { ok: true; header: TokenHeader } | { ok: false; detail: string } {
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) return { ok: false, detail: 'the header is not readable' };
  const refused = refusedHeaders.find((name) => Object.hasOwn(parsed.data, name));
  if (refused !== undefined) return { ok: false, detail: `the header has ${refused}` };
  return { ok: true, header: { alg: parsed.data.alg, kid: parsed.data.kid } };
}

/** RFC 7519: seconds, possibly with a fraction. The bound keeps a date computable. */
const numericDateSchema = z.number().min(0).max(253_402_300_799);

const claimsSchema = z.looseObject({
  sub: userIdSchema,
  aud: z.union([z.string(), z.array(z.string())]),
  exp: numericDateSchema,
  iat: numericDateSchema.optional(),
  nbf: numericDateSchema.optional(),
  name: z.string().max(128).optional(),
  avatar: z.string().max(2048).optional(),
  topics: z.array(topicSchema).max(100).optional(),
  roles: z.array(roleSchema).max(32).optional(),
});

/** Checks claims whose signature was good. */
export function readClaims(claims: unknown, { app, nowMs }: { app: string; nowMs: number }): TokenVerdict {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return bad(`the claim ${issue?.path.join('.') ?? ''} is missing or wrong`);
  }
  const { sub, aud, exp, iat, nbf, name, avatar, topics, roles } = parsed.data;
  if (!(typeof aud === 'string' ? aud === app : aud.includes(app))) return bad('aud is not this app');
  const expiresAtMs = Math.round(exp * 1000);
  if (expiresAtMs <= nowMs) return { ok: false, code: 'token_expired', detail: 'exp has passed' };
  if (expiresAtMs > nowMs + maxLifeMs + leewayMs) return bad('exp is over 24 h ahead');
  if (nbf !== undefined && nbf * 1000 > nowMs + leewayMs) return bad('nbf is ahead');
  // One from the future would outlive every sign-out until then.
  if (iat !== undefined && iat * 1000 > nowMs + leewayMs) return bad('iat is ahead');
  return {
    ok: true,
    user: {
      userId: sub,
      issuedAtMs: iat === undefined ? expiresAtMs - maxLifeMs : Math.round(iat * 1000),
      expiresAtMs,
      ...(name === undefined ? {} : { name }),
      ...(avatar === undefined ? {} : { avatar }),
      ...(topics === undefined ? {} : { topics }),
      ...(roles === undefined ? {} : { roles }),
    },
  };
}

export function bad(detail: string): Extract<TokenVerdict, { ok: false }> {
  return { ok: false, code: 'bad_token', detail };
}
