import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { TestBusHub } from '../../../test/support/test-bus.ts';
import { createMemoryStores, type MemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../../ports/app-id.ts';
import { issuerIds } from '../../../test/support/issuers.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { defaultAppLimits, defaultSettings } from '../app-defaults.ts';
import { sealSigningSecret } from './app-signing.ts';
import { createApps, type Apps } from '../apps.ts';
import { createSignOut, type SignOut } from '../sign-out.ts';
import { Tokens } from './tokens.ts';
import { createVault } from '../vault.ts';

const demo = asAppId('demo');
const other = asAppId('other');
const secret = 'a-signing-secret-of-thirty-two-bytes-or-more';
const jwksUrl = 'https://login.example.com/jwks';
const vault = createVault('installation secret');

const rsa = await generateKeyPair('RS256', { extractable: true });
const ec = await generateKeyPair('ES256');
const ed = await generateKeyPair('EdDSA');
const stranger = await generateKeyPair('RS256');
const jwks = {
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', use: 'sig' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    { ...(await exportJWK(ed.publicKey)), kid: 'ed' },
    { kty: 'oct', k: Buffer.from(secret).toString('base64url'), kid: 'oct', alg: 'HS256' },
    { kty: 'RSA', kid: 'broken' },
  ],
};

let clock: VirtualClock;
let stores: MemoryStores;
let apps: Apps;
let signOut: SignOut;
let tokens: Tokens;
let fetched: string[];
let jwksAnswer: () => Promise<unknown>;

beforeEach(async () => {
  clock = createVirtualClock();
  stores = createMemoryStores();
  const bus = new TestBusHub({ clock }).connect('n1');
  apps = createApps({ store: stores.tenancy, bus, clock });
  signOut = createSignOut({ users: stores.users, bus, clock });
  fetched = [];
  jwksAnswer = async () => jwks;
  tokens = new Tokens({
    apps,
    vault,
    users: stores.users,
    clock,
    signOut,
    fetchJwks(url) {
      fetched.push(url);
      return jwksAnswer();
    },
  });
  for (const app of [demo, other]) await putApp(app);
});

async function putApp(app: typeof demo, signing = secret): Promise<void> {
  const before = await apps.find(app);
  const record = {
    app,
    tenantId: 'clinic',
    name: app,
    disabled: false,
    allowedOrigins: [],
    signingSecrets: [sealSigningSecret(app, signing, { vault, createdAt: 0 })],
    jwksUrl,
    settings: defaultSettings,
    limits: defaultAppLimits,
    managed: false,
    createdAt: 0,
    updatedAt: clock.now(),
  };
  await apps.put(record, before?.version ?? 0);
}

const nowSeconds = () => Math.floor(clock.now() / 1000);
const good = (): JWTPayload => ({ sub: 'alice', aud: 'demo', exp: nowSeconds() + 3600, iat: nowSeconds() });

type Key = Parameters<SignJWT['sign']>[0];

function jwt(
  claims: JWTPayload,
  { key = Buffer.from(secret), ...header }: Record<string, unknown> & { key?: Key } = {},
) {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);
}

