// Every reason of the closed vocabulary, produced by a real run and read from a journey or a broadcast's
// decisions; or named as one that nothing produces yet.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pushReasons, realtimeReasons, type Journey, type Reason } from '@belfry/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClients } from '../support/clients.ts';
import {
  broadcast,
  putCouple,
  readJourney,
  recipientIn,
  registerDevice,
  say,
  succeed,
  untilJourney,
} from '../support/clinic.ts';
import { freePort } from '../support/free-port.ts';
import { webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

vi.setConfig({ testTimeout: 30_000 });

const waitMs = 400;
const services = ['hook', 'gone', 'failing', 'refusing', 'strict', 'later'] as const;

let receivers: Record<(typeof services)[number], PushReceiver>;
let server: WholeServer;
const clients = createClients(() => server);
const plugins = createTemporaryFolder();

beforeAll(async () => {
  writeStingyPlugin(plugins.path);
  const started = await Promise.all(services.map(async (id) => [id, await startPushReceiver()] as const));
  // Every service is in the list that the object is made from.
  receivers = Object.fromEntries(started) as typeof receivers;
  receivers.gone.answerAlways({ status: 410 });
  receivers.failing.answerAlways({ status: 500 });
  receivers.refusing.answerAlways({ status: 401 });
  receivers.strict.answerAlways({ status: 400 });
  const providers = [
    ...started.map(([id, { url }]) => ({ id, plugin: 'webhook', config: { url, secret: webhookSecret } })),
    {
      id: 'off',
      plugin: 'webhook',
      enabled: false,
      config: { url: receivers.hook.url, secret: webhookSecret },
    },
    { id: 'stingy', plugin: 'stingy' },
  ];
  // Services are told where to report what became of a push.
  const port = String(await freePort());
  server = await startWholeServer({
    // What is registered at `later` is pushed to when nobody opened what came before.
    settings: { waitMs, fallbacks: [{ after: 'not_opened', afterMs: 500, provider: 'later' }] },
    app: { providers },
    env: {
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PLUGINS_DIR: plugins.path,
      LIMIT_SEND_BEHIND_BYTES: '16384',
    },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await Promise.all(Object.values(receivers).map((receiver) => receiver.close()));
  plugins.remove();
});

/** No shipped provider answers that a quota is used up, so one that a tenant might write does. */
function writeStingyPlugin(pluginsDir: string): void {
  const folder = join(pluginsDir, 'stingy');
  mkdirSync(folder);
  const manifest = { kind: 'notification-provider', id: 'stingy', api: '^1.0.0' };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stingy', version: '1.0.0', type: 'module', exports: './index.js', belfry: manifest }),
  );
  writeFileSync(
    join(folder, 'index.js'),
    `import { defineNotificationProvider, rejected, z } from '@belfry/plugin-kit';
     export default defineNotificationProvider({
       id: 'stingy', channel: 'push', displayName: 'Stingy', description: 'Takes nothing.', docsUrl: 'https://example.com/',
       config: z.strictObject({}), target: z.strictObject({ id: z.string() }), supports: {},
       setup: () => ({ send: async () => rejected('quota', 'used up') }),
     });`,
  );
}

/** How a reason is produced; resolves with the one that was read. */
type Produce = () => Promise<Reason | undefined>;

const produced: Partial<Record<Reason, Produce>> = {
  sent: async () => {
    const { conversation, sender, other } = await couple('sent');
    await clients.connect({ userId: other });
    const { messageId } = await say(server, conversation, { from: sender });
    return realtimeOf(await readJourney(server, messageId), other);
  },
  acked: () => acknowledged('acked', true),
  acked_hidden: () => acknowledged('acked-hidden', false),
  no_connection: async () => {
    const { conversation, sender, other } = await couple('nobody');
    const { messageId } = await say(server, conversation, { from: sender });
    return realtimeOf(await readJourney(server, messageId), other);
  },
  device_type_excluded: async () => {
    await clients.connect({ userId: 'desk', deviceType: 'desktop' });
    return realtimeOf(await notify('mobile_notification', 'desk'), 'desk');
  },
  feature_off_on_page: async () => {
    const { conversation, sender, other } = await couple('admin');
    await clients.connect({ userId: other, page: '/admin' });
    const { messageId } = await say(server, conversation, { from: sender });
    return realtimeOf(await readJourney(server, messageId), other);
  },
  slow_consumer: async () => {
    const slow = await clients.connect({ userId: 'slow' });
    slow.pause();
    const body = 'x'.repeat(30_000);
    // The sockets of the system take some megabytes before anything waits in the server.
    for (;;) {
      const batch = Array.from({ length: 25 }, () => ({
        kind: 'direct',
        audience: { users: ['slow'] },
        data: { title: 'much', body },
      }));
      const { results } = await succeed(server.api('POST', '/broadcasts/batch', { broadcasts: batch }), 'batch');
      const behind = (results as { id: string; decisions: Record<string, number> }[]).findLast(
        ({ decisions }) => decisions['slow_consumer'] === 1,
      );
      const reason = behind && realtimeOf(await readJourney(server, behind.id), 'slow');
      // As long as the system's sockets take it all, a connection that was behind has caught up by now, and
      // was sent it.
      if (reason === 'slow_consumer') return reason;
    }
  },
  excluded_sender: async () => {
    const { conversation, sender } = await couple('sender');
    const client = await clients.connect({ userId: sender });
    const message = { conversationId: conversation, cid: 'a-1', type: 'text', content: { text: 'mine' } };
    const { data } = await client.ask('message', message);
    return await untilJourney(server, String(data['messageId']), (journey) => realtimeOf(journey, sender));
  },
  not_a_member: async () => {
    const { conversation, sender, other } = await couple('stranger');
    const { id } = await broadcast(server, {
      kind: 'message',
      sender,
      audience: { conversation },
      targetUserIds: [other, 'nobody.here'],
      data: { type: 'text', content: { text: 'for two' } },
    });
    return realtimeOf(await readJourney(server, String(id)), 'nobody.here');
  },

  waiting_for_ack: async () => {
    const { conversation, sender, other } = await couple('waits', { device: 'hook' });
    await clients.connect({ userId: other });
    const { messageId } = await say(server, conversation, { from: sender });
    return pushOf(await readJourney(server, messageId), other);
  },
  cancelled_acked: async () => {
    const { conversation, sender, other } = await couple('takes', { device: 'hook' });
    const client = await clients.connect({ userId: other });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await client.ack(`c:${conversation}`, seq);
    return await untilPushIs('cancelled_acked', messageId, other);
  },
  cancelled_read: async () => {
    const { conversation, sender, other } = await couple('reads', { device: 'hook' });
    const client = await clients.connect({ userId: other, visible: false });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await client.ask('read', { conversationId: conversation, seq });
    return await untilPushIs('cancelled_read', messageId, other);
  },
  queued: async () => {
    const { conversation, sender, other } = await couple('queued', { device: 'hook' });
    const { messageId } = await say(server, conversation, { from: sender });
    const journey = await readJourney(server, messageId);
    return recipientIn(journey, other)?.push[0]?.steps[0]?.reason;
  },
  accepted_by_provider: () => missedAt('hook', 'accepted_by_provider'),
  delivered: () => reported('delivered'),
  delivery_failed: () => reported('failed'),
  opened: async () => {
    const { conversation, sender, other } = await couple('opens', { device: 'hook' });
    const { messageId } = await say(server, conversation, { from: sender });
    const [push] = await receivers.hook.received(1, ({ body }) => body.userId === other);
    const { openedToken: token } = push?.body.notification.data ?? {};
    // As a service worker does it, which has nobody's credentials; and again, as a worker does that is not
    // sure.
    for (let time = 1; time <= 2; time += 1) {
      const { status } = await fetch(`${server.url}/api/v1/push/opened`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
      expect(status).toBe(204);
    }
    return await untilPushIs('opened', messageId, other);
  },
  retrying: async () => {
    const { conversation, sender, other } = await couple('retried', { device: 'failing' });
    const { messageId } = await say(server, conversation, { from: sender });
    return await untilPushIs('retrying', messageId, other);
  },
  expired_ttl: async () => {
    await registerDevice(server, 'too-late', { provider: 'failing' });
    const { id } = await broadcast(server, {
      action: 'now_or_never',
      policy: { push: 'undelivered', ttlSeconds: 0 },
      audience: { users: ['too-late'] },
      data: { title: 'now' },
    });
    return await untilPushIs('expired_ttl', String(id), 'too-late');
  },
  no_device: async () => {
    const { conversation, sender, other } = await couple('deviceless');
    const { messageId } = await say(server, conversation, { from: sender });
    return recipientIn(await readJourney(server, messageId), other)?.pushReason;
  },
  no_provider_for_device: async () => {
    const { conversation, sender, other } = await couple('unserved', { device: 'off' });
    const { messageId } = await say(server, conversation, { from: sender });
    return pushOf(await readJourney(server, messageId), other);
  },
  target_gone: () => missedAt('gone', 'target_gone'),
  payload_rejected: () => missedAt('strict', 'payload_rejected'),
  credentials_rejected: () => missedAt('refusing', 'credentials_rejected'),
  quota: () => missedAt('stingy', 'quota'),
  muted: () =>
    unwanted('muted', (conversation) => ({
      conversations: { [conversation]: { muteUntil: new Date(Date.now() + 3_600_000).toISOString() } },
    })),
  mentions_only: () => unwanted('mentions-only', () => ({ level: 'mentions' })),
  quiet_hours_deferred: () => {
    const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    return unwanted('quiet', () => ({ quietHours: { from: at(-1), to: at(3), timeZone: 'UTC' } }));
  },
  preference_off: () => unwanted('off', () => ({ level: 'none' })),
  policy_never: async () => {
    await clients.connect({ userId: 'listener', page: '/admin' });
    const { id } = await broadcast(server, {
      kind: 'announcement',
      audience: { everyone: true },
      data: { title: 'hear' },
    });
    return recipientIn(await readJourney(server, String(id)), 'listener')?.pushReason;
  },
  fallback_waiting: async () => (await fallenBack('waiting')).steps[0]?.reason,
  fallback_from: async () => (await fallenBack('taken')).steps[1]?.reason,
  fallback_not_needed: async () => (await fallenBack('opened')).reason,
  collapsed_into: async () => {
    const { conversation, sender, other } = await couple('collapses', { device: 'hook' });
    await clients.connect({ userId: other, visible: false });
    const { messageId } = await say(server, conversation, { from: sender });
    await say(server, conversation, { from: sender });
    return await untilPushIs('collapsed_into', messageId, other);
  },
};

/** Each with the missing part; a reason that is taken out of here needs a run above. */
const unreachable: Partial<Record<Reason, string>> = {};

test.each(Object.entries(produced))('%s is the outcome of a real run', async (reason, produce) => {
  expect(await produce()).toBe(reason);
});

test('every reason of the vocabulary is produced above, or named with what is missing for it', () => {
  const vocabulary = [...Object.keys(realtimeReasons), ...Object.keys(pushReasons)];
  expect(new Set([...Object.keys(produced), ...Object.keys(unreachable)])).toEqual(new Set(vocabulary));
});

/** A conversation of a sender and one other, who has a phone at that service. */
async function couple(name: string, { device }: { device?: string } = {}) {
  const names = await putCouple(server, name);
  if (device !== undefined) await registerDevice(server, names.other, { provider: device });
  return names;
}

/** The outcome of a push whose recipient prefers otherwise. */
async function unwanted(
  name: string,
  preferences: (conversation: string) => Record<string, unknown>,
): Promise<Reason | undefined> {
  const { conversation, sender, other } = await couple(name, { device: 'hook' });
  await succeed(server.api('PUT', `/users/${other}/preferences`, preferences(conversation)), 'preferences');
  const { messageId } = await say(server, conversation, { from: sender });
  return pushOf(await readJourney(server, messageId), other);
}

async function acknowledged(name: string, visible: boolean): Promise<Reason> {
  const { conversation, sender, other } = await couple(name);
  const client = await clients.connect({ userId: other, visible });
  const { messageId, seq } = await say(server, conversation, { from: sender });
  await client.ack(`c:${conversation}`, seq);
  return await untilJourney(server, messageId, (journey) => {
    const reason = realtimeOf(journey, other);
    return reason === 'sent' ? undefined : reason;
  });
}

async function notify(kind: string, userId: string): Promise<Journey> {
  const { id } = await broadcast(server, { kind, audience: { users: [userId] }, data: { title: 'hear' } });
  return await readJourney(server, String(id));
}

/** The push to the device of the second step, when its end has come. */
async function fallenBack(name: string): Promise<Journey['recipients'][number]['push'][number]> {
  const { conversation, sender, other } = await couple(`falls-${name}`, { device: 'hook' });
  await registerDevice(server, other, { provider: 'later' });
  const { messageId } = await say(server, conversation, { from: sender });
  const [push] = await receivers.hook.received(1, ({ body }) => body.userId === other);
  if (name === 'opened') {
    const { openedToken: token } = push?.body.notification.data ?? {};
    const { status } = await fetch(`${server.url}/api/v1/push/opened`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    expect(status).toBe(204);
  }
  return await untilJourney(server, messageId, (journey) => {
    const device = recipientIn(journey, other)?.push.find(({ provider }) => provider === 'later');
    const ended = name === 'opened' ? 'fallback_not_needed' : 'accepted_by_provider';
    return device?.reason === ended ? device : undefined;
  });
}

/** As the service behind the provider reports it, where the push said. */
async function reported(event: 'delivered' | 'failed'): Promise<Reason | undefined> {
  const { conversation, sender, other } = await couple(`reported-${event}`, { device: 'hook' });
  const { messageId } = await say(server, conversation, { from: sender });
  const [push] = await receivers.hook.received(1, ({ body }) => body.userId === other);
  const { receiptUrl } = push?.body as unknown as { receiptUrl: string };
  const body = JSON.stringify({ deliveryId: push?.headers['webhook-id'], event });
  const headers = signWebhook({ id: 'r-1', secret: webhookSecret, body, timestamp: Math.floor(Date.now() / 1000) });
  const { status } = await fetch(receiptUrl, { method: 'POST', headers, body });
  expect(status).toBe(204);
  return await untilPushIs(event === 'failed' ? 'delivery_failed' : event, messageId, other);
}

/** The outcome of a push to somebody who is away, at this service. */
async function missedAt(service: string, reason: Reason): Promise<Reason> {
  const { conversation, sender, other } = await couple(`missed-${reason}`, { device: service });
  const { messageId } = await say(server, conversation, { from: sender });
  return await untilPushIs(reason, messageId, other);
}

async function untilPushIs(reason: Reason, messageId: string, userId: string): Promise<Reason> {
  return await untilJourney(server, messageId, (journey) => {
    const now = pushOf(journey, userId);
    return now === reason ? now : undefined;
  });
}

function realtimeOf(journey: Journey, userId: string): Reason | undefined {
  const recipient = recipientIn(journey, userId);
  return recipient?.realtime[0]?.reason ?? recipient?.reason;
}

function pushOf(journey: Journey, userId: string): Reason | undefined {
  const recipient = recipientIn(journey, userId);
  return recipient?.push[0]?.reason ?? recipient?.pushReason;
}
