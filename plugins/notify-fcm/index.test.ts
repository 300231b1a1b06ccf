// The FCM provider: the rules of every provider, the whole table of answers, and a stand-in for Google that
// verifies what it is sent.
import { generateKeyPairSync } from 'node:crypto';
import {
  fakeHost,
  oddDelivery,
  sampleClearing,
  sampleDelivery,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
} from '@belfry/plugin-kit/testing';
import type { PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';
import { fcmService } from './test/fcm-service.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const private_key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function accountFile(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'demo-project',
    private_key_id: 'key-1',
    private_key,
    client_email: 'push@demo-project.iam.gserviceaccount.com',
    ...change,
  });
}

const config = { serviceAccount: accountFile() };
const target = { token: 'a-registration-token', platform: 'android' };
const tokenUrl = 'https://oauth2.googleapis.com/token';
const granted = { access_token: 'ya29.test', expires_in: 3599, token_type: 'Bearer' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const fcmError = (
  http: number,
  status: string,
  more: { code?: string; message?: string; field?: string } = {},
): HttpAnswer => ({
  http,
  body: {
    error: {
      ...{ code: http, status, message: more.message ?? 'x' },
      details: [
        ...(more.code === undefined ? [] : [{ errorCode: more.code }]),
        ...(more.field === undefined ? [] : [{ fieldViolations: [{ field: more.field }] }]),
      ],
    },
  },
});
const tokenAnswer = (answer: HttpAnswer) => ({
  standing: ({ url }: { url: string }) => (url === tokenUrl ? answer : undefined),
});

testNotificationProvider(plugin, {
  config,
  target,
  standing: ({ url }) => (url === tokenUrl ? { http: 200, body: granted } : undefined),
  answers: [
    [
      { http: 200, body: { name: 'projects/demo-project/messages/0:1500%31bd1c96f9fd7ecd' } },
      'accepted:0:1500%31bd1c96f9fd7ecd',
      ([request]) => {
        expect(request).toMatchObject({
          method: 'POST',
          url: 'https://fcm.googleapis.com/v1/projects/demo-project/messages:send',
          headers: { authorization: 'Bearer ya29.test' },
        });
      },
    ],
    [fcmError(404, 'NOT_FOUND', { code: 'UNREGISTERED' }), 'rejected:target_gone'],
    [fcmError(404, 'NOT_FOUND'), 'rejected:credentials'],
    [{ http: 404, body: '<html>' }, 'rejected:credentials'],
    [
      fcmError(400, 'INVALID_ARGUMENT', {
        code: 'INVALID_ARGUMENT',
        message: 'The registration token is not a valid FCM registration token',
      }),
      'rejected:target_invalid',
    ],
    [fcmError(400, 'INVALID_ARGUMENT', { field: 'message.token' }), 'rejected:target_invalid'],
    [
      fcmError(400, 'INVALID_ARGUMENT', { code: 'INVALID_ARGUMENT', message: 'Message is too big' }),
      'rejected:payload',
    ],
    [fcmError(400, 'INVALID_ARGUMENT', { field: 'message.android.ttl' }), 'rejected:payload'],
    [fcmError(400, 'SOMETHING_NEW', { code: 'SOMETHING_NEW' }), 'rejected:payload'],
    [fcmError(403, 'PERMISSION_DENIED', { code: 'SENDER_ID_MISMATCH' }), 'rejected:target_invalid'],
    [fcmError(403, 'PERMISSION_DENIED'), 'rejected:credentials'],
    [fcmError(401, 'UNAUTHENTICATED', { code: 'THIRD_PARTY_AUTH_ERROR' }), 'rejected:target_invalid'],
    [fcmError(401, 'UNAUTHENTICATED'), 'retry:0'],
    [fcmError(401, 'UNAUTHENTICATED'), 'rejected:credentials', { attempt: 2 }],
    [fcmError(429, 'RESOURCE_EXHAUSTED', { code: 'QUOTA_EXCEEDED' }), 'retry:60000'],
    [{ ...fcmError(429, 'RESOURCE_EXHAUSTED'), headers: { 'retry-after': '120' } }, 'retry:120000'],
    [fcmError(500, 'INTERNAL', { code: 'INTERNAL' }), 'retry:10000'],
    [{ ...fcmError(503, 'UNAVAILABLE', { code: 'UNAVAILABLE' }), headers: { 'retry-after': '30' } }, 'retry:30000'],
    [fcmError(418, 'SOMETHING_NEW'), 'rejected:payload'],
    [{ http: 200 }, 'rejected:credentials', tokenAnswer({ http: 400, body: { error: 'invalid_grant' } })],
    [{ http: 200 }, 'rejected:credentials', tokenAnswer({ http: 401, body: { error: 'invalid_client' } })],
    [{ http: 200 }, 'rejected:credentials', tokenAnswer({ http: 404 })],
    [{ http: 200 }, 'retry:7000', tokenAnswer({ http: 429, headers: { 'retry-after': '7' } })],
    [{ http: 200 }, 'retry', tokenAnswer({ http: 503 })],
    [{ http: 200 }, 'retry', tokenAnswer({ http: 200, body: '<html>' })],
  ],
});

test.each<[string, string]>([
  ['no JSON', 'no JSON'],
  ['a key of another kind', accountFile({ private_key: 'no key' })],
  ['no project', accountFile({ project_id: undefined })],
  ['a project that would leave its place in the address', accountFile({ project_id: '../x' })],
])('refuses a service account with %s', (_, serviceAccount) => {
  expect(plugin.config.safeParse({ serviceAccount }).error?.issues[0]?.path).toEqual(['serviceAccount']);
});

describe('with a stand-in that verifies', () => {
  async function start(given: Record<string, unknown> = {}) {
    const host = fakeHost();
    const answers = new Map<string, HttpAnswer>();
    const fcm = fcmService({ key: pair.publicKey, nowMs: () => host.clock.now(), answers });
    const standIn = await startStandIn(fcm.service);
    onTestFinished(() => standIn.close());
    const serviceAccount = accountFile({ token_uri: `${standIn.url}/token`, ...given });
    const { instance } = await setUpLive(plugin, { serviceAccount, baseUrl: standIn.url }, { host });
    const send = (notification: Partial<PushNotification> = {}, token = target.token) =>
      instance.send(sampleDelivery({ target: { token }, notification }), attempt);
    return { host, fcm, answers, instance, send };
  }

  test('Android, Apple devices and browsers each find their part of one message', async () => {
    const { send, fcm } = await start();
    expect(await send({ priority: 'urgent' })).toEqual({ outcome: 'accepted', providerMessageId: '0:1' });
    expect(fcm.messages).toMatchObject([
      {
        token: target.token,
        notification: { title: 'Alice', body: 'hello', image: 'https://example.com/alice.png' },
        data: { type: 'push', conversationId: 'c1', count: '1', collapseKey: 'c-4f1b2a' },
        android: {
          priority: 'HIGH',
          ttl: '86400s',
          notification: { tag: 'c-4f1b2a', channel_id: 'messages', notification_count: 3 },
        },
        apns: {
          headers: { 'apns-priority': '10', 'apns-push-type': 'alert', 'apns-expiration': '1767312000' },
          payload: { aps: { badge: 3, 'thread-id': 'c1', alert: { title: 'Alice', body: 'hello' } } },
        },
        webpush: { headers: { TTL: '86400', Urgency: 'high', Topic: 'c-4f1b2a' } },
      },
    ]);
  });

  test('odd characters, names that FCM keeps for itself, and a life of nothing are taken', async () => {
    const { instance, send, fcm } = await start();
    expect(await instance.send(oddDelivery({ token: target.token }), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(await send({ data: { from: 'x', message_type: 'y', 'google.a': 1 }, ttlSeconds: 9e9 })).toMatchObject({
      outcome: 'accepted',
    });
    expect(fcm.messages[1]?.['data']).toMatchObject({
      'data.from': 'x',
      'data.message_type': 'y',
      'data.google.a': '1',
    });
  });

  test('the largest that the host lets through fits, at the price of its picture', async () => {
    const { send, fcm } = await start();
    const most = plugin.limits.payloadBytes ?? 0;
    const frame = Buffer.byteLength(JSON.stringify({ title: 'Alice', body: '', data: {} }));
    const imageUrl = `https://example.com/${'x'.repeat(1900)}`;
    expect(await send({ body: 'x'.repeat(most - frame), data: {}, imageUrl })).toMatchObject({ outcome: 'accepted' });
    expect(fcm.messages[0]?.['notification']).not.toHaveProperty('image');
  });

  test('clearing and silent messages show nothing, and wake the app at low priority', async () => {
    const { instance, send, fcm } = await start();
    await instance.clear?.(sampleClearing({ token: target.token }), attempt);
    await send({ silent: true });
    for (const message of fcm.messages) expect(message).not.toHaveProperty('notification');
    expect(fcm.messages).toMatchObject([
      { data: { type: 'clear', collapseKey: 'c-4f1b2a', conversationId: 'c1' }, android: { priority: 'NORMAL' } },
      { data: { type: 'push' }, apns: { payload: { aps: { 'content-available': 1 } } } },
    ]);
  });

  test('one access token serves an hour, another takes its place before it ends, and one that is withdrawn is got anew', async () => {
    const { host, send, fcm } = await start();
    await Promise.all([send(), send(), send()]);
    host.clock.advance(54 * 60_000);
    await send();
    expect(fcm.tokens).toHaveLength(1);
    host.clock.advance(60_000);
    await send();
    expect(fcm.tokens).toHaveLength(2);
    fcm.revoke();
    expect(await send()).toEqual({ outcome: 'retry', reason: 'HTTP 401 UNAUTHENTICATED', afterMs: 0 });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
  });

  test('a check sends nothing, and says when the account or the project is refused', async () => {
    const check = async (given: Record<string, unknown> = {}) => {
      const { instance, fcm } = await start(given);
      const result = await instance.check?.({ signal: attempt.signal });
      expect(fcm.messages).toEqual([]);
      return result;
    };
    expect(await check()).toEqual({ ok: true });
    expect(await check({ project_id: 'other' })).toMatchObject({ ok: false, detail: expect.stringContaining('404') });
    expect(await check({ private_key_id: 'key-2' })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('invalid_grant'),
    });
  });

  test('a clock that is wrong is named as what may be wrong', async () => {
    const host = fakeHost();
    const fcm = fcmService({ key: pair.publicKey, nowMs: () => host.clock.now() + 7_200_000 });
    const standIn = await startStandIn(fcm.service);
    onTestFinished(() => standIn.close());
    const serviceAccount = accountFile({ token_uri: `${standIn.url}/token` });
    const { instance } = await setUpLive(plugin, { serviceAccount, baseUrl: standIn.url }, { host });
    expect(await instance.send(sampleDelivery({ target }), attempt)).toMatchObject({
      reason: 'credentials',
      detail: expect.stringContaining("Check the server's clock"),
    });
  });
});