/** Signed as HS256 whatever the header says: no library would make it. */
function forged(header: object, claims: object, key: string | undefined): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${key === undefined ? '' : createHmac('sha256', key).update(input).digest('base64url')}`;
}

describe('a good token', () => {
  test('names its user, with the profile of its claims', async () => {
    const claims = { ...good(), name: 'Alice', avatar: 'a.png', roles: ['doctor'], topics: ['news'] };
    expect(await tokens.verify(demo, await jwt(claims))).toEqual({
      ok: true,
      user: {
        userId: 'alice',
        name: 'Alice',
        avatar: 'a.png',
        roles: ['doctor'],
        topics: ['news'],
        issuedAtMs: clock.now(),
        expiresAtMs: clock.now() + 3_600_000,
      },
    });
    expect(fetched).toEqual([]);
  });

  test('verifies where it was signed, and is kept no longer than it is good', async () => {
    const { token, expiresAt } = await tokens.sign(demo, { userId: 'bob', expiresInSeconds: 60, topics: ['t'] });
    expect(expiresAt).toBe(new Date(clock.now() + 60_000).toISOString());
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true, user: { userId: 'bob', topics: ['t'] } });
    await clock.advance(59_000);
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
    await clock.advance(1000);
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: false, code: 'token_expired' });
  });

  test.each([
    ['RS256', rsa.privateKey, 'rsa'],
    ['ES256', ec.privateKey, 'ec'],
    ['EdDSA', ed.privateKey, 'ed'],
    ['Ed25519', ed.privateKey, 'ed'],
  ])("by %s is verified by the app's JWKS", async (alg, key, kid) => {
    const token = await jwt(good(), { key, alg, kid });
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true, user: { userId: 'alice' } });
    expect(fetched).toEqual([jwksUrl]);
  });

  test.each(issuerIds)('of %s names the user as it is', async (_issuer, userId) => {
    expect(await tokens.verify(demo, await jwt({ ...good(), sub: userId }))).toMatchObject({
      ok: true,
      user: { userId },
    });
  });

  test('is good without the optional claims that do not fit, and with those parts of them that do', async () => {
    const odd = {
      name: 'x'.repeat(129),
      avatar: { url: 'a.png' },
      roles: ['doctor', 'App.Admin', 7, 'night_shift'],
      topics: 'all',
    };
    const verdict = await tokens.verify(demo, await jwt({ ...good(), ...odd }));
    expect(verdict).toEqual({
      ok: true,
      user: {
        userId: 'alice',
        roles: ['doctor', 'night_shift'],
        issuedAtMs: clock.now(),
        expiresAtMs: clock.now() + 3_600_000,
      },
      dropped: [
        'name is no text of at most 128 characters',
        'avatar is no text of at most 2048 characters',
        '2 of roles have another form',
        'topics is no list',
      ],
    });
    const many = Array.from({ length: 40 }, (_, n) => `role-${n}`);
    expect(await tokens.verify(demo, await jwt({ ...good(), roles: many }))).toMatchObject({
      user: { roles: many.slice(0, 32) },
      dropped: ['roles has more than 32'],
    });
  });

  test('may name several audiences, and need not say when it was issued', async () => {
    const { iat: _, ...claims } = good();
    const verdict = await tokens.verify(demo, await jwt({ ...claims, aud: ['x', 'demo'] }));
    expect(verdict).toMatchObject({ ok: true, user: { issuedAtMs: clock.now() + 3_600_000 - 86_400_000 } });
  });

  test('may live for 24 hours and the minute that clocks differ', async () => {
    const exp = nowSeconds() + 86_400;
    expect(await tokens.verify(demo, await jwt({ ...good(), exp: exp + 60 }))).toMatchObject({ ok: true });
    expect(await tokens.verify(demo, await jwt({ ...good(), exp: exp + 61 }))).toMatchObject({ ok: false });
  });
});

describe('a bad token is refused, and nothing it names is fetched', () => {
  const refusals: [string, () => string | Promise<string>, string?][] = [
    ['no token at all', () => ''],
    ['not a token', () => 'hello'],
    ['a token of four parts', async () => `${await jwt(good())}.x`],
    ['alg none', () => forged({ alg: 'none' }, good(), undefined)],
    ['alg None', () => forged({ alg: 'None' }, good(), secret)],
    [
      'HS256 signed with the public key',
      async () => forged({ alg: 'HS256', kid: 'rsa' }, good(), await exportSPKI(rsa.publicKey)),
    ],
    [
      'HS256 signed with the public key, without kid',
      async () => forged({ alg: 'HS256' }, good(), await exportSPKI(rsa.publicKey)),
    ],
    ['a secret among the public keys', () => forged({ alg: 'HS256', kid: 'oct' }, good(), secret)],
    ['HS512', async () => new SignJWT(good()).setProtectedHeader({ alg: 'HS512' }).sign(Buffer.from(secret.repeat(2)))],
    ['RS256 under the name of another key', () => jwt(good(), { key: rsa.privateKey, alg: 'RS256', kid: 'ec' })],
    [
      'RS256 by a stranger under a known name',
      () => jwt(good(), { key: stranger.privateKey, alg: 'RS256', kid: 'rsa' }),
    ],
    ['an unknown kid', () => jwt(good(), { kid: 'nobody' })],
    ['a jku', () => jwt(good(), { jku: 'https://evil.example/jwks' })],
    ['an x5u', () => jwt(good(), { x5u: 'https://evil.example/cert' })],
    ['a jwk', async () => jwt(good(), { jwk: await exportJWK(rsa.publicKey) })],
    ['a crit', () => forged({ alg: 'HS256', crit: ['x'], x: 1 }, good(), secret)],
    ['b64 false', () => forged({ alg: 'HS256', b64: false }, good(), secret)],
    ['another secret', () => jwt(good(), { key: Buffer.from(`${secret}x`) })],
    ['a changed payload', async () => (await jwt(good())).replace(/\.[^.]+\./, `.${btoa('{"sub":"bob"}')}.`)],
    ['no exp', () => jwt({ sub: 'alice', aud: 'demo' })],
    ['exp over 24 hours', () => jwt({ ...good(), exp: nowSeconds() + 2 * 86_400 })],
    ['exp that is no number', () => jwt({ ...good(), exp: 'tomorrow' as unknown as number })],
    ['exp beyond all time', () => jwt({ ...good(), exp: 1e300 })],
    ['no aud', () => jwt({ sub: 'alice', exp: nowSeconds() + 60 })],
    ['the aud of another app', () => jwt({ ...good(), aud: 'other' })],
    ['an aud that begins alike', () => jwt({ ...good(), aud: 'demo2' })],
    ['expired', () => jwt({ ...good(), exp: nowSeconds() - 1 }), 'token_expired'],
    ['expiring now', () => jwt({ ...good(), exp: nowSeconds() }), 'token_expired'],
    ['not good yet', () => jwt({ ...good(), nbf: nowSeconds() + 61 })],
    ['issued in the future', () => jwt({ ...good(), iat: nowSeconds() + 61 })],
    ['no sub', () => jwt({ aud: 'demo', exp: nowSeconds() + 60 })],
    ['the sub of a visitor', () => jwt({ ...good(), sub: 'visitor:0190' })],
    ['a sub with characters nobody sees', () => jwt({ ...good(), sub: 'al\nice' })],
    ['a sub that is no text', () => jwt({ ...good(), sub: 7 as unknown as string })],
    ['over 8 KiB', () => jwt({ ...good(), pad: 'x'.repeat(8192) })],
    ['8 KiB of other characters', () => `${'é'.repeat(4097)}.e30.x`],
    ['a payload that is no JSON', () => `${btoa('{"alg":"HS256"}')}.${btoa('no')}.${btoa('x')}`],
  ];
  test.each(refusals)('%s', async (_, make, code = 'bad_token') => {
    expect(await tokens.verify(demo, await make())).toMatchObject({ ok: false, code });
    expect(fetched.filter((url) => url !== jwksUrl)).toEqual([]);
  });

  test('a token of another app is refused, although both apps share the secret', async () => {
    const token = await jwt(good());
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
    expect(await tokens.verify(other, token)).toMatchObject({ ok: false, code: 'bad_token' });
    expect(await tokens.verify(asAppId('gone'), token)).toMatchObject({ ok: false, code: 'bad_token' });
  });

  test('a token whose secret was replaced is refused, although it was good before', async () => {
    const token = await jwt(good());
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
    await putApp(demo, `${secret}-new`);
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: false, code: 'bad_token' });
  });
});

describe("the app's JWKS", () => {
  const byRsa = (kid = 'rsa') => jwt(good(), { key: rsa.privateKey, alg: 'RS256', kid });

  test('is fetched once for many tokens, and again for an unknown kid only every 30 s', async () => {
    await tokens.verify(demo, await byRsa());
    for (const kid of ['x', 'y', 'z']) await tokens.verify(demo, await byRsa(kid));
    expect(fetched).toHaveLength(1);
    await clock.advance(31_000);
    for (const kid of ['x', 'y', 'z']) await tokens.verify(demo, await byRsa(kid));
    expect(fetched).toHaveLength(2);
  });

  test('is shared by all who ask at the same time', async () => {
    const token = await byRsa();
    await Promise.all([tokens.verify(demo, token), tokens.verify(demo, token), tokens.verify(demo, await byRsa('q'))]);
    expect(fetched).toHaveLength(1);
  });

  test('is no fault of the token when it is away', async () => {
    jwksAnswer = () => Promise.reject(new Error('connection refused'));
    await expect(tokens.verify(demo, await byRsa())).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is asked every few seconds at most when it has never answered, less often each time, and used once it answers', async () => {
    jwksAnswer = () => Promise.reject(new Error('connection refused'));
    const token = await byRsa();
    const refused = async () =>
      expect(await tokens.verify(demo, token).catch((error: unknown) => error)).toMatchObject({ code: 'unavailable' });
    for (let second = 0; second < 60; second += 1) {
      await refused();
      await refused();
      await clock.advance(1000);
    }
    expect(fetched.length).toBeGreaterThanOrEqual(4);
    expect(fetched.length).toBeLessThanOrEqual(9);
    jwksAnswer = async () => jwks;
    await clock.advance(15_000);
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
    const asked = fetched.length;
    // Its later answers are kept as any other's, and a rotation is found by an unknown kid.
    await clock.advance(31_000);
    jwksAnswer = async () => ({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'next', use: 'sig' }] });
    expect(await tokens.verify(demo, await byRsa('next'))).toMatchObject({ ok: true });
    expect(fetched).toHaveLength(asked + 1);
  });

  test('stands as it was when it goes away later', async () => {
    await tokens.verify(demo, await byRsa());
    jwksAnswer = () => Promise.reject(new Error('connection refused'));
    await clock.advance(660_000);
    expect(await tokens.verify(demo, await byRsa())).toMatchObject({ ok: true });
    expect(fetched).toHaveLength(2);
  });
});

describe('signing out', () => {
  test('refuses tokens issued before, and none issued after', async () => {
    const before = await jwt(good());
    expect(await tokens.verify(demo, before)).toMatchObject({ ok: true });
    await clock.advance(10);
    const at = await signOut.signOut(demo, 'alice');
    expect(at).toBe(clock.now());
    expect(await tokens.verify(demo, before)).toMatchObject({ ok: false, code: 'signed_out' });
    await clock.advance(1);
    const { token } = await tokens.sign(demo, { userId: 'alice' });
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
    expect(await tokens.verify(other, await jwt({ ...good(), aud: 'other' }))).toMatchObject({ ok: true });
  });

  test('on another node counts within 5 s even when the bus lost the message', async () => {
    const token = await jwt(good());
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: true });
    await stores.users.merge(demo, [{ userId: 'alice', signedOutAt: clock.now() }]);
    await clock.advance(5000);
    expect(await tokens.verify(demo, token)).toMatchObject({ ok: false, code: 'signed_out' });
  });
});

describe('signing', () => {
  test.each([0, -1, 86_401, Number.NaN])('refuses a life of %d s', async (expiresInSeconds) => {
    await expect(tokens.sign(demo, { userId: 'a', expiresInSeconds })).rejects.toMatchObject({ code: 'invalid_body' });
  });

  test('refuses an app that is not there, and one that only others sign for', async () => {
    await expect(tokens.sign(asAppId('gone'), { userId: 'a' })).rejects.toMatchObject({ code: 'not_found' });
    const before = await apps.get(demo);
    await apps.put({ ...before, signingSecrets: [] }, before.version);
    await expect(tokens.sign(demo, { userId: 'a' })).rejects.toMatchObject({ code: 'conflict' });
  });
});
