// The provider of Alibaba Cloud's SMS: the rules of every provider, the whole table of codes, and a stand-in
// that verifies signature, clock and nonce.
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
import type { PushNotification } from '@belfry/plugin-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import plugin from './index.ts';
import { signed } from './sign.ts';

const config = {
  accessKeyId: 'LTAI5tExampleExample',
  accessKeySecret: 'an-access-key-secret-of-tests',
  signName: '贝尔诊所',
  templateCodes: { zh: 'SMS_123456789', en: 'SMS_987654321' },
};
const target = { phone: '+8613800138000' };
const attempt = { signal: new AbortController().signal, attempt: 1 };

const says = (Code: string, Message = 'x', http = 200): HttpAnswer => ({
  http,
  body: { Code, Message, RequestId: 'r' },
});
const rows = (
  codes: readonly string[],
  outcome: 'rejected:credentials' | 'rejected:payload' | 'rejected:quota' | 'retry',
) => codes.map((code) => [says(code), outcome] as const);

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [
      { http: 200, body: { Code: 'OK', Message: 'OK', BizId: '900619746936498440', RequestId: 'r' } },
      'accepted:900619746936498440',
      ([request]) => {
        expect(request).toMatchObject({ method: 'POST', url: 'https://dysmsapi.aliyuncs.com/' });
        expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
          ...{ Action: 'SendSms', PhoneNumbers: '13800138000', SignName: '贝尔诊所', TemplateCode: 'SMS_123456789' },
          TemplateParam: '{"title":"Alice","body":"hello"}',
          OutId: '01890a5d-ac96-774b-bcce-b302099a8057',
        });
      },
    ],
    [says('isv.MOBILE_NUMBER_ILLEGAL'), 'rejected:target_invalid'],
    [says('isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1'), 'retry:60000:target'],
    [says('isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5'), 'retry:3600000:target'],
    [says('isv.BUSINESS_LIMIT_CONTROL', '触发天级流控Permits:10'), 'retry:86400000:target'],
    ...rows(
      ['isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL', 'isv.AMOUNT_NOT_ENOUGH', 'isv.OUT_OF_SERVICE'],
      'rejected:quota',
    ),
    ...rows(
      [
        ...[
          'isv.SMS_SIGNATURE_ILLEGAL',
          'isv.SMS_TEMPLATE_ILLEGAL',
          'isv.PRODUCT_UN_SUBSCRIPT',
          'isv.ACCOUNT_ABNORMAL',
        ],
        ...[
          'isv.ACCOUNT_NOT_EXISTS',
          'InvalidAccessKeyId.NotFound',
          'SignatureDoesNotMatch',
          'InvalidTimeStamp.Expired',
        ],
        ...['isp.RAM_PERMISSION_DENY', 'isv.DENY_IP_RANGE'],
      ],
      'rejected:credentials',
    ),
    [says('SignatureDoesNotMatch', 'x', 400), 'rejected:credentials'],
    ...rows(['SignatureNonceUsed', 'Throttling.User', 'isp.SYSTEM_ERROR'], 'retry'),
    ...rows(
      [
        ...[
          'isv.PARAM_LENGTH_LIMIT',
          'isv.PARAM_NOT_SUPPORT_URL',
          'isv.TEMPLATE_MISSING_PARAMETERS',
          'isv.INVALID_PARAMETERS',
        ],
        ...['isv.INVALID_JSON_PARAM', 'isv.BLACK_KEY_CONTROL_LIMIT', 'isv.SOMETHING_NEW'],
      ],
      'rejected:payload',
    ),
    [says('ServiceUnavailable', 'x', 503), 'retry'],
    [{ http: 200, body: '<html>' }, 'retry'],
    [{ http: 502 }, 'retry'],
  ],
  receipts: [
    [{ body: [{ success: true, biz_id: '9', out_id: 'd-1' }] }, 'refused', { config: { receipts: false } }],
    [
      {
        body: [
          { phone_number: '138', success: true, err_code: 'DELIVERED', biz_id: '900^0', out_id: 'd-1', sms_size: '1' },
          { phone_number: '138', success: false, err_code: 'MK:0001', biz_id: '901^0' },
        ],
      },
      {
        receipts: [
          { deliveryId: 'd-1', providerMessageId: '900^0', event: 'delivered' },
          { providerMessageId: '901^0', event: 'failed', detail: 'MK:0001' },
        ],
        answer: { status: 200, body: '{"code":0,"msg":"ok"}' },
      },
      { config: { receipts: true } },
    ],
    [{ body: [] }, 'refused', { config: { receipts: true } }],
  ],
});

