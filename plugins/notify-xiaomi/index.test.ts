// The Xiaomi provider: the rules of every provider, the whole table of codes, and a stand-in that refuses what
// MiPush refuses.
import {
  fakeHost,
  oddDelivery,
  sampleDelivery,
  sampleReceiptUrl,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
  type StandInService,
} from '@belfry/plugin-kit/testing';
import { cutText, notifyIdOf, type PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';

const config = { appSecret: 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==', packageName: 'com.example.app' };
const target = { regId: 'd//igwEhgBGCI2TG6lWqlCesc0I6xE1wUhNCBXQ8uNOi' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (code: number, reason = 'x', http = 200): HttpAnswer => ({
  http,
  body: { result: 'error', code, reason },
});
const ok = (data: object): HttpAnswer => ({ http: 200, body: { result: 'ok', code: 0, data } });
const rows = (
  codes: readonly number[],
  outcome: 'rejected:payload' | 'rejected:credentials' | 'retry' | 'retry:60000',
) => codes.map((code) => [says(code), outcome] as const);

const reports = {
  'scm-1': { param: 'd-1', type: 1, targets: 'r-1', timestamp: 1_700_000_000_000 },
  'scm-2': { param: 'd-2', type: 2, targets: 'r-2' },
  'scm-3': { param: 'd-3', type: 16, targets: 'r-3' },
  // Of no sort that was asked for.
  'scm-4': { param: 'd-4', type: 32, targets: 'r-4' },
};

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      ok({ id: 'scm00b57539' }),
      'accepted:scm00b57539',
      ([request]) => {
        expect(request).toMatchObject({
          method: 'POST',
          url: 'https://api.xmpush.xiaomi.com/v3/message/regid',
          headers: { authorization: `key=${config.appSecret}` },
        });
        expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
          ...{
            registration_id: target.regId,
            restricted_package_name: 'com.example.app',
            title: 'Alice',
            description: 'hello',
          },
          ...{
            time_to_live: '86400000',
            notify_id: String(notifyIdOf('c-4f1b2a')),
            'extra.jobkey': '01890a5dac96774bbcce',
          },
        });
      },
    ],
    [ok({ id: 'scm1', bad_regids: `other,${target.regId}` }), 'rejected:target_gone'],
    [ok({ id: 'scm1', bad_regids: 'other' }), 'accepted:scm1'],
    [ok({ id: 'scm1', channel_exceed_quota: '1' }), 'rejected:quota'],
    [says(20301), 'rejected:target_gone'],
    ...rows([22_000, 22_005, 22_010, 10_016, 10_017, 10_018, 47_110], 'rejected:payload'),
    ...rows([21_301, 10_014, 10_013, 22_006, 66_108], 'rejected:credentials'),
    ...rows([10_022, 10_023, 10_024], 'retry:60000'),
    [says(200_001), 'rejected:quota'],
    ...rows([10_001, 10_002, 10_003, 10_009], 'retry'),
    [says(47_110, 'x', 502), 'retry'],
    [{ http: 503 }, 'retry'],
    [{ http: 401 }, 'rejected:credentials'],
    [{ http: 200, body: '<html>' }, 'retry'],
  ],
  receipts: [
    [{ body: { 'scm-1': { param: 'd-1', type: 1 } } }, 'refused', { config: { receipts: false } }],
    ...[{ body: reports }, { body: new URLSearchParams({ data: JSON.stringify(reports) }).toString() }].map(
      (request) =>
        [
          request,
          [
            { deliveryId: 'd-1', providerMessageId: 'scm-1', event: 'delivered', atMs: 1_700_000_000_000 },
            { deliveryId: 'd-2', providerMessageId: 'scm-2', event: 'opened' },
            { deliveryId: 'd-3', providerMessageId: 'scm-3', event: 'target_gone' },
          ],
          { config: { receipts: true } },
        ] as const,
    ),
    [{ body: {} }, 'refused', { config: { receipts: true } }],
  ],
});

