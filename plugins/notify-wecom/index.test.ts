// The WeCom provider: the rules of every provider, the whole table of codes, and a stand-in that refuses what
// WeCom refuses.
import {
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

const key = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const config = { webhookUrl: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}` };
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
        expect(request).toMatchObject({ method: 'POST', url: config.webhookUrl });
        expect(request?.json()).toEqual({ msgtype: 'text', text: { content: 'Alice\nhello' } });
      },
    ],
    [says(93000, 'invalid webhook url, hint: [1], from ip: 192.0.2.1'), 'rejected:credentials'],
    [says(45009, 'api freq out of limit'), 'retry:60000'],
    [says(40058, 'exceed max length 2048'), 'rejected:payload'],
    [says(44004, 'content size out of limit'), 'rejected:payload'],
    [says(40008, 'invalid message type'), 'rejected:payload'],
    [says(4711), 'rejected:payload'],
    [says(-1, 'system busy'), 'retry'],
    [{ http: 429, headers: { 'retry-after': '3' } }, 'retry:3000'],
    [{ http: 200, body: '<html>' }, 'retry'],
    [{ http: 502 }, 'retry'],
  ],
});

function wecom(): { service: StandInService; texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    service(request) {
      if (request.path !== '/cgi-bin/webhook/send' || request.query.get('key') !== key)
        return says(93000, 'invalid webhook url');
      const { msgtype, text } = request.json() as { msgtype: string; text: { content: string } };
      if (msgtype !== 'text') return says(40008);
      if (text.content === '') return says(44004);
      if (Buffer.byteLength(text.content) > 2048) return says(40058, 'exceed max length 2048');
      texts.push(text.content);
      return says(0, 'ok');
    },
  };
}

describe('with a stand-in that refuses what WeCom refuses', () => {
  async function start(given: object = {}) {
    const robot = wecom();
    const standIn = await startStandIn(robot.service);
    onTestFinished(() => standIn.close());
    const webhookUrl = `${standIn.url}/cgi-bin/webhook/send?key=${key}`;
    const { instance } = await setUpLive(plugin, { ...config, webhookUrl, ...given });
    return { ...robot, instance };
  }

  test('a message arrives, with its link', async () => {
    const { instance, texts } = await start({ openUrl: 'https://app.example.com/{conversationId}' });
    expect(await instance.send(sampleDelivery({ target }), attempt)).toEqual({ outcome: 'accepted' });
    expect(texts).toEqual(['Alice\nhello\nhttps://app.example.com/c1']);
  });

  test('the longest text fits between characters, whatever its script, and its link stays whole', async () => {
    const { instance, texts } = await start({ openUrl: 'https://app.example.com/{conversationId}' });
    const { bodyChars = 0, titleChars = 0 } = plugin.limits;
    for (const char of ['a', '你', '👪', '👨‍👩‍👦']) {
      const notification = { title: char.repeat(titleChars), body: char.repeat(bodyChars) };
      expect(await instance.send(sampleDelivery({ target, notification }), attempt)).toEqual({ outcome: 'accepted' });
      expect(texts.at(-1)).toMatch(/\nhttps:\/\/app\.example\.com\/c1$/);
      expect(texts.at(-1)?.isWellFormed()).toBe(true);
    }
  });

  test('odd characters and no text are taken', async () => {
    const { instance } = await start();
    expect(await instance.send(oddDelivery(target), attempt)).toEqual({ outcome: 'accepted' });
    const nothing = sampleDelivery({ target, notification: { title: '', body: '' } });
    expect(await instance.send(nothing, attempt)).toEqual({ outcome: 'accepted' });
  });
});