test('the signature is that of the example in the documentation of Alibaba Cloud', () => {
  const parameters = {
    ...{ TimeStamp: '2016-02-23T12:46:24Z', Format: 'XML', AccessKeyId: 'testid', Action: 'DescribeRegions' },
    ...{ SignatureMethod: 'HMAC-SHA1', SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf', Version: '2014-05-26' },
    SignatureVersion: '1.0',
  };
  const { TimeStamp: Timestamp, ...rest } = parameters;
  // Signed as GET in the documentation: the verb is the only difference.
  const canonical = Object.entries({ ...rest, Timestamp })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const byHand = (verb: string) =>
    createHmac('sha1', 'testsecret&')
      .update(`${verb}&%2F&${encodeURIComponent(canonical)}`)
      .digest('base64');
  expect(byHand('GET')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
  expect(signed({ ...rest, Timestamp }, 'testsecret').get('Signature')).toBe(byHand('POST'));
});

function aliyun(nowMs: () => number): { service: StandInService; sent: Map<string, string>[] } {
  const sent: Map<string, string>[] = [];
  const nonces = new Set<string>();
  const strict = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    sent,
    service(request) {
      const form = new Map(new URLSearchParams(request.body));
      const { Signature: given, ...rest } = Object.fromEntries(form);
      const canonical = Object.entries(rest)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${strict(name)}=${strict(value)}`)
        .join('&');
      const right = createHmac('sha1', `${config.accessKeySecret}&`)
        .update(`POST&%2F&${strict(canonical)}`)
        .digest('base64');
      if (form.get('AccessKeyId') !== config.accessKeyId) return says('InvalidAccessKeyId.NotFound', 'x', 404);
      if (given !== right) return says('SignatureDoesNotMatch', 'x', 400);
      if (!(Math.abs(nowMs() - Date.parse(form.get('Timestamp') ?? '')) <= 15 * 60_000))
        return says('InvalidTimeStamp.Expired', 'x', 400);
      const nonce = form.get('SignatureNonce') ?? '';
      if (nonces.has(nonce)) return says('SignatureNonceUsed', 'x', 400);
      nonces.add(nonce);
      if (form.get('Action') === 'QuerySmsSign') return says('OK');
      const values = Object.values(JSON.parse(form.get('TemplateParam') ?? '{}') as Record<string, string>);
      if (values.some((value) => Array.from(value).length > 35)) return says('isv.PARAM_LENGTH_LIMIT');
      if (values.some((value) => /https?:/.test(value))) return says('isv.PARAM_NOT_SUPPORT_URL');
      if (values.some((value) => value === '')) return says('isv.TEMPLATE_MISSING_PARAMETERS');
      if (!/^\d{6,15}$/.test(form.get('PhoneNumbers') ?? '')) return says('isv.MOBILE_NUMBER_ILLEGAL');
      sent.push(form);
      return { http: 200, body: { Code: 'OK', Message: 'OK', BizId: String(sent.length) } };
    },
  };
}

describe('with a stand-in that verifies', () => {
  async function start(given: object = {}) {
    const host = fakeHost();
    const api = aliyun(() => host.clock.now());
    const standIn = await startStandIn(api.service);
    onTestFinished(() => standIn.close());
    const { instance } = await setUpLive(plugin, { ...config, endpoint: standIn.url, ...given }, { host });
    const send = (notification: Partial<PushNotification> = {}, to: object = target) =>
      instance.send(sampleDelivery({ target: to, notification }), attempt);
    return { ...api, instance, send };
  }

  test('odd characters, signs that other encodings leave alone, long and empty texts and links are taken', async () => {
    const { instance, send } = await start({ templateParams: { title: "{title}!'()*~", body: '{body}' } });
    expect(await instance.send(oddDelivery(target), attempt)).toMatchObject({ outcome: 'accepted' });
    for (const body of ["it's (so) *good*! ~", 'x'.repeat(500), '', 'see https://example.com/a b'])
      expect(await send({ title: 'Al', body })).toMatchObject({ outcome: 'accepted' });
  });

  test('a number outside of China keeps its country, and another attempt has another nonce', async () => {
    const { sent, send } = await start();
    for (let n = 0; n < 2; n += 1)
      expect(await send({}, { phone: '+85261234567' })).toMatchObject({ outcome: 'accepted' });
    expect(sent.map((form) => form.get('PhoneNumbers'))).toEqual(['85261234567', '85261234567']);
  });

  test('a check sends nothing, and says when the key is refused', async () => {
    const { instance, sent } = await start();
    expect(await instance.check?.(attempt)).toEqual({ ok: true });
    expect(sent).toEqual([]);
    const bad = await start({ accessKeySecret: 'another-secret-of-the-tests' });
    expect(await bad.instance.check?.(attempt)).toEqual({ ok: false, detail: 'HTTP 400, SignatureDoesNotMatch' });
  });
});
