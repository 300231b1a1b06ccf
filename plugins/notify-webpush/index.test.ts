// The Web Push provider: the rules of every provider, and a stand-in for push service and browser that
// verifies the signature and decrypts.
import { createECDH, randomBytes } from 'node:crypto';
import { fakeHost, sampleClearing, sampleDelivery, testNotificationProvider } from '@belfry/plugin-kit/testing';
import type { Outcome, ProviderContext, PushNotification } from '@belfry/plugin-kit';
import type { RecordedRequest } from '@belfry/plugin-kit/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import webPush from 'web-push';
import type { z } from 'zod';
import plugin from './index.ts';
import { startPushService, type StandInPushService, type Subscription } from './test/push-service.ts';

const vapid = webPush.generateVAPIDKeys();
const config = { subject: 'mailto:ops@example.com', ...vapid };
const target = subscription('https://fcm.googleapis.com/fcm/send/abc');
const attempt = { signal: new AbortController().signal, attempt: 1 };

/** Fits a push, and not one to a push service that takes less than the others. */
const longText = '你好 '.repeat(450);
const wrongKey = {
  body: 'the VAPID credentials in the authorization header do not correspond to the credentials used',
};

testNotificationProvider(plugin, {
  config,
  target,
  answers: [
    [{ http: 201, headers: { location: 'https://fcm.googleapis.com/m/1' } }, 'accepted', expectEncrypted],
    [{ http: 202 }, 'accepted'],
    [{ http: 404 }, 'rejected:target_gone'],
    [{ http: 410 }, 'rejected:target_gone'],
    [{ http: 413 }, 'rejected:payload'],
    [{ http: 400 }, 'rejected:payload'],
    [{ http: 400, body: { reason: 'VapidPkHashMismatch' } }, 'rejected:target_gone'],
    [{ http: 401 }, 'rejected:credentials'],
    [{ http: 403 }, 'rejected:credentials'],
    [{ http: 403, body: { reason: 'BadJwtToken' } }, 'rejected:credentials'],
    [[{ http: 413 }, { http: 201 }], 'accepted', { notification: { body: longText } }],
    [[{ http: 413 }, { http: 413 }], 'rejected:payload', { notification: { body: longText } }],
    [[{ http: 413 }, { http: 410 }], 'rejected:target_gone', { notification: { body: longText } }],
    [{ http: 403, ...wrongKey }, 'rejected:target_gone'],
    [{ http: 308, headers: { location: 'https://example.com/' } }, 'rejected:target_invalid'],
    [{ http: 429, headers: { 'retry-after': '60' } }, 'retry:60000'],
    [{ http: 503 }, 'retry'],
    [{ http: 406 }, 'retry:60000:target'],
    [{ http: 201, headers: { 'x-wns-status': 'received' } }, 'accepted'],
    [{ http: 201, headers: { 'x-wns-notificationstatus': 'channelthrottled' } }, 'retry:60000:target'],
    [{ http: 201, headers: { 'x-wns-notificationstatus': 'dropped' } }, 'retry'],
    [{ http: 201, headers: { 'x-wns-notificationstatus': 'dropped' } }, 'rejected:payload', { attempt: 2 }],
    [{ network: 'reset' }, 'retry'],
  ],
});

function subscription(endpoint: string): Subscription {
  const browser = createECDH('prime256v1');
  return {
    endpoint,
    keys: { p256dh: browser.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
  };
}

function expectEncrypted([request]: readonly RecordedRequest[]): void {
  expect(request).toMatchObject({ method: 'POST', url: target.endpoint });
  expect(request?.headers).toMatchObject({
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    ttl: '86400',
    urgency: 'normal',
    authorization: expect.stringMatching(/^vapid t=\S+, k=\S+$/),
    topic: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
  });
  expect(request?.body).not.toContain('hello');
}

type Config = z.input<typeof plugin.config>;

/** The service's requests, and the outcome. */
async function sent(
  given: { config?: Partial<Config>; to?: Subscription; notification?: Partial<PushNotification> } = {},
  call: 'send' | 'clear' = 'send',
): Promise<{ request: RecordedRequest | undefined; outcome: Outcome | undefined }> {
  const host = fakeHost();
  host.answer({ http: 201 });
  const provider = await plugin.setup(host.context(plugin.config.parse({ ...config, ...given.config })));
  const { to = target, notification = {} } = given;
  const outcome =
    call === 'send'
      ? await provider.send(sampleDelivery({ target: to, notification }), attempt)
      : await provider.clear?.(sampleClearing(to), attempt);
  return { request: host.requests[0], outcome };
}

test('a push that replaces another has its topic, one of another conversation has not', async () => {
  const topicOf = async (collapseKey: string) =>
    (await sent({ notification: { collapseKey } })).request?.headers['topic'];

  expect(await topicOf('c1')).toBe(await topicOf('c1'));
  expect(await topicOf('c2')).not.toBe(await topicOf('c1'));
  expect(await topicOf('\u4F60\u597D '.repeat(100))).toMatch(/^[A-Za-z0-9_-]{32}$/);
});

test.each([
  ['low', 'low'],
  ['normal', 'normal'],
  ['high', 'high'],
  ['urgent', 'high'],
] as const)('priority %s is urgency %s', async (priority, urgency) => {
  expect((await sent({ notification: { priority } })).request?.headers['urgency']).toBe(urgency);
});

test.each([
  [0, '0'],
  [0.5, '0'],
  [90 * 24 * 3600, '2419200'],
])('a life of %s s is a TTL of %s', async (ttlSeconds, ttl) => {
  expect((await sent({ notification: { ttlSeconds } })).request?.headers['ttl']).toBe(ttl);
});

test('nothing goes to a host that is no push service, and the configuration is not paused for it', async () => {
  for (const endpoint of ['https://attacker.example/', 'https://fcm.googleapis.com.attacker.example/']) {
    const { request, outcome } = await sent({ to: subscription(endpoint) });
    expect(request).toBeUndefined();
    expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'target_invalid' });
  }
});

