// The webhook provider: the rules of every provider, the posted bytes, and the signature as a receiver checks
// it.
import { createHmac } from 'node:crypto';
import {
  fakeHost,
  sampleClearing,
  sampleDelivery,
  sampleReceiptUrl,
  testNotificationProvider,
} from '@belfry/plugin-kit/testing';
import type { RecordedRequest } from '@belfry/plugin-kit/testing';
import { expect, test } from 'vitest';
import plugin from './index.ts';

const key = Buffer.from('0123456789abcdef0123456789abcdef');
const config = { url: 'https://example.com/push', secret: `whsec_${key.toString('base64')}` };
/** The clock of the fake host. */
const nowMs = fakeHost().clock.now();
const attempt = { signal: new AbortController().signal, attempt: 1 };

testNotificationProvider(plugin, {
  config,
  target: { id: 'phone-1' },
  answers: [
    [{ http: 200 }, 'accepted', expectGenuine],
    [{ http: 204 }, 'accepted'],
    [{ http: 410 }, 'rejected:target_gone'],
    [{ http: 429, headers: { 'retry-after': '7' } }, 'retry:7000'],
    [{ http: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' } }, 'retry:30000'],
    [{ http: 500 }, 'retry'],
    [{ http: 401 }, 'rejected:credentials'],
    [{ http: 403 }, 'rejected:credentials'],
    [{ http: 301, headers: { location: 'https://example.com/elsewhere' } }, 'rejected:credentials'],
    [{ http: 307, headers: { location: 'https://example.com/elsewhere' } }, 'retry'],
    [{ http: 404 }, 'rejected:payload'],
    [{ http: 413 }, 'rejected:payload'],
    [{ network: 'reset' }, 'retry'],
  ],
  receipts: [
    [reported({ deliveryId: 'd-1', event: 'opened' }), [{ deliveryId: 'd-1', event: 'opened' }]],
    [
      reported([
        { deliveryId: 'd-1', event: 'delivered', atMs: 5 },
        { deliveryId: 'd-2', event: 'failed', detail: 'blocked' },
      ]),
      [
        { deliveryId: 'd-1', event: 'delivered', atMs: 5 },
        { deliveryId: 'd-2', event: 'failed', detail: 'blocked' },
      ],
    ],
    [reported({ deliveryId: 'd-1', event: 'shown' }), 'refused'],
    [reported({ deliveryId: 'd-1', event: 'opened' }, Buffer.from('another key of 24 bytes!')), 'refused'],
    [reported({ deliveryId: 'd-1', event: 'opened' }, key, nowMs - 600_000), 'refused'],
    [{ body: { deliveryId: 'd-1', event: 'opened' } }, 'refused'],
  ],
});

/** As a service of a tenant reports, with the same secret. */
function reported(report: object, withKey = key, atMs = nowMs) {
  const body = JSON.stringify(report);
  const [id, timestamp] = ['report-1', String(Math.floor(atMs / 1000))];
  return {
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${sign(`${id}.${timestamp}.${body}`, withKey)}`,
    },
  };
}

/** As a receiver does it, from the raw body and the three headers. */
function expectGenuine([request]: readonly RecordedRequest[]): void {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request?.headers ?? {};
  expect(signature).toBe(`v1,${sign(`${id}.${timestamp}.${request?.body}`, key)}`);
}

function sign(content: string, withKey: Buffer): string {
  return createHmac('sha256', withKey).update(content).digest('base64');
}

async function sent(call: 'send' | 'clear', host = fakeHost()): Promise<RecordedRequest> {
  host.answer({ http: 200 });
  const provider = await plugin.setup(host.context(plugin.config.parse(config)));
  const target = { id: 'phone-1' };
  if (call === 'send') await provider.send(sampleDelivery({ target }), attempt);
  else await provider.clear?.(sampleClearing(target), attempt);
  const request = host.requests[0];
  if (request === undefined) throw new Error('nothing was posted');
  return request;
}

test('is checked by a formula that gives the published example of Standard Webhooks', () => {
  const published = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';

  expect(sign(published, Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'))).toBe(
    'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('posts the whole notification as JSON', async () => {
  const request = await sent('send');

  expect(request).toMatchObject({ method: 'POST', url: 'https://example.com/push' });
  expect(request.headers['content-type']).toBe('application/json');
  expect(request.json()).toMatchObject({
    type: 'push',
    app: 'demo',
    userId: 'bob',
    device: { id: expect.any(String), type: 'mobile', target: { id: 'phone-1' } },
    notification: {
      title: 'Alice',
      body: 'hello',
      count: 1,
      collapseKey: 'c-4f1b2a',
      priority: 'normal',
      ttlSeconds: 86_400,
      data: { conversationId: 'c1', messageIds: [expect.any(String)], action: 'open_conversation' },
    },
  });
});

test('says where to report to, where the host knows its own address', async () => {
  const request = await sent('send', fakeHost({ receiptUrl: sampleReceiptUrl }));

  expect(request.json()).toMatchObject({ type: 'push', receiptUrl: sampleReceiptUrl });
  expect((await sent('send')).json()).not.toHaveProperty('receiptUrl');
});

test('posts a clearing as an event of its own', async () => {
  const request = await sent('clear');

  expectGenuine([request]);
  expect(request.json()).toMatchObject({ type: 'clear', userId: 'bob', notification: { collapseKey: 'c-4f1b2a' } });
});

test('keeps the id of a delivery in every attempt and takes the time anew', async () => {
  const host = fakeHost({ nowMs: 1_700_000_000_000 });
  host.answer({ http: 503 }, { http: 200 });
  const provider = await plugin.setup(host.context(plugin.config.parse(config)));
  const delivery = sampleDelivery({ target: { id: 'phone-1' } });

  await provider.send(delivery, attempt);
  host.clock.advance(61_000);
  await provider.send(delivery, { ...attempt, attempt: 2 });

  const headers = host.requests.map((request) => request.headers);
  expect(headers.map((each) => each['webhook-id'])).toEqual([delivery.id, delivery.id]);
  expect(headers.map((each) => each['webhook-timestamp'])).toEqual(['1700000000', '1700000061']);
});

test.each([
  ['whsec_', 'must be whsec_ followed by base64 (letters, digits, + and /)'],
  ['whsec_not base64!', 'must be whsec_ followed by base64 (letters, digits, + and /)'],
  ['whsec_c2hvcnQ=', 'holds 5 bytes, and 16 is the fewest: make a longer one'],
])('refuses the secret %s and says why', (secret, reason) => {
  const parsed = plugin.config.safeParse({ ...config, secret });

  expect(parsed.error?.issues).toMatchObject([{ path: ['secret'], message: reason }]);
});

test.each(['ftp://example.com/', 'example.com/push', 'javascript:alert(1)', ''])('refuses the address "%s"', (url) => {
  expect(plugin.config.safeParse({ ...config, url }).error?.issues).toMatchObject([{ path: ['url'] }]);
});
