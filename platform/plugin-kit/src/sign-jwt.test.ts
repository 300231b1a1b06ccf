// JSON Web Tokens, verified by another implementation than the one that signs.
import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { signJwt } from './sign-jwt.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const claims = { iss: 'a', iat: 1, name: '你好' };

test.each([
  ['RS256', rsa],
  ['PS256', rsa],
  ['ES256', ec],
] as const)('a token of %s is verified by its public key, from a key or from its PEM', async (alg, pair) => {
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const key of [pair.privateKey, pem]) {
    const { payload, protectedHeader } = await jwtVerify(
      signJwt({ alg, key, header: { kid: 'k1' }, claims }),
      pair.publicKey,
    );
    expect(payload).toEqual(claims);
    expect(protectedHeader).toEqual({ alg, typ: 'JWT', kid: 'k1' });
  }
});

test('a key of another kind is an error, and so is none', () => {
  expect(() => signJwt({ alg: 'ES256', key: rsa.privateKey, claims })).toThrow('not one for ES256');
  expect(() => signJwt({ alg: 'RS256', key: ec.privateKey, claims })).toThrow('not one for RS256');
  expect(() => signJwt({ alg: 'RS256', key: 'no key', claims })).toThrow();
});
