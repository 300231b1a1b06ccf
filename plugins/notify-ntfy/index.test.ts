// The ntfy provider: the rules of every provider, the whole table of codes, and a stand-in that refuses what
// an ntfy server refuses.
import {
  oddDelivery,
  sampleClearing,
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

const config = { token: 'tk_abcdefghijklmnopqrstuvwxyz012' };
const target = { topic: 'bob_0f1e2d' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (http: number, code: number, headers?: Record<string, string>): HttpAnswer => ({
  http,
  body: { code, http, error: 'x' },
  ...(headers === undefined ? {} : { headers }),
});

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      { http: 200, body: { id: 'hwQ2YpKdmg', time: 1, event: 'message', topic: 'bob_0f1e2d' } },
      'accepted:hwQ2YpKdmg',
      ([request]) => {
        expect(request).toMatchObject({ method: 'POST', url: 'https://ntfy.sh/' });
        expect(request?.headers).toMatchObject({ authorization: `Bearer ${config.token}` });
        expect(request?.json()).toEqual({
          ...{ topic: 'bob_0f1e2d', title: 'Alice', message: 'hello', priority: 3, sequence_id: 'c-4f1b2a' },
          icon: 'https://example.com/alice.png',
        });
      },
    ],
    [says(401, 40101), 'rejected:credentials'],
    [says(403, 40301), 'rejected:credentials'],
    [says(404, 40401), 'rejected:credentials'],
    [says(400, 40009), 'rejected:target_invalid'],
    [says(400, 40010), 'rejected:target_invalid'],
    [says(400, 40099), 'rejected:payload'],
    [says(413, 41301), 'rejected:payload'],
    [says(429, 42901), 'retry:5000'],
    [says(429, 42901, { 'retry-after': '9' }), 'retry:9000'],
    [says(429, 42908), 'rejected:quota'],
    [says(429, 42909), 'retry:60000'],
    [says(507, 50701), 'retry'],
    [says(500, 50001), 'retry'],
  ],
});

/** Keeps what each topic shows, by its sequence. */
function ntfyServer(): { service: StandInService; shown: Map<string, Record<string, unknown>> } {
  const shown = new Map<string, Record<string, unknown>>();
  return {
    shown,
    service(request) {
      if (request.headers['authorization'] !== `Bearer ${config.token}`) return says(401, 40101);
      if (request.path === '/v1/account') return { http: 200, body: { username: 'bob' } };
      const [, topic, sequence] = /^\/([^/]+)\/([^/]+)\/clear$/.exec(request.path) ?? [];
      if (request.method === 'PUT' && topic !== undefined) {
        shown.delete(`${topic}/${sequence ?? ''}`);
        return { http: 200, body: { id: 'x' } };
      }
      if (request.method !== 'POST' || request.path !== '/') return says(404, 40401);
      const message = request.json() as Record<string, unknown>;
      if (!/^[-_A-Za-z0-9]{1,64}$/.test(String(message['topic']))) return says(400, 40009);
      if (Buffer.byteLength(String(message['message'])) > 4096) return says(413, 41301);
      if (!/^[-_A-Za-z0-9]{1,64}$/.test(String(message['sequence_id']))) return says(400, 40099);
      shown.set(`${String(message['topic'])}/${String(message['sequence_id'])}`, message);
      return { http: 200, body: { id: `m${shown.size}` } };
    },
  };
}

describe('with a stand-in that refuses what ntfy refuses', () => {
  async function start(given: object = {}) {
    const server = ntfyServer();
    const standIn = await startStandIn(server.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: standIn.url, ...given });
    const send = (notification: Partial<PushNotification> = {}) =>
      instance.send(sampleDelivery({ target, notification }), attempt);
    return { ...server, standIn, instance, send };
  }

  test('a notification replaces the one of its conversation, and goes when it was read', async () => {
    const { shown, instance, send } = await start({ openUrl: 'https://app.example.com/{conversationId}' });
    for (const body of ['one', 'two'])
      expect(await send({ body, priority: 'urgent' })).toMatchObject({ outcome: 'accepted' });
    expect([...shown.values()]).toMatchObject([{ message: 'two', priority: 5, click: 'https://app.example.com/c1' }]);
    expect(await instance.clear?.(sampleClearing(target), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(shown.size).toBe(0);
  });

  test('an older server, and a tenant who wants none, keep what is shown', async () => {
    const { standIn, instance } = await start({ clear: false });
    expect(await instance.clear?.(sampleClearing(target), attempt)).toEqual({ outcome: 'accepted' });
    expect(standIn.requests).toEqual([]);
    const old = await startStandIn(() => says(404, 40401));
    onTestFinished(() => old.close());
    const { instance: other } = await setUpLive(plugin, { ...config, baseUrl: old.url });
    expect(await other.clear?.(sampleClearing(target), attempt)).toEqual({ outcome: 'accepted' });
  });

  test('Chinese, line ends and odd characters arrive, and the longest fits', async () => {
    const { shown, instance, send } = await start();
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    expect([...shown.values()][0]?.['message']).toContain('你好');
    expect(await send({ body: '你'.repeat(1280), data: {} })).toMatchObject({ outcome: 'accepted' });
  });

  test('a check sends nothing, and says when the token is refused', async () => {
    const { instance, shown } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(shown.size).toBe(0);
    const bad = await start({ token: 'tk_00000000000000000000000000000' });
    expect(await bad.instance.check?.(attempt)).toMatchObject({ ok: false, detail: expect.stringContaining('40101') });
  });
});
