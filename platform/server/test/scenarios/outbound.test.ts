// Addresses that a provision file gives, in a server that does not allow private ones: which of them stop the
// start, and which are off and visible.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { StartProblem } from '../../src/compose/start-problem.ts';
import { startPushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

test('a provider at a private address is off and visible, is reported by name, and the server starts', async () => {
  const receiver = await startPushReceiver();
  onTestFinished(() => receiver.close());
  server = await startWholeServer({ pushUrl: receiver.url, env: { OUTBOUND_ALLOW: '' } });
  const { body } = await server.api('GET', '/providers');
  expect(body['providers']).toMatchObject([
    {
      id: 'hook',
      plugin: 'webhook',
      channel: 'webhook',
      state: 'off',
      reason: expect.stringMatching(/^url: 127\.0\.0\.1 is .*OUTBOUND_ALLOW/),
    },
  ]);
  expect(await server.line(({ msg }) => msg === 'config problem')).toMatchObject({
    level: 'warn',
    path: 'tenants[0].apps[0].providers[0].config.url',
    reason: expect.stringContaining('OUTBOUND_ALLOW'),
  });
  expect(await server.line(({ msg }) => msg === 'provider off')).toMatchObject({ app: 'demo', provider: 'hook' });
  expect(receiver.pushes).toEqual([]);
});

test('a key set that can never be fetched stops the start, with its path', async () => {
  const app = { jwksUrl: 'http://127.0.0.1:1/jwks' };
  const start = startWholeServer({ app, env: { OUTBOUND_ALLOW: '10.0.0.0/8' } });
  await expect(start).rejects.toThrow(StartProblem);
  await expect(start).rejects.toMatchObject({
    problems: [{ variable: expect.stringContaining('tenants[0].apps[0].jwksUrl') }],
  });
});

test.each([
  ['that is where it may be is fetched', 'keys', 200],
  ['that is elsewhere is not followed', 'redirect', 503],
  ['without an end is read no further than 64 KiB', 'endless', 503],
] as const)('a key set %s', async (_what, answer, expected) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
  const asked: string[] = [];
  const issuer = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.on('error', () => {});
    if (answer === 'redirect' && request.url === '/jwks') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (answer === 'endless') {
      const more = (): void => {
        while (response.write(' '.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    } else response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => {
    issuer.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        issuer.close(() => resolve());
        issuer.closeAllConnections();
      }),
  );
  const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
  server = await startWholeServer({ app: { jwksUrl } });
  const tokenOf = async (userId: string): Promise<string> =>
    await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .setSubject(userId)
      .setAudience('demo')
      .setExpirationTime('1h')
      .sign(privateKey);
  const status = async (userId: string) =>
    (await server?.api('GET', '/conversations', undefined, await tokenOf(userId)))?.status;
  expect(await status('alice')).toBe(expected);
  expect(asked).toEqual(['/jwks']);
});
