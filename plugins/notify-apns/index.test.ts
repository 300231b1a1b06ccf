// The APNs provider: the rules of every provider, the whole table of reasons, and a stand-in for Apple over
// HTTP/2 that verifies what it is sent.
import { generateKeyPairSync } from 'node:crypto';
import {
  fakeHost,
  oddDelivery,
  sampleClearing,
  sampleDelivery,
  setUpLive,
  testNotificationProvider,
  type HttpAnswer,
} from '@belfry/plugin-kit/testing';
import type { PushNotification } from '@belfry/plugin-kit';
import { Agent, fetch } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testCertificate } from '../../platform/server/test/support/test-certificate.ts';
import plugin from './index.ts';
import { startAppleService, type Reason } from './test/apple-service.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const config = { keyId: 'ABCDE12345', teamId: 'TEAM123456', privateKey, topic: 'com.example.app' };
const token = 'ab'.repeat(32);
const target = { token, environment: 'production' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (http: number, reason: string, headers?: Record<string, string>): HttpAnswer => ({
  http,
  body: { reason },
  ...(headers === undefined ? {} : { headers }),
});
const ownTopic = { target: { topic: 'com.example.other' } };

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      { http: 200, headers: { 'apns-id': 'A-1' } },
      'accepted:A-1',
      ([request]) => {
        expect(request).toMatchObject({
          method: 'POST',
          url: `https://api.push.apple.com/3/device/${token}`,
          headers: { 'apns-topic': 'com.example.app', 'apns-id': '01890a5d-ac96-774b-bcce-b302099a8057' },
        });
      },
    ],
    [says(410, 'Unregistered'), 'rejected:target_gone'],
    [says(410, 'ExpiredToken'), 'rejected:target_gone'],
    [says(400, 'BadDeviceToken'), 'rejected:target_invalid'],
    [
      [says(400, 'BadDeviceToken'), { http: 200 }],
      'accepted',
      {
        target: { environment: undefined },
        also: (requests) => {
          expect(requests.map(({ url }) => new URL(url).host)).toEqual([
            'api.push.apple.com',
            'api.sandbox.push.apple.com',
          ]);
        },
      },
    ],
    [
      [says(400, 'BadDeviceToken'), says(400, 'BadDeviceToken')],
      'rejected:target_invalid',
      { target: { environment: undefined } },
    ],
    [
      [says(400, 'BadDeviceToken'), says(410, 'Unregistered')],
      'rejected:target_gone',
      { target: { environment: undefined } },
    ],
    [
      [says(400, 'BadDeviceToken'), says(403, 'BadEnvironmentKeyIdInToken')],
      'rejected:target_invalid',
      { target: { environment: undefined } },
    ],
    [says(400, 'DeviceTokenNotForTopic'), 'rejected:target_invalid'],
    ...['MissingTopic', 'BadTopic', 'TopicDisallowed'].flatMap((reason) => [
      [says(400, reason), 'rejected:credentials'] as const,
      [says(400, reason), 'rejected:target_invalid', ownTopic] as const,
    ]),
    ...[
      ...['BadCollapseId', 'BadExpirationDate', 'BadMessageId', 'BadPriority', 'InvalidPushType', 'PayloadEmpty'],
      ...['DuplicateHeaders', 'SomethingNew'],
    ].map((reason) => [says(400, reason), 'rejected:payload'] as const),
    [says(413, 'PayloadTooLarge'), 'rejected:payload'],
    [says(404, 'BadPath'), 'rejected:payload'],
    [says(405, 'MethodNotAllowed'), 'rejected:payload'],
    [says(400, 'IdleTimeout'), 'retry'],
    // Signed a moment ago: then a clock is wrong, here or there.
    [says(403, 'ExpiredProviderToken'), 'rejected:credentials'],
    ...[
      ...['InvalidProviderToken', 'MissingProviderToken', 'BadCertificate', 'BadCertificateEnvironment', 'Forbidden'],
      ...['UnrelatedKeyIdInToken', 'BadEnvironmentKeyIdInToken'],
    ].map((reason) => [says(403, reason), 'rejected:credentials'] as const),
    [says(429, 'TooManyProviderTokenUpdates'), 'retry:1200000'],
    [says(429, 'TooManyRequests'), 'retry:60000:target'],
    [says(429, 'TooManyRequests', { 'retry-after': '5' }), 'retry:5000:target'],
    [says(500, 'InternalServerError'), 'retry'],
    [says(503, 'ServiceUnavailable', { 'retry-after': '30' }), 'retry:30000'],
    [says(503, 'Shutdown'), 'retry'],
    [{ http: 410 }, 'rejected:payload'],
  ],
});

test.each<[string, object, string]>([
  [
    'a key of another curve',
    {
      privateKey: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }),
    },
    'privateKey',
  ],
  ['a key that is none', { privateKey: 'no key' }, 'privateKey'],
  ['a key id that is too short', { keyId: 'ABC' }, 'keyId'],
])('refuses %s', (_, change, path) => {
  expect(plugin.config.safeParse({ ...config, ...change }).error?.issues[0]?.path).toEqual([path]);
});

test.each(['abc', 'xyz', 'ab'.repeat(7), 'ab'.repeat(101), `${token}/`])('refuses the device token %s', (given) => {
  expect(plugin.target.safeParse({ token: given }).success).toBe(false);
});

test('a key is read however it was pasted', () => {
  for (const pasted of [privateKey.trim(), privateKey.replaceAll('\n', '\\n'), privateKey.replaceAll('\n', '\r\n')])
    expect(plugin.config.safeParse({ ...config, privateKey: pasted }).success).toBe(true);
});

