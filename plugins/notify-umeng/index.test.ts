// The Umeng provider: the rules of every provider, the codes and words of its answers, and a stand-in that
// verifies the signature over the very bytes.
import { createHash } from 'node:crypto';
import {
  fakeHost,
  oddDelivery,
  sampleDelivery,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
  type StandInService,
} from '@belfry/plugin-kit/testing';
import type { PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';

const keysOf = (letter: string) => ({ appKey: letter.repeat(24), appMasterSecret: `${letter}0`.repeat(16) });
const config = { android: keysOf('a'), ios: keysOf('b') };
const android = { deviceToken: 'A'.repeat(44), platform: 'android' };
const ios = { deviceToken: 'b'.repeat(64), platform: 'ios' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (error_code: string | number, error_msg = 'x', http = 400): HttpAnswer => ({
  http,
  body: { ret: 'FAIL', data: { error_code, error_msg } },
});

testNotificationProvider(plugin, {
  config,
  target: android,
  answers: [
    [
      { http: 200, body: { ret: 'SUCCESS', data: { msg_id: 'uu1' } } },
      'accepted:uu1',
      ([request]) => {
        const base = 'https://msgapi.umeng.com/api/send';
        const sign = createHash('md5')
          .update(`POST${base}${request?.body ?? ''}${config.android.appMasterSecret}`)
          .digest('hex');
        expect(request).toMatchObject({ method: 'POST', url: `${base}?sign=${sign}` });
      },
    ],
    [says('2027'), 'rejected:credentials'],
    [says('2018'), 'rejected:credentials'],
    [says('2019'), 'rejected:credentials'],
    [says('2004'), 'rejected:credentials'],
    [says(1000), 'rejected:credentials'],
    [says('2028'), 'rejected:credentials'],
    [says('9001', 'timestamp expired'), 'rejected:credentials'],
    [says('9001', '签名错误'), 'rejected:credentials'],
    [says('9001', 'appkey not exist'), 'rejected:credentials'],
    [says('2002'), 'rejected:target_invalid'],
    [says('2021'), 'rejected:target_invalid'],
    [says('2055'), 'rejected:target_invalid'],
    [says('2056'), 'rejected:target_invalid'],
    [says('9001', 'device_token is invalid'), 'rejected:target_invalid'],
    [says('2044'), 'retry:60000'],
    [says('2050'), 'retry:60000'],
    [says('9001', 'too many requests'), 'retry:60000'],
    [says('2058'), 'rejected:quota'],
    [says('1018', 'invalid json'), 'rejected:payload'],
    [says('5001'), 'retry'],
    [says('6001'), 'retry'],
    [says('9001'), 'rejected:payload'],
    [says('2027', 'x', 200), 'rejected:credentials'],
    [{ http: 200, body: '<html>' }, 'retry'],
    [{ http: 503 }, 'retry'],
    [{ http: 200 }, 'rejected:target_invalid', { target: { platform: 'harmony' } }],
  ],
});

test('the keys of one application are needed', () => {
  expect(plugin.config.safeParse({}).error?.issues[0]?.path).toEqual(['android']);
});

function umeng(nowMs: () => number): { service: StandInService; pushes: Record<string, unknown>[] } {
  const pushes: Record<string, unknown>[] = [];
  return {
    pushes,
    service(request) {
      const body = request.json() as Record<string, unknown>;
      const [platform, keys] = Object.entries(config).find(([, { appKey }]) => appKey === body['appkey']) ?? [];
      if (keys === undefined) return says('2000', 'appkey');
      const address = `http://${request.headers['host'] ?? ''}${request.path}`;
      const right = createHash('md5')
        .update(`POST${address}`)
        .update(request.bytes)
        .update(keys.appMasterSecret)
        .digest('hex');
      if (request.query.get('sign') !== right) return says('2027', 'sign');
      if (Math.abs(nowMs() - Number(body['timestamp'])) > 600_000) return says('2028', 'timestamp');
      const { payload, device_tokens: token } = body as { payload: Record<string, unknown>; device_tokens: string };
      const isApple = 'aps' in payload;
      // A push in the form of Android, with the keys of iOS.
      if (isApple !== (platform === 'ios')) return says('1018', 'payload');
      if (token.length !== (isApple ? 64 : 44)) return says('2002', 'device_token');
      if (Buffer.byteLength(JSON.stringify(payload)) > (isApple ? 2012 : 1840))
        return says('2012', 'payload too large');
      pushes.push(body);
      return { http: 200, body: { ret: 'SUCCESS', data: { msg_id: `uu${pushes.length}` } } };
    },
  };
}

describe('with a stand-in that verifies', () => {
  async function start(given: object = {}) {
    const host = fakeHost();
    const api = umeng(() => host.clock.now());
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: standIn.url, ...given }, { host });
    const send = (target: object, notification: Partial<PushNotification> = {}) =>
      instance.send(sampleDelivery({ target, notification }), attempt);
    return { ...api, instance, send };
  }

  test('each platform gets its form, signed by the keys of its application, until a time of Beijing', async () => {
    const { pushes, send } = await start({ channelProperties: { vivo_category: 'IM' } });
    for (const target of [android, ios]) expect(await send(target)).toMatchObject({ outcome: 'accepted' });
    expect(pushes).toMatchObject([
      {
        ...{ type: 'unicast', device_tokens: android.deviceToken, production_mode: 'true' },
        policy: { expire_time: '2026-01-02 08:00:00', out_biz_no: '01890a5d-ac96-774b-bcce-b302099a8057' },
        payload: {
          display_type: 'notification',
          body: { title: 'Alice', text: 'hello', set_badge: 3 },
          extra: { conversationId: 'c1' },
        },
        channel_properties: { vivo_category: 'IM' },
      },
      {
        payload: {
          aps: { alert: { title: 'Alice', body: 'hello' }, badge: 3, 'thread-id': 'c1' },
          conversationId: 'c1',
        },
        policy: { apns_collapse_id: 'c-4f1b2a' },
      },
    ]);
  });

  test('Chinese, odd characters, silent messages, and data of any size are taken by both', async () => {
    const { instance, send } = await start();
    for (const target of [android, ios]) {
      expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
      expect(await send(target, { silent: true })).toMatchObject({ outcome: 'accepted' });
      const large = {
        title: '你'.repeat(50),
        body: '好'.repeat(128),
        data: { aps: 1, conversationId: 'c1', more: '你'.repeat(2000) },
      };
      expect(await send(target, large)).toMatchObject({ outcome: 'accepted' });
    }
  });

  test('other keys are refused', async () => {
    const { send } = await start({ android: { ...config.android, appMasterSecret: 'f'.repeat(32) } });
    expect(await send(android)).toMatchObject({ reason: 'credentials', detail: 'code 2027 sign' });
  });
});
