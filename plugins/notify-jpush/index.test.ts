// The JPush provider: the rules of every provider, the whole table of codes, and a stand-in that refuses what
// JPush refuses.
import {
  oddDelivery,
  sampleClearing,
  sampleDelivery,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
} from '@belfry/plugin-kit/testing';
import type { Delivery, PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';
import { jpushService } from './test/jpush-service.ts';

const config = { appKey: 'a0b1c2d3e4f5a0b1c2d3e4f5', masterSecret: '0f1e2d3c4b5a0f1e2d3c4b5a' };
const target = { registrationId: '170976fa8abcdef0123', platform: 'android' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (http: number, code: number, message = 'x', headers?: Record<string, string>): HttpAnswer => ({
  http,
  body: { error: { code, message } },
  ...(headers === undefined ? {} : { headers }),
});

// Where many are sent in one call, an id for each is asked for first.
testNotificationProvider(plugin, {
  config: { ...config, batch: true },
  target,
  standing: ({ url }) =>
    url.includes('/v3/push/cid') ? { http: 200, body: { cidlist: ['c-1', 'c-2', 'c-3'] } } : undefined,
  answers: [
    [
      { http: 200, body: '{"sendno":"0","msg_id":1828256757123456789}' },
      'accepted:1828256757123456789',
      ([request]) => {
        const basic = Buffer.from(`${config.appKey}:${config.masterSecret}`).toString('base64');
        expect(request).toMatchObject({
          method: 'POST',
          url: 'https://api.jpush.cn/v3/push',
          headers: { authorization: `Basic ${basic}` },
        });
      },
    ],
    [says(400, 1011), 'retry:600000:target'],
    [says(400, 1011), 'rejected:target_gone', { attempt: 2 }],
    [says(400, 1003, 'registration_id invalid'), 'rejected:target_invalid'],
    [says(400, 1003, 'parameter value is invalid'), 'rejected:payload'],
    [
      [says(400, 1003, 'override_msg_id invalid'), { http: 200, body: { msg_id: '7' } }],
      'accepted:7',
      {
        previous: { providerMessageId: '123' },
        also: (requests) => {
          const overrides = requests.map((request) => (request.json() as { options: object }).options);
          expect(overrides[0]).toMatchObject({ override_msg_id: '123' });
          expect(overrides[1]).not.toHaveProperty('override_msg_id');
        },
      },
    ],
    ...[1002, 1005, 1009, 1012, 1035, 4711].map((code) => [says(400, code), 'rejected:payload'] as const),
    [says(401, 1004), 'rejected:credentials'],
    [says(400, 1008), 'rejected:credentials'],
    ...[2003, 2004, 2006, 2007].map((code) => [says(403, code), 'rejected:credentials'] as const),
    [says(403, 2005), 'rejected:quota'],
    [says(429, 2002), 'retry:60000'],
    [says(429, 2002, 'x', { 'x-rate-limit-reset': '23' }), 'retry:23000'],
    [says(404, 1020), 'rejected:credentials'],
    [says(405, 1001), 'rejected:credentials'],
    [says(500, 1000), 'retry'],
    [says(503, 1030), 'retry'],
    [{ http: 502, body: '<html>' }, 'retry'],
  ],
});

test('an unknown code is named in the detail', async () => {
  const standIn = await startStandIn(() => says(400, 4711));
  onTestFinished(() => standIn.close());
  const { instance } = await setUpLive(plugin, { ...config, baseUrl: standIn.url });
  expect(await instance.send(sampleDelivery({ target }), attempt)).toMatchObject({ detail: 'HTTP 400, code 4711' });
});

describe('with a stand-in that refuses what JPush refuses', () => {
  async function start(given: object = {}, devices: readonly string[] = [target.registrationId]) {
    const jpush = jpushService({ ...config, devices });
    const standIn = await startStandIn(jpush.service);
    onTestFinished(() => standIn.close());
    const { url } = standIn;
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: url, reportUrl: `${url}/v3/`, ...given });
    const send = (
      notification: Partial<PushNotification> = {},
      { platform = 'android', previous }: { platform?: string; previous?: Delivery['previous'] } = {},
    ) => instance.send(sampleDelivery({ target: { ...target, platform }, notification, previous }), attempt);
    return { jpush, instance, send, url, requests: standIn.requests };
  }

  const deviceOf = (n: number): string => `170976fa8abc${String(n).padStart(7, '0')}`;
  const manyOf = (count: number, previous?: Delivery['previous']): Delivery[] =>
    Array.from({ length: count }, (_, n) => ({
      ...sampleDelivery({
        target: { registrationId: deviceOf(n), platform: 'android' },
        notification: { body: `to ${n}` },
        previous,
      }),
      id: `d-${n}`,
    }));

  test('three hundred devices are two calls, one for the ids, each with its own text, message and outcome', async () => {
    const many = manyOf(300);
    const known = many.map((_, n) => deviceOf(n)).filter((_, n) => n !== 7);
    const { jpush, instance, requests } = await start({ batch: true }, known);
    const outcomes = (await instance.sendMany?.(many, attempt)) ?? [];
    expect(requests.map(({ path }) => path)).toEqual(['/v3/push/cid', '/v3/push/batch/regid/single']);
    expect(jpush.pushes[3]).toMatchObject({ notification: { android: { alert: 'to 3' } } });
    expect(outcomes[7]).toMatchObject({ outcome: 'retry', afterMs: 600_000, scope: 'target' });
    expect((await instance.sendMany?.(many.slice(6, 8), { ...attempt, attempt: 2 }))?.[1]).toMatchObject({
      reason: 'target_gone',
    });
    const messages = outcomes.flatMap((each) => (each.outcome === 'accepted' ? [each.providerMessageId] : []));
    expect([messages.length, new Set(messages).size]).toEqual([299, 299]);
  });

  test('what was not answered goes out under the same id, and is shown once', async () => {
    const many = manyOf(5);
    const { jpush, url } = await start(
      { batch: true },
      many.map((_, n) => deviceOf(n)),
    );
    let isLost = true;
    const { instance } = await setUpLive(
      plugin,
      { ...config, baseUrl: url, batch: true },
      {
        async fetch(address, init) {
          const response = await fetch(address, init);
          if (!isLost || !String(address).endsWith('/single')) return response;
          isLost = false;
          throw new TypeError('reset', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
        },
      },
    );
    expect(await instance.sendMany?.(many, attempt)).toMatchObject(many.map(() => ({ outcome: 'retry' })));
    const first = jpush.answered();
    expect(await instance.sendMany?.(many, { ...attempt, attempt: 2 })).toMatchObject(
      many.map(() => ({ outcome: 'accepted' })),
    );
    expect(jpush.answered()).toEqual(first);
  });

  test('a message to replace that JPush does not know costs that one device another attempt', async () => {
    const many = manyOf(2, { providerMessageId: '123' });
    const { instance } = await start(
      { batch: true },
      many.map((_, n) => deviceOf(n)),
    );
    const outcomes = await instance.sendMany?.(many, attempt);
    expect(outcomes).toMatchObject(many.map(() => ({ outcome: 'retry', afterMs: 0, scope: 'target' })));
    expect(await instance.sendMany?.(many, { ...attempt, attempt: 2 })).toMatchObject(
      many.map(() => ({ outcome: 'accepted' })),
    );
  });

  test('many are one call only where the tenant says that the account has it', async () => {
    expect((await start()).instance.sendMany).toBeUndefined();
  });

  test('each platform gets its own part and nothing else', async () => {
    const { jpush, send } = await start({
      androidChannelId: 'messages',
      thirdPartyChannel: { vivo: { classification: 1 } },
    });
    for (const platform of ['android', 'ios', 'hmos'])
      expect(await send({}, { platform })).toMatchObject({ outcome: 'accepted' });
    expect(jpush.pushes).toMatchObject([
      {
        platform: ['android'],
        notification: {
          android: {
            alert: 'hello',
            title: 'Alice',
            channel_id: 'messages',
            badge_set_num: 3,
            extras: { conversationId: 'c1' },
          },
        },
        options: { time_to_live: 86_400, classification: 1, third_party_channel: { vivo: { classification: 1 } } },
      },
      {
        platform: ['ios'],
        notification: { ios: { alert: { title: 'Alice', body: 'hello' }, badge: 3, 'thread-id': 'c1' } },
        options: { apns_production: true, apns_collapse_id: 'c-4f1b2a' },
      },
      { platform: ['hmos'], notification: { hmos: { alert: 'hello', category: 'IM', badge_set_num: 3 } } },
    ]);
    expect(jpush.pushes.map(({ notification }) => Object.keys(notification as object))).toEqual([
      ['android'],
      ['ios'],
      ['hmos'],
    ]);
  });

  test('odd characters, a badge of nothing or of thousands, and a life of years are taken', async () => {
    const { instance, send } = await start();
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    for (const badge of [0, 5000])
      expect(await send({ badge, ttlSeconds: 9e8 })).toMatchObject({ outcome: 'accepted' });
  });

  test('what shows nothing is a message to the app, and wakes an iPhone', async () => {
    const { jpush, send } = await start();
    for (const platform of ['android', 'ios']) await send({ silent: true, title: '', body: '' }, { platform });
    expect(jpush.pushes[0]).toMatchObject({ message: { extras: { type: 'push' } } });
    expect(jpush.pushes[1]).toMatchObject({ notification: { ios: { 'content-available': true } } });
  });

  test('the next of a conversation takes the place of the one before, and reading takes it away', async () => {
    const { jpush, instance, send } = await start();
    const first = await send();
    const providerMessageId = first.outcome === 'accepted' ? (first.providerMessageId ?? '') : '';
    expect(providerMessageId).toMatch(/^\d{19}$/);
    await send({}, { previous: { providerMessageId } });
    expect(jpush.pushes[1]).toMatchObject({ options: { override_msg_id: providerMessageId } });
    expect(await instance.clear?.(sampleClearing(target, providerMessageId), attempt)).toEqual({ outcome: 'accepted' });
    expect(jpush.withdrawn).toEqual([providerMessageId]);
    await instance.clear?.(sampleClearing({ ...target, platform: 'ios' }, providerMessageId), attempt);
    await instance.clear?.(sampleClearing(target), attempt);
    expect(jpush.withdrawn).toHaveLength(1);
  });

  test('what JPush counted is asked for a hundred at a time, where the tenant wants it', async () => {
    const { jpush, instance, send, url } = await start({ receipts: true });
    for (let n = 0; n < 3; n += 1) await send();
    jpush.received.add('1828256757123456780').add('1828256757123456782');
    const many = Array.from({ length: 150 }, (_, n) => ({
      ...{ deliveryId: `d-${n}`, acceptedAtMs: 1 },
      providerMessageId: n < 3 ? `182825675712345678${n}` : `9${n}`,
    }));
    const receipts = await instance.pollReceipts?.([{ deliveryId: 'none', acceptedAtMs: 1 }, ...many], attempt);
    expect(receipts).toEqual([
      { providerMessageId: '1828256757123456780', event: 'delivered' },
      { providerMessageId: '1828256757123456782', event: 'delivered' },
    ]);
    expect(jpush.asked.map((ids) => ids.length)).toEqual([100, 50]);
    expect((await setUpLive(plugin, { ...config, baseUrl: url })).instance.pollReceipts).toBeUndefined();
  });

  test('a check sends nothing, and says when the keys are refused', async () => {
    const good = await start();
    expect(await good.instance.check?.(attempt)).toEqual({ ok: true });
    expect(good.jpush.pushes).toEqual([]);
    const bad = await start({ masterSecret: 'f'.repeat(24) });
    expect(await bad.instance.check?.(attempt)).toEqual({ ok: false, detail: 'HTTP 401, code 1004' });
  });
});
