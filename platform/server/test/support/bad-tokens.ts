// User tokens that are each wrong in one way, with the step of the inspection that each fails at, and why.
import { createHmac } from 'node:crypto';

export interface BadToken {
  what: string;
  token: string;
  step: string;
  reason: string;
}

export interface Signer {
  app: string;
  secret: string;
  kid: string;
}

/** One of Bob's that is good for ten minutes is what the others differ from. */
export function goodClaims(app: string) {
  const now = Math.floor(Date.now() / 1000);
  return { sub: 'bob', aud: app, iat: now, exp: now + 600 };
}

export function makeToken(claims: object, { secret, kid }: Omit<Signer, 'app'>, header: object = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', kid, ...header })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** As they are named below, so that a test can be made of each before there is an app. */
export const badTokenNames = [
  ...['no token', 'another rule of its own', 'no algorithm', 'the name of another key', 'the signature of another'],
  ...['no user', 'a number as the user', 'another app', 'its end behind it', 'an end in milliseconds'],
  ...['a life of two days', 'a begin ahead', 'an issue ahead', 'too much in it'],
];

export function badTokens(signer: Signer): BadToken[] {
  const good = goodClaims(signer.app);
  const { iat: now } = good;
  const make = (claims: object, header: object = {}): string => makeToken({ ...good, ...claims }, signer, header);
  const ofAnother = makeToken(good, { ...signer, secret: 'another secret' });
  const rows: [token: string, step: string, reason: string][] = [
    ['hello, this is no token', 'header', 'malformed'],
    [make({}, { jku: 'https://x.example' }), 'header', 'refused_header'],
    [make({}, { alg: 'none' }), 'key', 'unknown_key'],
    [make({}, { kid: 'other' }), 'key', 'unknown_key'],
    [ofAnother, 'signature', 'wrong_signature'],
    [make({ sub: undefined }), 'sub', 'bad_claim'],
    [make({ sub: 7 }), 'sub', 'bad_claim'],
    [make({ aud: 'demo2' }), 'aud', 'wrong_audience'],
    [make({ exp: now - 1 }), 'exp', 'expired'],
    [make({ exp: (now + 600) * 1000 }), 'exp', 'bad_claim'],
    [make({ exp: now + 172_800 }), 'exp', 'lives_too_long'],
    [make({ nbf: now + 3600 }), 'nbf', 'not_yet_valid'],
    [make({ iat: now + 3600 }), 'iat', 'not_yet_valid'],
    [make({ permissions: 'x'.repeat(9000) }), 'size', 'too_large'],
  ];
  return rows.map(([token, step, reason], at) => ({ what: badTokenNames[at] ?? '', token, step, reason }));
}

/** Each part of these tokens that stands somewhere in the text. */
export function tokenPartsIn(text: string, tokens: readonly BadToken[]): string[] {
  // What is shorter is a word like any other.
  const parts = tokens.flatMap(({ token }) => token.split('.')).filter((part) => part.length > 20);
  return [...new Set(parts)].filter((part) => text.includes(part.slice(0, 40)));
}