test('MiPush is told where to report, where the tenant wants it', async () => {
  for (const receipts of [true, false]) {
    const host = fakeHost({ receiptUrl: sampleReceiptUrl });
    host.answer(ok({ id: 'scm-1' }));
    const instance = await plugin.setup(host.context(plugin.config.parse({ ...config, receipts })));
    await instance.send(sampleDelivery({ target }), attempt);
    const form = new URLSearchParams(host.requests[0]?.body);
    expect([form.get('extra.callback'), form.get('extra.callback.param'), form.get('extra.callback.type')]).toEqual(
      receipts ? [sampleReceiptUrl, sampleDelivery({ target }).id, '19'] : [null, null, null],
    );
  }
});

function mipush(): { service: StandInService; pushes: URLSearchParams[] } {
  const pushes: URLSearchParams[] = [];
  const jobs = new Set<string>();
  return {
    pushes,
    service(request) {
      if (request.headers['authorization'] !== `key=${config.appSecret}`) return says(21_301, 'auth failed');
      const form = new URLSearchParams(request.body);
      const of = (name: string) => form.get(name) ?? '';
      if (of('restricted_package_name') !== config.packageName) return says(66_108, 'package name');
      if (of('title') === '' || Array.from(of('title')).length >= 50) return says(10_017, 'title');
      if (of('description') === '' || Array.from(of('description')).length >= 128) return says(10_017, 'description');
      if (Buffer.byteLength(of('payload')) > 4096) return says(10_018, 'payload');
      if (Number(of('time_to_live')) > 1_209_600_000) return says(10_017, 'time_to_live');
      if ([...form.keys()].filter((name) => name.startsWith('extra.')).length > 10) return says(10_017, 'extra');
      if (of('extra.jobkey').length > 20) return says(10_017, 'jobkey');
      if (of('registration_id') !== target.regId) return says(20_301, 'no valid targets');
      if (!jobs.has(of('extra.jobkey'))) pushes.push(form);
      jobs.add(of('extra.jobkey'));
      return ok({ id: `scm${pushes.length}` });
    },
  };
}

describe('with a stand-in that refuses what MiPush refuses', () => {
  async function start(given: object = {}) {
    const api = mipush();
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: standIn.url, ...given });
    const send = (notification: Partial<PushNotification> = {}, more: object = {}) =>
      instance.send({ ...sampleDelivery({ target, notification }), ...more }, attempt);
    return { ...api, instance, send };
  }

  test('a push has its channel and intent, and another attempt at it is shown once', async () => {
    const { pushes, send } = await start({
      channelId: '107',
      intentUri: 'intent:#Intent;component=com.example.app/.Main;end',
    });
    for (let n = 0; n < 2; n += 1) expect(await send()).toEqual({ outcome: 'accepted', providerMessageId: 'scm1' });
    expect(Object.fromEntries(pushes[0] ?? [])).toMatchObject({
      'extra.channel_id': '107',
      'extra.notify_effect': '2',
    });
    expect(pushes).toHaveLength(1);
  });

  test('odd characters, no text, data of any size and a life of years are taken', async () => {
    const { instance, send, pushes } = await start();
    const odd = oddDelivery(target);
    // As the host cuts them.
    const title = cutText(odd.notification.title, plugin.limits.titleChars ?? 0);
    const cut = { ...odd, notification: { ...odd.notification, title } };
    expect(await instance.send(cut, attempt)).toMatchObject({ outcome: 'accepted' });
    const large = { title: '', body: '', data: { conversationId: 'c1', more: '你'.repeat(3000) }, ttlSeconds: 9e9 };
    expect(await send(large, { id: '11890a5d-ac96-774b-bcce-b302099a8057' })).toMatchObject({ outcome: 'accepted' });
    expect(JSON.parse(pushes[1]?.get('payload') ?? '')).toEqual({
      ...{ conversationId: 'c1', type: 'push', collapseKey: 'c-4f1b2a', count: 1 },
    });
  });

  test('a check shows nothing, and says when secret or package are refused', async () => {
    const { instance, pushes } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(pushes).toEqual([]);
    for (const wrong of [{ appSecret: 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=x' }, { packageName: 'com.example.other' }])
      expect(await (await start(wrong)).instance.check?.(attempt)).toMatchObject({ ok: false });
  });
});
