// The header and claims that a user token must have, and the user that they name. The signature is tokens.ts.
import { roleSchema, topicSchema, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';
import { found, inEnglish, type TokenFinding } from './token-findings.ts';

/** A user whose token was good. */
export interface VerifiedUser {
  userId: string;
  name?: string;
  avatar?: string;
  roles?: string[];
  topics?: string[];
  presenceTopics?: string[];
  /** ms since the epoch; 24 h before `expiresAtMs` for a token that does not say. */
  issuedAtMs: number;
  expiresAtMs: number;
}

/** Why a token was refused, for metrics and logs. */
export type TokenRefusal =
  | 'too_large'
  | 'unknown_app'
  | 'malformed'
  | 'refused_header'
  | 'unknown_key'
  | 'wrong_signature'
  | 'bad_claim'
  | 'wrong_audience'
  | 'expired'
  | 'lives_too_long'
  | 'not_yet_valid'
  | 'signed_out';

/** The sender of the token gets the code; the rest is for operators. */
export interface RefusedToken {
  ok: false;
  code: 'bad_token' | 'token_expired' | 'signed_out';
  reason: TokenRefusal;
  found: TokenFinding;
  /** `found` in English. */
  detail: string;
}

/** `dropped` names optional claims, or parts of them, that do not fit and were left out. */
export type TokenVerdict = { ok: true; user: VerifiedUser; dropped?: readonly string[] } | RefusedToken;

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
export function readHeader(header: unknown): { ok: true; header: TokenHeader } | RefusedToken {
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) return bad('malformed', found('header_unreadable'));
  const refused = refusedHeaders.find((name) => Object.hasOwn(parsed.data, name));
  if (refused !== undefined) return bad('refused_header', found('header_names', { field: refused }));
  return { ok: true, header: { alg: parsed.data.alg, kid: parsed.data.kid } };
}

/** RFC 7519: seconds, possibly with a fraction. The bound keeps a date computable. */
const numericDateSchema = z.number().min(0).max(253_402_300_799);
/** Made once: to make a schema costs more than to check a token with it. */
const optionalDateSchema = numericDateSchema.optional();

const objectSchema = z.record(z.string(), z.unknown());
const audienceSchema = z.union([z.string(), z.array(z.string())], 'must be a text or a list of texts');

/** One claim, checked: what it says, or why the token is refused for it. */
export interface ClaimCheck {
  claim: string;
  says: string;
  refused?: RefusedToken;
}

interface Expected {
  app: string;
  nowMs: number;
}

/** Checks claims whose signature was good. */
export function readClaims(payload: unknown, expected: Expected): TokenVerdict {
  const refused = checkClaims(payload, expected).find((check) => check.refused !== undefined)?.refused;
  if (refused !== undefined) return refused;
  const claims = requiredSchema.parse(payload);
  const expiresAtMs = Math.round(claims.exp * 1000);
  const { kept, dropped } = optionalClaims(claims);
  const user = {
    userId: claims.sub,
    issuedAtMs: claims.iat === undefined ? expiresAtMs - maxLifeMs : Math.round(claims.iat * 1000),
    expiresAtMs,
    ...kept,
  };
  return { ok: true, user, ...(dropped.length === 0 ? {} : { dropped: dropped.map(inEnglish) }) };
}

const requiredSchema = z.looseObject({
  sub: userIdSchema,
  exp: numericDateSchema,
  iat: optionalDateSchema,
});