describe('with a stand-in that verifies', () => {
  async function start(given: object = {}, { allowH2 = true } = {}) {
    const host = fakeHost();
    const reasons = new Map<string, Reason>();
    const apple = await startAppleService({
      ...{ certificate: testCertificate, publicKey: pair.publicKey, reasons },
      nowMs: () => host.clock.now(),
    });
    const dispatcher = new Agent({
      connect: {
        ca: testCertificate.cert,
        lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
      },
      allowH2,
    });
    onTestFinished(async () => {
      await dispatcher.destroy();
      await apple.close();
    });
    const { instance } = await setUpLive(
      plugin,
      { ...config, baseUrl: apple.url, ...given },
      { host, fetch: (url, init) => fetch(url, { ...init, dispatcher }) },
    );
    const send = (notification: Partial<PushNotification> = {}, to: object = { token }) =>
      instance.send(sampleDelivery({ target: to, notification }), attempt);
    return { host, apple, reasons, instance, send };
  }

  test('a push is an alert with badge, thread and picture, and the data are the app’s', async () => {
    const { send, apple } = await start();
    expect(await send({ priority: 'urgent' })).toEqual({
      outcome: 'accepted',
      providerMessageId: '01890a5d-ac96-774b-bcce-b302099a8057',
    });
    expect(apple.taken).toMatchObject([
      {
        token,
        headers: {
          'apns-push-type': 'alert',
          'apns-priority': '10',
          'apns-expiration': '1767312000',
          'apns-collapse-id': 'c-4f1b2a',
        },
        payload: {
          aps: {
            alert: { title: 'Alice', body: 'hello' },
            badge: 3,
            'thread-id': 'c1',
            'interruption-level': 'time-sensitive',
            'mutable-content': 1,
          },
          belfry: { type: 'push', conversationId: 'c1', count: 1, imageUrl: 'https://example.com/alice.png' },
        },
      },
    ]);
  });

  test('odd characters and a life of nothing are taken, and the largest fits at the price of its picture', async () => {
    const { instance, send, apple } = await start();
    expect(await instance.send(oddDelivery({ token }), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(apple.taken[0]?.headers).toMatchObject({ 'apns-expiration': '0' });
    const most = plugin.limits.payloadBytes ?? 0;
    const frame = Buffer.byteLength(JSON.stringify({ title: 'Alice', body: '', data: {} }));
    const large = { body: 'x'.repeat(most - frame), data: {}, imageUrl: `https://example.com/${'x'.repeat(1900)}` };
    expect(await send(large)).toMatchObject({ outcome: 'accepted' });
    expect(apple.taken[1]?.payload['belfry']).not.toHaveProperty('imageUrl');
    expect(await send({ body: 'x'.repeat(5000) })).toMatchObject({ reason: 'payload' });
  });

  test('clearing and silent pushes show nothing, at low priority', async () => {
    const { instance, send, apple } = await start();
    expect(await instance.clear?.(sampleClearing({ token }), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(await send({ silent: true })).toMatchObject({ outcome: 'accepted' });
    expect(apple.taken.map(({ payload }) => payload['aps'])).toEqual([
      { 'content-available': 1 },
      { 'content-available': 1 },
    ]);
    expect(apple.taken[0]?.payload['belfry']).toEqual({ type: 'clear', collapseKey: 'c-4f1b2a', conversationId: 'c1' });
  });

  test('many pushes share one token and few connections; the token is signed anew after 50 minutes', async () => {
    const { host, send, apple } = await start();
    await send();
    const outcomes = await Promise.all(Array.from({ length: 50 }, async () => send()));
    expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    expect(apple.sessions.size).toBeLessThanOrEqual(2);
    host.clock.advance(49 * 60_000);
    await send();
    expect(apple.providerTokens.size).toBe(1);
    host.clock.advance(60_000);
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(apple.providerTokens.size).toBe(2);
  });

  test('a token that Apple calls too old is signed anew once it may be, and not before', async () => {
    const { host, send, reasons } = await start();
    await send();
    reasons.set(token, { status: 403, reason: 'ExpiredProviderToken' });
    expect(await send()).toMatchObject({ reason: 'credentials' });
    host.clock.advance(25 * 60_000);
    expect(await send()).toEqual({ outcome: 'retry', reason: 'HTTP 403 ExpiredProviderToken', afterMs: 0 });
    reasons.clear();
    expect(await send()).toMatchObject({ outcome: 'accepted' });
  });

  test('a device may name another app of the team', async () => {
    const { send, apple } = await start();
    await send({}, { token, topic: 'com.example.app.voip' });
    expect(apple.taken[0]?.headers['apns-topic']).toBe('com.example.app.voip');
  });

  test('a check reaches no device, and says when key or team is refused', async () => {
    const good = await start();
    expect(await good.instance.check?.(attempt)).toEqual({ ok: true });
    expect(good.apple.taken).toEqual([]);
    const bad = await start({ teamId: 'TEAM000000' });
    expect(await bad.instance.check?.(attempt)).toEqual({ ok: false, detail: 'HTTP 403 InvalidProviderToken' });
  });

  test('a check says so where a push would go out without HTTP/2', async () => {
    const { instance, apple } = await start({}, { allowH2: false });
    expect(await instance.check?.(attempt)).toEqual({
      ok: false,
      detail: 'HTTP/2 is not available between this server and Apple',
    });
    expect(apple.taken).toEqual([]);
  });
});
