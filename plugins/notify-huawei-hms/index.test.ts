// The Huawei provider: the rules of every provider, the whole table of codes of both interfaces, and a
// stand-in that verifies what it is sent.
import { createHmac, generateKeyPairSync } from 'node:crypto';
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
import { notifyIdOf, type PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';
import { huaweiService } from './test/huawei-service.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const serviceAccount = JSON.stringify({
  ...{ project_id: '99536292101', key_id: 'key-1', sub_account: 'account-1' },
  private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
});
const app = { projectId: '99536292101', clientId: '104570001' };
const clientSecret = 'a-client-secret-of-the-tests';
const android = { token: 'a-push-token-of-android', os: 'android' };
const harmony = { token: 'a-push-token-of-harmony', os: 'harmony' };
const attempt = { signal: new AbortController().signal, attempt: 1 };
const authUrl = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token';

const says = (code: string, more: object = {}, http = 200): HttpAnswer => ({
  http,
  body: { code, msg: 'x', requestId: 'r-1', ...more },
});
const rows = (codes: readonly string[], outcome: 'rejected:payload' | 'rejected:credentials') =>
  codes.map((code) => [says(code), outcome] as const);
const common = [
  ...rows(
    ['80100001', '80100003', '80100004', '80100013', '80100016', '80100018', '80300008', '80300010', '80999999'],
    'rejected:payload',
  ),
  ...rows(
    ['80200001', '80200006', '80300002', '80300011', '80300013', '80300036', '80300037', '80600003'],
    'rejected:credentials',
  ),
  [says('80200003'), 'retry:0'],
  [says('80200005'), 'retry:0'],
  [says('80200005'), 'rejected:credentials', { attempt: 2 }],
  [says('80300029'), 'retry:10000'],
  [says('81000001'), 'retry:10000'],
  [{ http: 503 }, 'retry:10000'],
  [{ http: 503, headers: { 'retry-after': '60' } }, 'retry:60000'],
  [{ http: 500 }, 'retry:10000'],
  [{ http: 502 }, 'retry:10000'],
  [{ http: 401 }, 'rejected:credentials'],
  [says('80200001', {}, 401), 'rejected:credentials'],
  [{ http: 404 }, 'rejected:credentials'],
  [{ http: 200, body: '<html>' }, 'retry'],
] as const;

const granted: HttpAnswer = { http: 200, body: { access_token: 'a\\/b', expires_in: 3600 } };
const tokenAnswer = (answer: HttpAnswer) => ({
  standing: ({ url }: { url: string }) => (url === authUrl ? answer : undefined),
});

/** As Push Kit signs, where a user and a key were entered. */
function callbackId(key: string): string {
  const [timestamp, nonce] = ['1563105451261', 'a07bfa17-6d82-4b53-a9a2-07cfef5ceef1'];
  const value = createHmac('sha256', key).update(`${timestamp}${nonce}belfry`).digest('base64');
  return `timestamp=${timestamp}; nonce=${nonce}; value=${value}`;
}

describe('to HMS Core', () => {
  testNotificationProvider(plugin, {
    config: { ...app, clientSecret },
    target: android,
    standing: ({ url }) => (url === authUrl ? granted : undefined),
    answers: [
      [
        says('80000000'),
        'accepted:r-1',
        ([request]) => {
          expect(request).toMatchObject({
            method: 'POST',
            url: 'https://push-api.cloud.huawei.com/v1/104570001/messages:send',
          });
          expect(request?.headers).not.toHaveProperty('push-type');
        },
      ],
      [says('80100000'), 'rejected:target_invalid'],
      [says('80300007'), 'rejected:target_invalid'],
      [[says('80100022'), says('80000000')], 'accepted:r-1'],
      ...common,
      [says('80000000'), 'rejected:target_invalid', { target: { os: 'harmony' } }],
      [says('80000000'), 'rejected:credentials', tokenAnswer({ http: 400, body: { error: 1101 } })],
      [says('80000000'), 'retry', tokenAnswer({ http: 503 })],
    ],
    receipts: [
      [{ body: { statuses: [] } }, 'refused', { config: { receipts: false } }],
      ...[
        [
          {
            statuses: [
              { biTag: 'd-1', appid: '1', token: 't', status: 0, timestamp: 1489993883189, requestId: 'r' },
              { biTag: 'd-2', appid: '1', token: 't', status: 2, requestId: 'r' },
              { biTag: 'd-3', appid: '1', token: 't', status: 5, requestId: 'r' },
              { biTag: 'd-4', appid: '1', token: 't', status: 102, requestId: 'r' },
            ],
          },
          [
            { deliveryId: 'd-1', event: 'delivered', atMs: 1489993883189 },
            { deliveryId: 'd-2', event: 'target_gone' },
            { deliveryId: 'd-3', event: 'target_gone' },
            { deliveryId: 'd-4', event: 'failed', detail: 'status 102' },
          ],
        ] as const,
        [
          {
            statuses: [
              { biTag: 'd-1', token: 't', pushType: 0, requestId: 'r', deliveryStatus: { result: 0, timestamp: 5 } },
              { token: 't', pushType: 1, requestId: 'r', formStatus: { formId: 1, result: 0 } },
              { token: 't', pushType: 0, requestId: 'r', deliveryStatus: { result: 0 } },
            ],
          },
          [{ deliveryId: 'd-1', event: 'delivered', atMs: 5 }],
        ] as const,
      ].map(
        ([body, receipts]) =>
          [
            { body },
            { receipts, answer: { status: 200, body: '{"code":"0","message":"success"}' } },
            { config: { receipts: true } },
          ] as const,
      ),
      ...[
        [
          'the-key-of-receipts',
          { receipts: [], answer: { status: 200, body: '{"code":"0","message":"success"}' } },
        ] as const,
        ['another-key', 'refused'] as const,
      ].map(
        ([key, expected]) =>
          [
            { body: { statuses: [] }, headers: { 'x-huawei-callback-id': callbackId(key) } },
            expected,
            { config: { receipts: true, receiptUser: 'belfry', receiptKey: 'the-key-of-receipts' } },
          ] as const,
      ),
    ],
  });
});