test('a subscription whose key is no point of the curve costs that one delivery', async () => {
  const keys = { ...target.keys, p256dh: Buffer.alloc(65, 4).toString('base64url') };
  expect((await sent({ to: { ...target, keys } })).outcome).toMatchObject({ reason: 'target_invalid' });
});

test('what is too large for any push service is not sent, and a picture is left out before', async () => {
  const picture = await sent({ notification: { imageUrl: `https://example.com/${'x'.repeat(4000)}` } });
  expect(picture.outcome).toEqual({ outcome: 'accepted' });
  const { request, outcome } = await sent({ notification: { body: 'x'.repeat(4000) } });
  expect(request).toBeUndefined();
  expect(outcome).toMatchObject({ reason: 'payload' });
});

test('Windows is told whether to keep a push, as it refuses one that does not say so', async () => {
  const to = subscription('https://wns2-par02p.notify.windows.com/w/?token=abc');
  const policy = async (ttlSeconds: number, endpoint = to) =>
    (await sent({ to: endpoint, notification: { ttlSeconds } })).request?.headers['x-wns-cache-policy'];
  expect([await policy(0), await policy(60), await policy(60, target)]).toEqual(['no-cache', 'cache', undefined]);
});

test('the reason of Windows is in the detail', async () => {
  const host = fakeHost();
  host.answer({ http: 400, headers: { 'x-wns-error-description': 'Ttl value conflicts' } });
  const provider = await plugin.setup(host.context(plugin.config.parse(config)));
  expect(await provider.send(sampleDelivery({ target }), attempt)).toMatchObject({
    reason: 'payload',
    detail: 'HTTP 400: Ttl value conflicts',
  });
});

test('the reason of Apple is in the detail, and nothing else of what it says', async () => {
  const detailOf = async (body: object) => {
    const host = fakeHost();
    host.answer({ http: 403, body });
    const provider = await plugin.setup(host.context(plugin.config.parse(config)));
    const to = subscription('https://web.push.apple.com/abc');
    return await provider.send(sampleDelivery({ target: to }), attempt);
  };
  expect(await detailOf({ reason: 'BadJwtToken' })).toMatchObject({ detail: 'HTTP 403: BadJwtToken' });
  expect(await detailOf({ reason: 'see https://web.push.apple.com/abc' })).toMatchObject({ detail: 'HTTP 403' });
});

test.each([
  ['to Chrome', {}, target, 1],
  ['to Safari', {}, subscription('https://web.push.apple.com/abc'), 0],
  ['where the tenant wants none', { clear: false }, target, 0],
])('clearing %s: %j', async (_, given, to, requests) => {
  const { request, outcome } = await sent({ config: given, to }, 'clear');
  expect(outcome).toEqual({ outcome: 'accepted' });
  expect(request === undefined ? 0 : 1).toBe(requests);
});

test('clearing has the topic of what it clears, so that it replaces what is still on its way', async () => {
  const { collapseKey } = sampleClearing(target);
  const cleared = await sent({}, 'clear');
  expect(cleared.request?.headers['topic']).toBe(
    (await sent({ notification: { collapseKey } })).request?.headers['topic'],
  );
});