/** Every claim that a token can be refused for, in the order in which they are decided. */
export function checkClaims(payload: unknown, { app, nowMs }: Expected): ClaimCheck[] {
  const parsed = objectSchema.safeParse(payload);
  if (!parsed.success) return [{ claim: 'payload', says: '', refused: bad('malformed', found('payload_unreadable')) }];
  const claims = new Map(Object.entries(parsed.data));
  const check = <T>(
    claim: string,
    schema: z.ZodType<T>,
    refusalOf: (value: T) => RefusedToken | undefined,
  ): ClaimCheck => {
    const given = claims.get(claim);
    const value = schema.safeParse(given);
    const says = shown(given);
    const refused = value.success ? refusalOf(value.data) : bad('bad_claim', problemOf(claim, given, value.error));
    return { claim, says, ...(refused === undefined ? {} : { refused }) };
  };
  return [
    check('sub', userIdSchema, () => undefined),
    check('aud', audienceSchema, (aud) => {
      if (typeof aud === 'string' ? aud === app : aud.includes(app)) return undefined;
      return bad('wrong_audience', found('other_app', { value: shown(aud), app }));
    }),
    check('exp', numericDateSchema, (exp) => {
      if (exp * 1000 > nowMs + maxLifeMs + leewayMs) return bad('lives_too_long', found('too_far', { at: exp }));
      return Math.round(exp * 1000) <= nowMs
        ? { ...bad('expired', found('past', { at: exp })), code: 'token_expired' as const }
        : undefined;
    }),
    check('nbf', optionalDateSchema, (nbf = 0) =>
      nbf * 1000 > nowMs + leewayMs ? bad('not_yet_valid', found('ahead', { claim: 'nbf', at: nbf })) : undefined,
    ),
    // One from the future would outlive every sign-out until then.
    check('iat', optionalDateSchema, (iat = 0) =>
      iat * 1000 > nowMs + leewayMs ? bad('not_yet_valid', found('ahead', { claim: 'iat', at: iat })) : undefined,
    ),
  ];
}

const topicsSchema = { element: topicSchema, max: 100 };
const rolesSchema = { element: roleSchema, max: 32 };

/**
 * Nobody is kept out because their name is too long: what does not fit is left out, and what remains gives no
 * more rights than it says.
 */
export function optionalClaims(claims: Readonly<Record<string, unknown>>): {
  kept: Pick<VerifiedUser, 'name' | 'avatar' | 'roles' | 'topics' | 'presenceTopics'>;
  dropped: TokenFinding[];
} {
  const dropped: TokenFinding[] = [];
  const text = (claim: 'name' | 'avatar', max: number): string | undefined => {
    const value = claims[claim];
    if (value === undefined || (typeof value === 'string' && value.length <= max)) return value;
    dropped.push(found('left_out_text', { claim, most: max }));
    return undefined;
  };
  const list = (
    claim: 'roles' | 'topics' | 'presenceTopics',
    { element, max }: { element: z.ZodType<string>; max: number },
  ) => {
    const value = claims[claim];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      dropped.push(found('left_out_list', { claim }));
      return undefined;
    }
    const fitting = value.flatMap((each) => element.safeParse(each).data ?? []);
    if (fitting.length < value.length) {
      dropped.push(found('left_out_items', { claim, count: value.length - fitting.length }));
    }
    if (fitting.length > max) dropped.push(found('left_out_beyond', { claim, most: max }));
    return fitting.slice(0, max);
  };
  const [name, avatar] = [text('name', 128), text('avatar', 2048)];
  const [roles, topics] = [list('roles', rolesSchema), list('topics', topicsSchema)];
  const presenceTopics = list('presenceTopics', topicsSchema);
  const kept = {
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(topics === undefined ? {} : { topics }),
    ...(presenceTopics === undefined ? {} : { presenceTopics }),
    ...(roles === undefined ? {} : { roles }),
  };
  return { kept, dropped };
}

export function bad(reason: TokenRefusal, finding: TokenFinding): RefusedToken {
  return { ok: false, code: 'bad_token', reason, found: finding, detail: inEnglish(finding) };
}

function problemOf(claim: string, value: unknown, error: z.ZodError): TokenFinding {
  if (value === undefined) return found('claim_missing', { claim });
  return found('claim_malformed', { claim, value: shown(value), problem: error.issues[0]?.message ?? 'wrong' });
}

const shownChars = 150;

/** As JSON, cut; the claims of a token are no secret, its signature is. */
export function shown(value: unknown): string {
  const text = value === undefined ? '' : JSON.stringify(value);
  return text.length > shownChars ? `${text.slice(0, shownChars)}...` : text;
}
