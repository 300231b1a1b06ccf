// The Twilio provider: the rules of every provider, the whole table of codes, and a stand-in that refuses what
// Twilio refuses.
import { createHmac } from 'node:crypto';
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
import type { PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';

const accountSid = `AC${'0f'.repeat(16)}`;
const config = { accountSid, authToken: 'an-auth-token-of-the-tests', from: '+15005550006' };
const sid = `SM${'a1'.repeat(16)}`;
const apiKeySid = `SK${'0f'.repeat(16)}`;
const target = { phone: '+4915112345678' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (http: number, code: number, headers?: Record<string, string>): HttpAnswer => ({
  http,
  body: { code, message: 'x', status: http },
  ...(headers === undefined ? {} : { headers }),
});
const rows = (
  codes: readonly number[],
  outcome: 'rejected:target_invalid' | 'rejected:credentials' | 'rejected:payload' | 'rejected:quota',
) => codes.map((code) => [says(400, code), outcome] as const);

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      { http: 201, body: { sid: 'SM1', status: 'queued', error_code: null } },
      'accepted:SM1',
      ([request]) => {
        const basic = Buffer.from(`${accountSid}:${config.authToken}`).toString('base64');
        expect(request).toMatchObject({
          method: 'POST',
          url: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
          headers: { authorization: `Basic ${basic}` },
        });
        expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
          ...{ To: '+4915112345678', From: '+15005550006', Body: 'Alice: hello', ValidityPeriod: '36000' },
        });
      },
    ],
    ...rows([21211, 21214, 21217, 21614], 'rejected:target_invalid'),
    [says(400, 21610), 'rejected:target_gone'],
    ...rows([21612, 21408, 21606, 21659, 21703], 'rejected:credentials'),
    [says(401, 20003), 'rejected:credentials'],
    [says(401, 20005), 'rejected:credentials'],
    [says(404, 20404), 'rejected:credentials'],
    ...rows([21617, 21602, 47_110], 'rejected:payload'),
    ...rows([30002, 63038], 'rejected:quota'),
    [says(403, 47_110), 'rejected:payload'],
    [says(429, 20429), 'retry:10000'],
    [says(429, 20429, { 'retry-after': '3' }), 'retry:3000'],
    [says(400, 14107), 'retry:10000'],
    [says(400, 30001), 'retry:10000'],
    [says(400, 21611), 'retry:60000'],
    [{ http: 503 }, 'retry'],
    [{ http: 401 }, 'rejected:credentials'],
    [{ network: 'reset' }, 'retry'],
    [{ network: 'reset' }, 'rejected:payload', { attempt: 2 }],
  ],
  receipts: [
    [reported({ MessageStatus: 'delivered' }), [{ providerMessageId: sid, event: 'delivered' }]],
    [reported({ MessageStatus: 'read' }), [{ event: 'opened' }]],
    [reported({ MessageStatus: 'undelivered', ErrorCode: '30003' }), [{ event: 'failed', detail: 'code 30003' }]],
    [reported({ MessageStatus: 'failed', ErrorCode: '30005' }), [{ event: 'target_gone' }]],
    ...['accepted', 'scheduled', 'queued', 'sending', 'sent'].map(
      (MessageStatus) => [reported({ MessageStatus }), []] as const,
    ),
    [reported({ MessageStatus: 'lost' }), 'refused'],
    [reported({ MessageStatus: 'delivered' }, 'another-token'), 'refused'],
    [{ ...reported({ MessageStatus: 'delivered' }), headers: {} }, 'refused'],
    // The secret of a key signs nothing.
    [{ ...reported({ MessageStatus: 'delivered' }), headers: {} }, [{ event: 'delivered' }], { config: { apiKeySid } }],
  ],
});

/** As Twilio signs what it reports. */
function reported(fields: Record<string, string>, authToken = config.authToken) {
  const form = new URLSearchParams({ MessageSid: sid, AccountSid: accountSid, ...fields });
  form.sort();
  const content = sampleReceiptUrl + [...form].map(([name, value]) => name + value).join('');
  const signature = createHmac('sha1', authToken).update(content).digest('base64');
  return { body: form.toString(), headers: { 'x-twilio-signature': signature } };
}

