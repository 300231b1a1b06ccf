// The DingTalk provider: the rules of every provider, the whole table of codes, and a stand-in that verifies
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

const accessToken = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';
const signingSecret = 'SEC0123456789abcdef0123456789abcdef';
const config = { webhookUrl: `https://oapi.dingtalk.com/robot/send?access_token=${accessToken}`, signingSecret };
const target = { label: 'bob' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (errcode: number, errmsg = 'x', http = 200): HttpAnswer => ({ http, body: { errcode, errmsg } });

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      says(0, 'ok'),
      'accepted',
      ([request]) => {
        const { host, pathname, searchParams } = new URL(request?.url ?? '');
        expect([host, pathname, searchParams.get('access_token')]).toEqual([
          'oapi.dingtalk.com',
          '/robot/send',
          accessToken,
        ]);
        expect(request?.json()).toEqual({ msgtype: 'text', text: { content: 'Alice\nhello' } });
      },
    ],
    [says(310000, 'sign not match'), 'rejected:credentials'],
    [says(310000, 'keywords not in content'), 'rejected:credentials'],
    [says(300005, 'token is not exist'), 'rejected:credentials'],
    [says(300001, 'token is not exist'), 'rejected:credentials'],
    [says(130101, 'send too fast'), 'retry:60000'],
    [says(400013), 'rejected:payload'],
    [says(400101), 'rejected:payload'],
    [says(4711), 'rejected:payload'],
    [says(-1, 'system busy'), 'retry'],
    [{ http: 429, headers: { 'retry-after': '3' } }, 'retry:3000'],
    [{ http: 200, body: '<html>' }, 'retry'],
    [{ http: 502 }, 'retry'],
  ],
});

function dingtalk(nowMs: () => number): { service: StandInService; texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    service(request) {
      if (request.path !== '/robot/send' || request.query.get('access_token') !== accessToken)
        return says(300005, 'token is not exist');
      const timestamp = request.query.get('timestamp') ?? '';
      const right = createHmac('sha256', signingSecret).update(`${timestamp}\n${signingSecret}`).digest('base64');
      const isTimely = Math.abs(nowMs() - Number(timestamp)) <= 3_600_000;
      if (request.query.get('sign') !== right || !isTimely) return says(310000, 'sign not match');
      const { msgtype, text } = request.json() as { msgtype: string; text: { content: string } };
      if (msgtype !== 'text' || text.content === '' || request.bytes.length > 20_000) return says(400013);
      texts.push(text.content);
      return says(0, 'ok');
    },
  };
}

describe('with a stand-in that verifies', () => {
  async function start(given: object = {}) {
    const host = fakeHost();
    const robot = dingtalk(() => host.clock.now());
    const standIn = await startStandIn(robot.service);
    onTestFinished(() => standIn.close());
    const webhookUrl = `${standIn.url}/robot/send?access_token=${accessToken}`;
    const { instance } = await setUpLive(plugin, { ...config, webhookUrl, ...given }, { host });
    return { ...robot, instance };
  }

  test('a signed message arrives, with its link', async () => {
    const { instance, texts } = await start({ openUrl: 'https://app.example.com/{conversationId}' });
    expect(await instance.send(sampleDelivery({ target }), attempt)).toEqual({ outcome: 'accepted' });
    expect(texts).toEqual(['Alice\nhello\nhttps://app.example.com/c1']);
  });

  test('another secret is refused', async () => {
    const { instance, texts } = await start({ signingSecret: 'SEC00000000000000000000' });
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