describe('to HarmonyOS 5', () => {
  const illegal = (key: string) => says('80100000', { illegalTokens: { [key]: ['x'] } });
  testNotificationProvider(plugin, {
    config: { ...app, serviceAccount },
    target: harmony,
    answers: [
      [
        says('80000000'),
        'accepted:r-1',
        ([request]) => {
          expect(request).toMatchObject({ url: 'https://push-api.cloud.huawei.com/v3/99536292101/messages:send' });
          expect(request?.headers).toMatchObject({ 'push-type': '0' });
        },
      ],
      [illegal('tokenFormatError'), 'rejected:target_gone'],
      [illegal('tokenPlatformNotSupport'), 'rejected:target_gone'],
      [illegal('noRight'), 'rejected:target_invalid'],
      [says('80300007'), 'rejected:target_invalid'],
      ...['noPushTypeRight', 'countryNotSupport', 'appinfoError', 'disableSendMarketingPenalty', 'noRightToSendIM'].map(
        (key) => [illegal(key), 'rejected:credentials'] as const,
      ),
      ...common,
    ],
  });
});

test('wants a service account or a client secret', () => {
  expect(plugin.config.safeParse(app).error?.issues[0]?.path).toEqual(['serviceAccount']);
  expect(plugin.config.safeParse({ ...app, serviceAccount: '{}' }).error?.issues[0]?.path).toEqual(['serviceAccount']);
});

describe('with a stand-in that verifies', () => {
  async function start(given: object = { clientSecret, serviceAccount }) {
    const host = fakeHost();
    const huawei = huaweiService({
      ...{ ...app, clientSecret, key: pair.publicKey, nowMs: () => host.clock.now() },
      devices: [android.token, harmony.token],
    });
    const standIn = await startStandIn(huawei.service);
    onTestFinished(() => standIn.close());
    const config = { ...app, baseUrl: standIn.url, authUrl: `${standIn.url}/oauth2/v3/token`, ...given };
    const { instance } = await setUpLive(plugin, config, { host });
    const send = (target: object, notification: Partial<PushNotification> = {}) =>
      instance.send(sampleDelivery({ target, notification }), attempt);
    return { host, huawei, instance, send };
  }

  test('each interface gets its own form, and a picture that was not checked is left out', async () => {
    const { huawei, send } = await start({ clientSecret, serviceAccount, badgeClass: 'com.example.app.Main' });
    for (const target of [android, harmony]) expect(await send(target)).toMatchObject({ outcome: 'accepted' });
    const notifyId = notifyIdOf('c-4f1b2a');
    expect(huawei.taken).toMatchObject([
      {
        path: '/v1/104570001/messages:send',
        body: {
          message: {
            notification: { title: 'Alice', body: 'hello', image: 'https://example.com/alice.png' },
            android: { ttl: '86400s', category: 'IM', notification: { notify_id: notifyId, badge: { set_num: 3 } } },
          },
        },
      },
      {
        path: '/v3/99536292101/messages:send',
        pushType: '0',
        body: {
          payload: { notification: { title: 'Alice', notifyId, badge: { setNum: 3 }, category: 'IM' } },
          pushOptions: { ttl: 86_400 },
        },
      },
    ]);
  });

  test('odd characters, silent messages and a life of nothing are taken by both', async () => {
    const { huawei, instance, send } = await start();
    for (const target of [android, harmony]) {
      expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
      expect(await send(target, { silent: true, imageUrl: undefined })).toMatchObject({ outcome: 'accepted' });
    }
    expect(huawei.taken.map(({ pushType }) => pushType)).toEqual([undefined, undefined, '0', '6']);
    expect(huawei.taken[1]?.body['message']).not.toHaveProperty('notification');
  });

  test('a notification is taken back from HarmonyOS 5, and elsewhere the app is asked to', async () => {
    const { huawei, instance } = await start();
    for (const target of [android, harmony])
      expect(await instance.clear?.(sampleClearing(target), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(huawei.revoked).toEqual([{ notifyId: notifyIdOf('c-4f1b2a'), token: [harmony.token] }]);
    expect(huawei.taken).toHaveLength(1);
  });

  test('one access token serves many, and another takes its place before it ends', async () => {
    const { host, huawei, send } = await start({ clientSecret });
    await Promise.all([send(android), send(android)]);
    host.clock.advance(54 * 60_000);
    await send(android);
    expect(huawei.tokens).toHaveLength(1);
    host.clock.advance(60_000);
    expect(await send(android)).toMatchObject({ outcome: 'accepted' });
    expect(huawei.tokens).toHaveLength(2);
  });

  test('a service account alone serves both', async () => {
    const { send } = await start({ serviceAccount });
    for (const target of [android, harmony]) expect(await send(target)).toMatchObject({ outcome: 'accepted' });
  });

  test('a check sends nothing, and says when the secret is refused', async () => {
    const { instance, huawei } = await start({ clientSecret });
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(huawei.taken).toEqual([]);
    const bad = await start({ clientSecret: 'another-client-secret' });
    expect(await bad.instance.check?.(attempt)).toMatchObject({ ok: false, detail: expect.stringContaining('secret') });
  });
});