test('Twilio is told where to report, where the host knows its own address', async () => {
  for (const receiptUrl of [sampleReceiptUrl, undefined]) {
    const host = fakeHost({ receiptUrl });
    host.answer({ http: 201, body: { sid } });
    const instance = await plugin.setup(host.context(plugin.config.parse(config)));
    await instance.send(sampleDelivery({ target }), attempt);
    const form = new URLSearchParams(host.requests[0]?.body);
    expect(form.get('StatusCallback') ?? undefined).toBe(receiptUrl);
  }
});

/** Knows the token of the account, and a key that may do all but what concerns the account. */
function twilio(): { service: StandInService; texts: string[] } {
  const texts: string[] = [];
  const basic = (user: string) => `Basic ${Buffer.from(`${user}:${config.authToken}`).toString('base64')}`;
  return {
    texts,
    service(request) {
      const isMessages = request.path === `/2010-04-01/Accounts/${accountSid}/Messages.json`;
      const allowed = isMessages ? [basic(accountSid), basic(apiKeySid)] : [basic(accountSid)];
      if (!allowed.includes(request.headers['authorization'] ?? '')) return says(401, 20003);
      if (!isMessages) return { http: 200, body: { sid: accountSid, status: 'active' } };
      const form = new URLSearchParams(request.body);
      const [body, to, seconds] = [form.get('Body') ?? '', form.get('To') ?? '', Number(form.get('ValidityPeriod'))];
      if (to === '') return says(400, 21604);
      if (body.trim() === '') return says(400, 21602);
      if (body.length > 1600) return says(400, 21617);
      if (to === '+15005550001') return says(400, 21211);
      if (!(seconds >= 1 && seconds <= 36_000)) return says(400, 21_000);
      if ((form.get('From') === null) === (form.get('MessagingServiceSid') === null)) return says(400, 21603);
      texts.push(body);
      return { http: 201, body: { sid: `SM${texts.length}` } };
    },
  };
}

describe('with a stand-in that refuses what Twilio refuses', () => {
  async function start(given: object = {}) {
    const api = twilio();
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, baseUrl: standIn.url, ...given });
    const send = (notification: Partial<PushNotification> = {}, to: object = target) =>
      instance.send(sampleDelivery({ target: to, notification }), attempt);
    return { ...api, instance, send };
  }

  test('the text is in the language of the device, and cut to what the tenant pays for', async () => {
    const { texts, send } = await start({ texts: { en: '{title}', zh: '{sender}：{body}（{count}）' }, maxChars: 40 });
    await send({ count: 2 });
    await send({ body: 'x'.repeat(500) });
    expect(texts[0]).toBe('Alice：hello（2）');
    expect(texts[1]).toHaveLength(40);
  });

  test('odd characters, the longest text, none, and a life of nothing or of months are taken', async () => {
    const { instance, texts, send } = await start({ maxChars: 1600 });
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    for (const ttlSeconds of [0, 9e6])
      expect(await send({ title: '', body: '', ttlSeconds })).toMatchObject({ outcome: 'accepted' });
    expect(texts[0]).not.toContain('\u0000');
  });

  test('a number that is none is found out', async () => {
    const { send } = await start();
    expect(await send({}, { phone: '+15005550001' })).toMatchObject({
      reason: 'target_invalid',
      detail: 'HTTP 400, code 21211',
    });
  });

  test('a check sends nothing, and says when the token is refused', async () => {
    const { instance, texts } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(texts).toEqual([]);
    const bad = await start({ authToken: 'another-token-of-the-tests' });
    expect(await bad.instance.check?.(attempt)).toEqual({ ok: false, detail: 'HTTP 401, code 20003' });
  });

  test('a key that may send and not read the account is good', async () => {
    const { instance, texts, send } = await start({ apiKeySid });
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(texts).toEqual([]);
    expect(await send()).toMatchObject({ outcome: 'accepted' });
  });
});

test.each([[{}], [{ from: '+15005550006', messagingServiceSid: `MG${'0f'.repeat(16)}` }]])(
  'wants a number or a messaging service, and not both: %j',
  (given) => {
    const { from: _from, ...rest } = config;
    expect(plugin.config.safeParse({ ...rest, ...given }).error?.issues[0]?.path).toEqual(['from']);
  },
);
