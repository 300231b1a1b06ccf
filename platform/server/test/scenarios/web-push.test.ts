// Web Push from a message to a browser that decrypts it, over a whole server: keys from the command line,
// subscription, notification, opening, clearing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  startPushService,
  type StandInPushService,
  type Subscription,
} from '../../../../plugins/notify-webpush/test/push-service.ts';
import { vapid } from '../../src/cli/vapid.ts';
import { createClients } from '../support/clients.ts';
import { putConversation, say, succeed, untilPush } from '../support/clinic.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

interface ReceivedPush {
  type: 'push' | 'clear';
  vapidPublicKey?: string;
  title?: string;
  body?: string;
  collapseKey: string;
  data?: Record<string, unknown>;
}

/** The pair that browsers subscribed with before the app took another. */
let earlier: { publicKey: string; privateKey: string };

let service: StandInPushService;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  service = await startPushService();
  const [{ config, ...provider }, before] = [await printedProvider(), await printedProvider()];
  const { publicKey, privateKey } = before.config;
  earlier = { publicKey, privateKey };
  server = await startWholeServer({
    settings: { waitMs: 300 },
    app: {
      providers: [{ ...provider, config: { ...config, previousKeys: [earlier], pushServices: [service.host] } }],
    },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await service.close();
});

/** As the command prints it, with a new pair of keys. */
async function printedProvider() {
  let printed = '';
  await vapid('mailto:ops@example.com', { out: (text) => void (printed = text), err: () => undefined });
  const { providers } = parse(printed) as {
    providers: [{ id: string; plugin: string; config: { publicKey: string; privateKey: string } }];
  };
  return providers[0];
}

/** The work of a page: learns the key, subscribes, registers. */
async function subscribe(userId: string): Promise<Subscription> {
  const token = await server.tokenOf(userId);
  const body = await succeed(server.api('GET', '/push/providers', undefined, token), 'push providers');
  const [found] = body['providers'] as [
    { id: string; plugin: string; channel: string; public: { vapidPublicKey: string } },
  ];
  expect(found).toMatchObject({ id: 'browsers', plugin: 'webpush', channel: 'push' });
  expect(Object.keys(found.public)).toEqual(['vapidPublicKey']);
  const target = await service.subscribe(found.public.vapidPublicKey);
  const device = { provider: found.id, target, deviceType: 'desktop', locale: 'en' };
  await succeed(server.api('POST', '/devices', device, token), 'device');
  return target;
}

test('a browser whose page is closed gets the message, and its opening is in the journey', async () => {
  const browser = await subscribe('bob');
  await putConversation(server, 'c-push', ['alice', 'bob']);
  const { messageId } = await say(server, 'c-push', { from: 'alice' });
  await untilPush(server, messageId, { userId: 'bob', reason: 'accepted_by_provider' });

  const [push] = service.received(browser) as [ReceivedPush];
  expect(push).toMatchObject({ type: 'push', data: { conversationId: 'c-push', action: 'open_conversation' } });

  const opened = await fetch(`${server.url}/api/v1/push/opened`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: push.data?.['openedToken'] }),
  });
  expect(opened.status).toBe(204);
  const recipient = await untilPush(server, messageId, { userId: 'bob', reason: 'opened' });
  expect(recipient.push[0]?.steps.map(({ reason }) => reason)).toEqual(['queued', 'accepted_by_provider', 'opened']);
});

test('a notification whose message is read elsewhere is taken away from the browser', async () => {
  const browser = await subscribe('carol');
  await putConversation(server, 'c-read', ['alice', 'carol']);
  const { messageId, seq } = await say(server, 'c-read', { from: 'alice' });
  await untilPush(server, messageId, { userId: 'carol', reason: 'accepted_by_provider' });
  const before = service.requests.length;

  const phone = await clients.connect({ userId: 'carol' });
  await phone.ask('read', { conversationId: 'c-read', seq });
  await service.answered(before + 1);

  const [push, clear] = service.received(browser) as [ReceivedPush, ReceivedPush];
  expect(clear).toEqual({ type: 'clear', collapseKey: push.collapseKey });
});

test('a browser of the keys before gets its push, learns the new key, and is pushed with that from then on', async () => {
  const token = await server.tokenOf('erin');
  const target = await service.subscribe(earlier.publicKey);
  const body = { provider: 'browsers', target, deviceType: 'desktop' };
  const { deviceId, renewal } = await succeed(server.api('POST', '/devices', body, token), 'device');
  await putConversation(server, 'c-keys', ['alice', 'erin']);
  const first = await say(server, 'c-keys', { from: 'alice' });
  await untilPush(server, first.messageId, { userId: 'erin', reason: 'accepted_by_provider' });
  const [{ vapidPublicKey }] = service.received(target) as [ReceivedPush];

  // The work of the service worker.
  const renewed = await service.subscribe(vapidPublicKey ?? '');
  const renewing = await fetch(`${server.url}/api/v1/devices/${String(deviceId)}/renew`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credential: renewal, target: renewed }),
  });
  expect(renewing.ok).toBe(true);
  const second = await say(server, 'c-keys', { from: 'alice' });
  await untilPush(server, second.messageId, { userId: 'erin', reason: 'accepted_by_provider' });
  expect(service.received(target)).toHaveLength(1);
  const [push] = service.received(renewed) as [ReceivedPush];
  expect(push.vapidPublicKey).toBeUndefined();
});

test('a browser that is gone is no device any more', async () => {
  const browser = await subscribe('dave');
  service.expire(browser);
  await putConversation(server, 'c-gone', ['alice', 'dave']);
  const { messageId } = await say(server, 'c-gone', { from: 'alice' });
  await untilPush(server, messageId, { userId: 'dave', reason: 'target_gone' });

  expect((await server.api('GET', '/devices?userId=dave')).body).toEqual({ devices: [] });
});
