// The Getui provider: the rules of every provider, the whole table of codes, and a stand-in that verifies the
// sign-in and refuses what Getui refuses.
import { createHash } from 'node:crypto';
import {
  fakeHost,
  oddDelivery,
  sampleClearing,
  sampleDelivery,
  setUpLive,
  startStandIn,
  testNotificationProvider,
  type HttpAnswer,
  type StandInService,
} from '@belfry/plugin-kit/testing';
import { notifyIdOf, type PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';

const config = {
  appId: 'aBcDeFgHiJkLmNoPqRsTu1',
  appKey: 'bCdEfGhIjKlMnOpQrStUv2',
  masterSecret: 'cDeFgHiJkLmNoPqRsTuVw3',
};
const cid = '0f'.repeat(16);
const target = { cid };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (code: number, msg = 'x', http = 200): HttpAnswer => ({ http, body: { code, msg } });
const done = (word: string): HttpAnswer => ({
  http: 200,
  body: { code: 0, msg: 'success', data: { RASS_0727_ab: { [cid]: word } } },
});
const granted: HttpAnswer = {
  http: 200,
  body: { code: 0, msg: 'success', data: { token: 't-1', expire_time: '1767312000000' } },
};
const signIn = (answer: HttpAnswer) => ({
  standing: ({ url }: { url: string }) => (url.endsWith('/auth') ? answer : undefined),
});

testNotificationProvider(plugin, {
  config,
  target,
  ...signIn(granted),
  answers: [
    [
      done('successed_online'),
      'accepted:RASS_0727_ab',
      ([request]) => {
        expect(request).toMatchObject({
          method: 'POST',
          url: `https://restapi.getui.com/v2/${config.appId}/push/single/cid`,
        });
        expect(request?.headers).toMatchObject({ token: 't-1' });
        expect(request?.json()).toMatchObject({
          request_id: '01890a5dac96774bbcceb302099a8057',
          settings: { ttl: 86_400_000 },
        });
      },
    ],
    [done('successed_offline'), 'accepted:RASS_0727_ab'],
    [done('successed_ignore'), 'rejected:target_invalid'],
    [says(10001, 'token expired', 401), 'retry:0'],
    [says(10001, 'token expired', 401), 'rejected:credentials', { attempt: 2 }],
    [says(10002, 'x', 401), 'rejected:credentials'],
    [says(10004, 'x', 401), 'rejected:credentials'],
    [says(301), 'rejected:credentials'],
    [says(404, 'x', 404), 'rejected:credentials'],
    [says(405, 'x', 405), 'rejected:credentials'],
    [says(10003, 'x', 401), 'retry:60000'],
    [says(10005, 'x', 401), 'retry:60000'],
    [says(20001, 'target user is invalid', 400), 'rejected:target_invalid'],
    [says(20001, 'param is too long', 400), 'rejected:payload'],
    [says(1), 'rejected:payload'],
    [says(2), 'retry'],
    [says(30001, 'x', 403), 'rejected:quota'],
    [says(30005), 'rejected:payload'],
    [says(4711), 'rejected:payload'],
    [{ http: 500 }, 'retry'],
    [{ http: 200, body: '<html>' }, 'retry'],
    [done('successed_online'), 'rejected:credentials', signIn(says(10002, 'x', 401))],
    [done('successed_online'), 'rejected:credentials', signIn(says(20001, 'sign error', 400))],
    [done('successed_online'), 'retry:60000', signIn(says(10003, 'x', 401))],
    [done('successed_online'), 'retry', signIn({ http: 503 })],
  ],
  receipts: [
    [{ body: reported() }, 'refused', { config: { receipts: false } }],
    ...[
      [
        `${reported()}\n${reported({ code: '400', desc: 'apns' })}\n`,
        {
          receipts: [
            { providerMessageId: 'RASS_0727_ab', event: 'delivered' },
            { providerMessageId: 'RASS_0727_ab', event: 'failed', detail: 'code 400: apns' },
          ],
          answer: { status: 200, body: 'ok' },
        },
      ] as const,
      [reported({}, 'another-secret'), 'refused'] as const,
      [reported({ appid: 'another' }), 'refused'] as const,
      [`${reported()}\nno JSON`, 'refused'] as const,
    ].map(([body, expected]) => [{ body }, expected, { config: { receipts: true } }] as const),
  ],
});

/** A line as Getui signs it. */
function reported(fields: Record<string, string> = {}, masterSecret = config.masterSecret): string {
  const report = { appid: config.appId, cid, taskid: 'RASS_0727_ab', msgid: 'm-1', code: '200', desc: 'ok', ...fields };
  const { appid, taskid, msgid } = report;
  const sign = createHash('md5')
    .update(appid + cid + taskid + msgid + masterSecret)
    .digest('hex');
  return JSON.stringify({ ...report, sign });
}

function getui(nowMs: () => number) {
  const tokens: { value: string; untilMs: number }[] = [];
  const pushes: Record<string, unknown>[] = [];
  const ids = new Set<string>();
  /** Clients of this app, and what is said of a push to them. */
  const known = new Map([[cid, 'successed_online']]);
  const service: StandInService = (request) => {
    const [, appId, path = ''] = /^\/v2\/(\w+)(\/.*)$/.exec(request.path) ?? [];
    if (appId !== config.appId) return says(404, 'x', 404);
    const body = request.json() as Record<string, unknown>;
    if (path === '/auth') {
      const { sign, timestamp, appkey } = body as Record<string, string>;
      const right = createHash('sha256')
        .update(`${config.appKey}${timestamp ?? ''}${config.masterSecret}`)
        .digest('hex');
      const isTimely = Math.abs(nowMs() - Number(timestamp)) <= 600_000;
      if (sign !== right || appkey !== config.appKey || !isTimely) return says(20001, 'sign error', 400);
      const token = { value: `t-${tokens.length}`, untilMs: nowMs() + 86_400_000 };
      tokens.push(token);
      return { http: 200, body: { code: 0, data: { token: token.value, expire_time: String(token.untilMs) } } };
    }
    if (!tokens.some(({ value, untilMs }) => value === request.headers['token'] && untilMs > nowMs()))
      return says(10001, 'token expired', 401);
    if (path !== '/push/single/batch/cid') return take(body);
    const { msg_list: list } = body as { msg_list: Record<string, unknown>[] };
    if (list.length > 200) return says(20001, 'msg_list is too long', 400);
    const answers = list.map(take);
    // Which of them it refuses, it does not say.
    const refused = answers.find(({ http }) => http !== 200);
    const taken = answers.map((answer) => (answer.body as { data: object }).data);
    return refused ?? { http: 200, body: { code: 0, data: Object.assign({}, ...taken) as object } };
  };
  function take(body: Record<string, unknown>): HttpAnswer {
    const id = String(body['request_id']);
    if (!/^[0-9A-Za-z-]{10,32}$/.test(id)) return says(20001, 'request_id is invalid', 400);
    const message = body['push_message'] as Record<string, unknown>;
    const kinds = ['notification', 'transmission', 'revoke'].filter((kind) => kind in message);
    if (kinds.length !== 1) return says(20001, 'push_message is invalid', 400);
    if (JSON.stringify(message['transmission'] ?? '').length > 3072)
      return says(20001, 'transmission is too long', 400);
    const { cid: list } = body['audience'] as { cid: string[] };
    const [to = ''] = list;
    if (!known.has(to)) return says(20001, 'target user is invalid', 400);
    // One that came before is dropped without a word.
    if (!ids.has(id)) pushes.push(body);
    ids.add(id);
    return { http: 200, body: { code: 0, data: { [`RASS_${pushes.length}`]: { [to]: known.get(to) } } } };
  }
  return { service, tokens, pushes, known };
}

describe('with a stand-in that verifies', () => {
  async function start(given: object = {}) {
    const host = fakeHost();
    const api = getui(() => host.clock.now());
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: `${standIn.url}/v2/`, ...given }, { host });
    const send = (notification: Partial<PushNotification> = {}, more: object = {}) =>
      instance.send({ ...sampleDelivery({ target, notification }), ...more }, attempt);
    return { ...api, host, instance, send, requests: standIn.requests };
  }

  const clientOf = (n: number): string => n.toString(16).padStart(32, '0');
  const manyOf = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...sampleDelivery({ target: { cid: clientOf(n) }, notification: { body: `to ${n}` } }),
      id: `${n.toString(16).padStart(8, '0')}-ac96-874b-acce-b302099a8057`,
    }));

  test('two hundred clients are one call, each with its own text, task and outcome', async () => {
    const { instance, known, pushes, requests } = await start();
    const many = manyOf(200);
    for (const [n] of many.entries()) known.set(clientOf(n), n === 7 ? 'successed_ignore' : 'successed_offline');
    const outcomes = (await instance.sendMany?.(many, attempt)) ?? [];
    expect(requests.filter(({ path }) => path.includes('/push/'))).toHaveLength(1);
    expect(pushes[3]).toMatchObject({
      audience: { cid: [clientOf(3)] },
      push_message: { notification: { body: 'to 3' } },
    });
    expect(outcomes[7]).toMatchObject({ outcome: 'rejected', reason: 'target_invalid' });
    const tasks = outcomes.flatMap((each) => (each.outcome === 'accepted' ? [each.providerMessageId] : []));
    expect([outcomes.length, new Set(tasks).size]).toEqual([200, 199]);
  });

  test('where Getui refuses a call for many, each is sent by itself, and what it knows goes out', async () => {
    const { instance, known, pushes } = await start();
    const many = manyOf(20);
    for (const [n] of many.entries()) if (n !== 5) known.set(clientOf(n), 'successed_online');
    const outcomes = (await instance.sendMany?.(many, attempt)) ?? [];
    expect(outcomes.map(({ outcome }) => outcome).filter((outcome) => outcome === 'accepted')).toHaveLength(19);
    expect(outcomes[5]).toMatchObject({ outcome: 'rejected', reason: 'target_invalid' });
    expect(pushes).toHaveLength(19);
  });

  test('Getui, the makers, Apple and HarmonyOS each find their part, under one number', async () => {
    const { pushes, send } = await start();
    expect(await send()).toEqual({ outcome: 'accepted', providerMessageId: 'RASS_1' });
    const notify_id = notifyIdOf('c-4f1b2a');
    expect(pushes[0]).toMatchObject({
      push_message: { notification: { title: 'Alice', body: 'hello', notify_id, category: 'CATEGORY_MESSAGE' } },
      push_channel: {
        android: { ups: { notification: { title: 'Alice', notify_id } } },
        ios: { auto_badge: '3', 'apns-collapse-id': 'c-4f1b2a', aps: { alert: { title: 'Alice' }, 'thread-id': 'c1' } },
        harmony: { notification: { title: 'Alice', notify_id, category: 'IM' } },
      },
    });
  });

  test('another attempt at the same delivery is shown once', async () => {
    const { pushes, send } = await start();
    for (let n = 0; n < 2; n += 1) expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(pushes).toHaveLength(1);
  });

  test('odd characters, silent messages and a life of nothing are taken', async () => {
    const { instance, pushes, send } = await start();
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(await send({ silent: true, ttlSeconds: 9e9 }, { id: '01890a5d-ac96-774b-bcce-b302099a8070' })).toMatchObject(
      { outcome: 'accepted' },
    );
    expect(pushes[1]?.['push_message']).toEqual({ transmission: expect.stringContaining('"type":"push"') });
    expect(pushes[1]?.['settings']).toMatchObject({ ttl: 259_200_000 });
  });

  test('a notification is taken back by the task that showed it', async () => {
    const { instance, pushes } = await start();
    for (const task of ['RASS_1', undefined, 'no task / of ours'])
      expect(await instance.clear?.(sampleClearing(target, task), attempt)).toMatchObject({ outcome: 'accepted' });
    expect(pushes).toMatchObject([{ push_message: { revoke: { old_task_id: 'RASS_1' } } }]);
  });

  test('one token serves a day, and another takes its place an hour before it ends', async () => {
    const { host, tokens, send } = await start();
    await Promise.all([send(), send()]);
    host.clock.advance(22.9 * 3_600_000);
    await send();
    expect(tokens).toHaveLength(1);
    host.clock.advance(0.1 * 3_600_000);
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(tokens).toHaveLength(2);
  });

  test('a check sends nothing, and says when the keys are refused', async () => {
    const { instance, pushes } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(pushes).toEqual([]);
    const bad = await start({ masterSecret: 'dEfGhIjKlMnOpQrStUvWx4' });
    expect(await bad.instance.check?.(attempt)).toEqual({ ok: false, detail: 'Getui refuses the keys (HTTP 400)' });
  });
});
