// The answers to user tokens that are not right, over the WebSocket and over HTTP, and the proof that nothing
// is fetched that a token names.

import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signingSecret, startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { startKeyServer, type KeyServer } from './key-server.ts';
import { RawWebSocket } from './raw-web-socket.ts';

const issuedKey = 'bk_issued_0123456789abcdef0123456789abcdef';
let attacked: AttackedServer;
let issuer: KeyServer;

beforeAll(async () => {
  issuer = await startKeyServer();
  const pages = [
    {
      pattern: '/chat',
      enabled: true,
      requireAuth: true,
      autoConnect: true,
      connectionType: 'chat',
      features: ['messaging'],
    },
  ];
  const apiKeys = [{ id: 'issued', secret: issuedKey, scopes: ['*'] }];
  attacked = await startAttackedServer({ otherApps: [{ key: 'issued', jwksUrl: issuer.jwksUrl, apiKeys, pages }] });
  await attacked.makeKnown('revoked');
  // The one fetch that is expected: for a good token.
  const client = await RawWebSocket.connected(attacked.url, { token: await issued() }, { target: '/ws?app=issued' });
  await client.end();
  await attacked.settled();
});
afterAll(async () => {
  await attacked.stop();
  await issuer.close();
});

const secondsNow = (): number => Math.floor(Date.now() / 1000);
const claims = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  sub: 'mallory',
  aud: 'demo',
  exp: secondsNow() + 3600,
  ...more,
});
const own = (more: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: 'HS256', ...header }).sign(Buffer.from(signingSecret));
const issued = (header: Record<string, unknown> = {}): Promise<string> =>
  issuer.sign(claims({ aud: 'issued' }), header);

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function hmac(header: Record<string, unknown>, payload: Record<string, unknown>, secret: string): string {
  const text = `${base64(header)}.${base64(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = (header: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims({ aud: 'issued' })).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey);

/** `app` and the token; `expired` where that is what it is. */
const bad: readonly [
  what: string,
  app: 'demo' | 'issued',
  make: () => string | Promise<string>,
  code?: 'token_expired',
][] = [
  ['nothing', 'demo', () => ''],
  ['no token at all', 'demo', () => 'token'],
  ['three dots', 'demo', () => '...'],
  ['alg none', 'demo', () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
  ['alg none, signed', 'demo', () => hmac({ alg: 'none' }, claims(), signingSecret)],
  ['alg nOnE', 'demo', () => `${base64({ alg: 'nOnE' })}.${base64(claims())}.`],
  ['no alg', 'demo', () => hmac({}, claims(), signingSecret)],
  ['another secret', 'demo', () => hmac({ alg: 'HS256' }, claims(), `${signingSecret}!`)],
  [
    'a changed claim',
    'demo',
    async () => (await own({})).replace(/\.[^.]+\./, `.${base64(claims({ sub: 'witness' }))}.`),
  ],
  [
    'HS256 with the public key (PEM)',
    'issued',
    () => hmac({ alg: 'HS256' }, claims({ aud: 'issued' }), issuer.publicPem),
  ],
  [
    'HS256 with the public key (JWK)',
    'issued',
    () => hmac({ alg: 'HS256', kid: 'k1' }, claims({ aud: 'issued' }), JSON.stringify(issuer.publicJwk)),
  ],
  [
    'HS256 with the modulus',
    'issued',
    () => hmac({ alg: 'HS256', kid: 'k1' }, claims({ aud: 'issued' }), issuer.publicJwk.n ?? ''),
  ],
  ['an unknown kid', 'issued', () => foreign({ kid: 'k2' })],
  ['a kid that is a path', 'issued', () => foreign({ kid: '../../dev/null' })],
  ['a known kid and another key', 'issued', () => foreign({ kid: 'k1' })],
  ['jku', 'issued', () => foreign({ kid: 'k9', jku: issuer.decoyUrl })],
  ['jku of a good token', 'issued', () => issued({ jku: issuer.decoyUrl })],
  ['x5u', 'issued', () => foreign({ kid: 'k9', x5u: issuer.decoyUrl })],
  ['x5u of a good token', 'issued', () => issued({ x5u: issuer.decoyUrl })],
  ['jwk', 'issued', () => foreign({ jwk: issuer.publicJwk })],
  ['jwk of a good token', 'issued', () => issued({ jwk: issuer.publicJwk })],
  ['crit', 'demo', () => hmac({ alg: 'HS256', crit: ['x'], x: 1 }, claims(), signingSecret)],
  ['no exp', 'demo', () => own({ exp: undefined })],
  ['an exp over 24 h ahead', 'demo', () => own({ exp: secondsNow() + 90_000 })],
  ['an exp that is text', 'demo', () => hmac({ alg: 'HS256' }, claims({ exp: 'tomorrow' }), signingSecret)],
  ['no aud', 'demo', () => own({ aud: undefined })],
  ['the aud of another app', 'demo', () => own({ aud: 'calm' })],
  ['no sub', 'demo', () => own({ sub: undefined })],
  ['the sub of a visitor', 'demo', () => own({ sub: 'visitor:01900000-0000-7000-8000-000000000000' })],
  ['a sub that is no id', 'demo', () => own({ sub: 'wit\u0000ness' })],
  ['an iat from tomorrow', 'demo', () => own({ iat: secondsNow() + 3600 })],
  ['over 8 KB', 'demo', () => own({ filler: 'x'.repeat(9000) })],
  ['expired', 'demo', () => own({ exp: secondsNow() - 5 }), 'token_expired'],
];

const rows: readonly Row[] = bad.map(([what, app, make, code = 'bad_token']) => ({
  name: `a token of ${what}`,
  async run({ url, api }) {
    const token = await make();
    const asked = issuer.asked.length;
    const client = await RawWebSocket.open(url, { target: `/ws?app=${app}` });
    const answer = await client.introduce({ token });
    expect(answer.error?.code).toBe(code);
    expect(await client.closed()).toBe(4501);
    const { status } = await api('GET', '/conversations', undefined, { authorization: `Bearer ${token}` });
    expect(status).toBe(401);
    expect(issuer.asked.slice(asked).filter((path) => path !== '/jwks')).toEqual([]);
  },
}));

const others: readonly Row[] = [
  ...[
    ['https://issuer.example', 'demo'],
    ['calm', 'demo'],
    ['demo', 'calm'],
  ].map((aud) => ({
    name: `a token for ${aud.join(' and ')} is one of demo, on the socket as over HTTP`,
    async run({ url, api }: AttackedServer) {
      // Made after everybody was signed out once.
      const token = await own({ aud, iat: Date.now() / 1000 });
      const client = await RawWebSocket.connected(url, { token });
      const { status } = await api('GET', '/conversations', undefined, { authorization: `Bearer ${token}` });
      expect(status).toBe(200);
      await client.end();
    },
  })),
  {
    name: 'a bad token on an open connection, which keeps the one it has',
    async run({ connected, tokenOf }) {
      const client = await connected();
      expect(await client.codeOf('auth', { token: 'junk' })).toBe('bad_token');
      expect(await client.codeOf('auth', { token: await own({ exp: secondsNow() - 5 }) })).toBe('token_expired');
      expect(await client.codeOf('auth', { token: await tokenOf('witness') })).toBe('forbidden');
      expect(await client.codeOf('heartbeat')).toBe('ok');
      await client.end();
    },
  },
  {
    name: 'a user who is signed out is closed on all connections, and its tokens are refused',
    async run({ url, api }) {
      const { body } = await api('POST', '/tokens', { userId: 'revoked' });
      const token = String(body['token']);
      const clients = await Promise.all([
        RawWebSocket.connected(url, { token }),
        RawWebSocket.connected(url, { token }),
      ]);
      const begun = performance.now();
      await api('POST', '/users/revoked/sign-out');
      expect(await Promise.all(clients.map((client) => client.closed()))).toEqual([4507, 4507]);
      expect(performance.now() - begun).toBeLessThan(5000);
      const late = await RawWebSocket.open(url);
      await late.introduce({ token });
      expect(await late.closed()).toBe(4507);
    },
  },
];

test.each([...rows, ...others])('$name', (row) => attacked.withstand(row));

test('the issuer of all tokens was asked for its key set alone', () => {
  expect(new Set(issuer.asked)).toEqual(new Set(['/jwks']));
});
