// The Feishu provider: the rules of every provider, the whole table of codes, and a stand-in that verifies
// signature and clock.
import { createHmac } from 'node:crypto';
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
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';

const hook = '/open-apis/bot/v2/hook/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const signingSecret = 'secret-of-the-tests';
const config = { webhookUrl: `https://open.feishu.cn${hook}`, signingSecret };
const target = { label: 'bob' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (code: number, msg = 'x', http = 200): HttpAnswer => ({ http, body: { code, msg, data: {} } });

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      { http: 200, body: { code: 0, msg: 'success' } },
      'accepted',
      ([request]) => {
        expect(request).toMatchObject({ method: 'POST', url: config.webhookUrl });
        expect(request?.json()).toMatchObject({ msg_type: 'text', content: { text: 'Alice\nhello' } });
      },
    ],
    [{ http: 200, body: { StatusCode: 0, StatusMessage: 'success' } }, 'accepted'],
    [says(19001), 'rejected:credentials'],
    [says(19021), 'rejected:credentials'],
    [says(19022), 'rejected:credentials'],
    [says(19024), 'rejected:credentials'],
    [says(9499, 'Bad Request'), 'rejected:payload'],
    [says(9499, 'too many request'), 'retry:60000'],
    [says(11232, 'frequency limited'), 'retry:60000'],
    [says(4711), 'rejected:payload'],
    [says(9499, 'Bad Request', 400), 'rejected:payload'],
    [{ http: 429, headers: { 'retry-after': '3' } }, 'retry:3000'],
    [{ http: 200, body: '<html>' }, 'retry'],
    [{ http: 503 }, 'retry'],
  ],
});

function feishu(nowMs: () => number): { service: StandInService; texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    service(request) {
      if (request.path !== hook) return says(19001, 'param invalid: incoming webhook access token invalid');
      const { timestamp, sign, msg_type, content } = request.json() as Record<string, unknown> & {
        content: { text?: unknown };
      };
      const right = createHmac('sha256', `${String(timestamp)}\n${signingSecret}`).digest('base64');
      const isTimely = Math.abs(nowMs() / 1000 - Number(timestamp)) <= 3600;
      if (typeof timestamp !== 'string' || sign !== right || !isTimely)
        return says(19021, 'sign match fail or timestamp is not within one hour');
      if (msg_type !== 'text' || typeof content.text !== 'string' || content.text === '')
        return says(9499, 'Bad Request');
      if (request.bytes.length > 20_480) return says(9499, 'Bad Request');
      texts.push(content.text);
      return says(0, 'success');
    },
  };
}

describe('with a stand-in that verifies', () => {
  async function start(given: object = {}) {
    const host = fakeHost();
    const bot = feishu(() => host.clock.now());
    const standIn = await startStandIn(bot.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(
      plugin,
      { ...config, webhookUrl: `${standIn.url}${hook}`, ...given },
      { host },
    );
    return { ...bot, instance };
  }

  test('a signed message arrives, with its link, and mentions nobody', async () => {
    const { instance, texts } = await start({ openUrl: 'https://app.example.com/{conversationId}' });
    const notification = { body: '<at user_id="all">all</at>' };
    expect(await instance.send(sampleDelivery({ target, notification }), attempt)).toEqual({ outcome: 'accepted' });
    expect(texts).toEqual(['Alice\n＜at user_id="all">all＜/at>\nhttps://app.example.com/c1']);
  });

  test('another secret is refused', async () => {
    const { instance, texts } = await start({ signingSecret: 'another-secret' });
    expect(await instance.send(sampleDelivery({ target }), attempt)).toMatchObject({ reason: 'credentials' });
    expect(texts).toEqual([]);
  });

  test('odd characters, the longest text and none are taken', async () => {
    const { instance } = await start();
    const { bodyChars = 0, titleChars = 0 } = plugin.limits;
    const longest = { title: '👪'.repeat(titleChars), body: '👪'.repeat(bodyChars) };
    expect(await instance.send(oddDelivery(target), attempt)).toEqual({ outcome: 'accepted' });
    for (const notification of [longest, { title: '', body: '' }])
      expect(await instance.send(sampleDelivery({ target, notification }), attempt)).toEqual({ outcome: 'accepted' });
  });
});