test.each<[string, Record<string, unknown>, string]>([
  ['a contact that is none', { subject: 'ops@example.com' }, 'subject'],
  ['a public key that is too short', { publicKey: 'BAAA' }, 'publicKey'],
  ['a private key that is no base64url', { privateKey: 'not a key' }, 'privateKey'],
  ['keys of two pairs', { privateKey: webPush.generateVAPIDKeys().privateKey }, 'privateKey'],
  [
    'earlier keys of two pairs',
    { previousKeys: [{ ...vapid, privateKey: webPush.generateVAPIDKeys().privateKey }] },
    'previousKeys.0.privateKey',
  ],
  ['more earlier pairs than are tried', { previousKeys: [vapid, vapid, vapid, vapid] }, 'previousKeys'],
])('refuses %s', (_, change, path) => {
  expect(plugin.config.safeParse({ ...config, ...change }).error?.issues[0]?.path.join('.')).toBe(path);
});

test.each<[string, unknown]>([
  ['an endpoint without TLS', { ...target, endpoint: 'http://fcm.googleapis.com/abc' }],
  ['no keys', { endpoint: target.endpoint }],
  ['an auth secret that is too short', { ...target, keys: { ...target.keys, auth: 'AAAA' } }],
  ['another field', { ...target, userId: 'bob' }],
])('refuses a subscription with %s', (_, given) => {
  expect(plugin.target.safeParse(given).success).toBe(false);
});

test('browsers learn the public key and nothing else', () => {
  expect(plugin.publicConfig?.(plugin.config.parse(config))).toEqual({ vapidPublicKey: vapid.publicKey });
});

describe('with a push service that checks and a browser that decrypts', () => {
  let service: StandInPushService;
  beforeAll(async () => (service = await startPushService()));
  afterAll(() => service.close());

  async function provider(given: Partial<Config> = {}, host = fakeHost()) {
    const context: ProviderContext<z.output<typeof plugin.config>> = {
      ...host.context(plugin.config.parse({ ...config, pushServices: [service.host], ...given })),
      fetch: (url, init) => fetch(url, init),
    };
    return await plugin.setup(context);
  }

  test('the browser gets the whole notification', async () => {
    const browser = await service.subscribe(vapid.publicKey);
    const { notification, ...delivery } = sampleDelivery({ target: browser });

    expect(await (await provider()).send({ ...delivery, notification }, attempt)).toEqual({ outcome: 'accepted' });
    expect(service.received(browser)).toEqual(
      [{ type: 'push', ...notification, ttlSeconds: undefined, sender: undefined }].map(asJson),
    );
  });

  test('the largest that the host lets through fits', async () => {
    const browser = await service.subscribe(vapid.publicKey);
    const most = plugin.limits.payloadBytes ?? 0;
    const frame = Buffer.byteLength(JSON.stringify({ title: 'Alice', body: '', data: {} }));
    const notification = { title: 'Alice', body: 'x'.repeat(most - frame), data: {} };
    const delivery = sampleDelivery({
      target: browser,
      notification: { ...notification, collapseKey: 'k'.repeat(128) },
    });

    expect(await (await provider()).send(delivery, attempt)).toEqual({ outcome: 'accepted' });
    expect(service.requests.at(-1)?.bytes).toBeLessThanOrEqual(4096);
  });

  test('a browser whose push service takes less gets as much of the text as it takes', async () => {
    const browser = await service.subscribe(vapid.publicKey);
    service.mostBytes = 2847;
    onTestFinished(() => void (service.mostBytes = 4096));
    const notification = { title: 'Alice', body: longText, imageUrl: 'https://example.com/a.png' };
    const delivery = sampleDelivery({ target: browser, notification });

    expect(await (await provider()).send(delivery, attempt)).toEqual({ outcome: 'accepted' });
    const [got] = service.received(browser) as { title: string; body: string; data: object }[];
    expect(got).toMatchObject({ title: 'Alice', data: delivery.notification.data });
    expect(got).not.toHaveProperty('imageUrl');
    expect(longText.startsWith(got?.body.replace(/…$/, '') ?? 'x')).toBe(true);
    expect(Buffer.byteLength(got?.body ?? '')).toBeGreaterThan(2000);
    expect(service.requests.at(-1)?.bytes).toBeLessThanOrEqual(2500 + 103);

    // What is too long by what may not be cut is given up.
    const data = { ids: 'x'.repeat(2600) };
    expect(await (await provider()).send(sampleDelivery({ target: browser, notification: { data } }), attempt)).toEqual(
      {
        ...{ outcome: 'rejected', reason: 'payload', detail: 'HTTP 413' },
      },
    );
  });

  test('the browser is told what to take away', async () => {
    const browser = await service.subscribe(vapid.publicKey);
    const clearing = sampleClearing(browser);
    await (await provider()).clear?.(clearing, attempt);

    expect(service.received(browser)).toEqual([{ type: 'clear', collapseKey: clearing.collapseKey }]);
  });

  test('a signature with other keys than the browser subscribed with is found out', async () => {
    const browser = await service.subscribe(vapid.publicKey);
    const outcome = await (
      await provider(webPush.generateVAPIDKeys())
    ).send(sampleDelivery({ target: browser }), attempt);

    expect(outcome).toMatchObject({ outcome: 'rejected' });
    expect(service.received(browser)).toEqual([]);
  });

  describe('while the newest keys take over', () => {
    const before = webPush.generateVAPIDKeys();
    const other = webPush.generateVAPIDKeys();
    const statuses = (from: number) => service.requests.slice(from).map(({ status }) => status);

    test('browsers of the old and of the new pair get their pushes side by side', async () => {
      const rotating = await provider({ previousKeys: [other, before] });
      const [old, current] = [await service.subscribe(before.publicKey), await service.subscribe(vapid.publicKey)];
      const from = service.requests.length;
      for (const browser of [old, current, old])
        expect(await rotating.send(sampleDelivery({ target: browser }), attempt)).toEqual({ outcome: 'accepted' });
      expect(service.received(old)).toHaveLength(2);
      expect(service.received(current)).toHaveLength(1);
      // What was taken once is tried first from then on.
      expect(statuses(from)).toEqual([403, 403, 201, 201, 201]);
    });

    test('the old browser alone is told the new key, with a notification and with what takes one away', async () => {
      const rotating = await provider({ previousKeys: [before] });
      const [old, current] = [await service.subscribe(before.publicKey), await service.subscribe(vapid.publicKey)];
      await rotating.send(sampleDelivery({ target: old }), attempt);
      await rotating.clear?.(sampleClearing(old), attempt);
      await rotating.send(sampleDelivery({ target: current }), attempt);
      const told = [...service.received(old), ...service.received(current)].map((push) =>
        Reflect.get(push as object, 'vapidPublicKey'),
      );
      expect(told).toEqual([vapid.publicKey, vapid.publicKey, undefined]);
    });

    test('the largest push has room for the new key', async () => {
      const old = await service.subscribe(before.publicKey);
      const frame = Buffer.byteLength(JSON.stringify({ title: 'Alice', body: '', data: {} }));
      const body = 'x'.repeat((plugin.limits.payloadBytes ?? 0) - frame);
      const notification = { title: 'Alice', body, data: {}, collapseKey: 'k'.repeat(128) };
      const delivery = sampleDelivery({ target: old, notification });
      expect(await (await provider({ previousKeys: [before] })).send(delivery, attempt)).toEqual({
        outcome: 'accepted',
      });
    });

    test('a browser that was told is not gone while it changes, and is when it has not come back', async () => {
      const host = fakeHost();
      const rotating = await provider({ previousKeys: [before] }, host);
      const old = await service.subscribe(before.publicKey);
      await rotating.send(sampleDelivery({ target: old }), attempt);
      service.expire(old);
      const again = () => rotating.send(sampleDelivery({ target: old }), attempt);
      expect(await again()).toMatchObject({ outcome: 'retry', afterMs: 20_000, scope: 'target' });
      host.clock.advance(60_000);
      expect(await again()).toMatchObject({ outcome: 'rejected', reason: 'target_gone' });
    });

    test('with the end of the old pair, browsers that still have it are gone, and the provider is not paused', async () => {
      const old = await service.subscribe(before.publicKey);
      expect(await (await provider()).send(sampleDelivery({ target: old }), attempt)).toMatchObject({
        outcome: 'rejected',
        reason: 'target_gone',
      });
    });

    test('the check says which earlier keys are in use, and the log each push that needed one', async () => {
      const host = fakeHost();
      const rotating = await provider({ previousKeys: [before] }, host);
      const old = await service.subscribe(before.publicKey);
      await rotating.send(sampleDelivery({ target: old }), attempt);
      expect(host.log).toMatchObject([{ fields: { earlierKey: before.publicKey }, msg: 'push' }]);
      expect(await rotating.check?.(attempt)).toMatchObject({
        ok: true,
        detail: expect.stringContaining(before.publicKey.slice(0, 8)),
      });
      expect(await (await provider()).check?.(attempt)).toEqual({ ok: true });
    });
  });

  test('a browser that is gone is a target that is gone', async () => {
    const browser = await service.subscribe(vapid.publicKey);
    service.expire(browser);

    expect(await (await provider()).send(sampleDelivery({ target: browser }), attempt)).toMatchObject({
      reason: 'target_gone',
    });
  });
});

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
