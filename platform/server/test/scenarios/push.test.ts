// The rules of pushes over a whole server: to whom, when and with which content, by a webhook provider that
// answers as the test says. Restarts are push-restart.test.ts.

import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClients } from '../support/clients.ts';
import {
  broadcast,
  putConversation,
  putCouple,
  readJourney,
  recipientIn,
  registerDevice,
  say,
  succeed,
  untilPush,
} from '../support/clinic.ts';
import { webhookSecret } from '../support/provision.ts';
import { pushTo, startPushReceiver, type PushReceiver, type ReceivedPush } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const waitMs = 500;
const pushTimeoutMs = 1500;
/** One service each, so that what one refuses says nothing of the others. */
const services = ['hook', 'gone', 'busy', 'failing', 'refusing', 'down', 'strict', 'hanging'] as const;

let receivers: Record<(typeof services)[number], PushReceiver>;
let hook: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  const started = await Promise.all(services.map(async (id) => [id, await startPushReceiver()] as const));
  // Every service is in the list that the object is made from.
  receivers = Object.fromEntries(started) as typeof receivers;
  hook = receivers.hook;
  const providers = started.map(([id, { url }]) => ({ id, plugin: 'webhook', config: { url, secret: webhookSecret } }));
  server = await startWholeServer({
    settings: { waitMs },
    app: { providers },
    env: { LIMIT_PUSH_TIMEOUT_MS: String(pushTimeoutMs) },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await Promise.all(Object.values(receivers).map((receiver) => receiver.close()));
});

const pushesTo = (userId: string, receiver = hook): ReceivedPush[] => receiver.pushes.filter(pushTo(userId));

async function firstPush(userId: string, receiver = hook): Promise<ReceivedPush> {
  const [push] = await receiver.received(1, pushTo(userId));
  if (push === undefined) throw new Error('not received');
  return push;
}

const couple = (name: string) => putCouple(server, name);

describe('a user who is away', () => {
  test('is pushed at once, as the transcript says, under the name in the token of a sender who has only just come', async () => {
    const { conversation, other } = await couple('away');
    const deviceId = await registerDevice(server, other, { target: 'phone-1' });
    const token = await server.tokenOf('away.sender', { name: 'Alice' });
    const alice = await clients.connect({ token });
    const { data: sent } = await alice.ask('message', {
      conversationId: conversation,
      cid: 'a-1',
      type: 'text',
      content: { text: 'hello' },
    });

    const { body, headers, text } = await firstPush(other);
    expect(body).toEqual({
      type: 'push',
      app: 'demo',
      userId: other,
      device: { id: deviceId, type: 'mobile', target: { id: 'phone-1' } },
      notification: {
        sender: 'Alice',
        title: 'Alice',
        body: 'hello',
        count: 1,
        collapseKey: expect.stringMatching(/^[\w-]{1,32}$/),
        priority: 'normal',
        ttlSeconds: 86_400,
        data: expect.objectContaining({
          conversationId: conversation,
          messageIds: [sent['messageId']],
          action: 'open_conversation',
        }),
      },
    });
    const key = Buffer.from(webhookSecret.replace('whsec_', ''), 'base64');
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) * 1000 - Date.now())).toBeLessThan(60_000);

    const { push, reason } = await untilPush(server, String(sent['messageId']), {
      userId: other,
      reason: 'accepted_by_provider',
    });
    expect(reason).toBe('no_connection');
    expect(push[0]?.steps.map((step) => step.reason)).toEqual(['queued', 'accepted_by_provider']);
    expect(push[0]?.attempts).toMatchObject([{ outcome: 'accepted' }]);
  });

  test('is pushed under the name in the token of a sender who only ever used HTTP', async () => {
    const { conversation, sender, other } = await couple('http');
    await registerDevice(server, other);
    const token = await server.tokenOf(sender, { name: 'Bea of the web' });
    const message = { type: 'text', content: { text: 'over HTTP' } };
    await succeed(server.api('POST', `/chat/${conversation}/send`, message, token), 'send');
    expect((await firstPush(other)).body.notification).toMatchObject({ title: 'Bea of the web', body: 'over HTTP' });
  });

  test('is not pushed without a device, and the journey says so', async () => {
    const { conversation, sender, other } = await couple('no-device');
    const { messageId } = await say(server, conversation, { from: sender });
    const recipient = recipientIn(await readJourney(server, messageId), other);
    expect(recipient).toMatchObject({ reason: 'no_connection', push: [], pushReason: 'no_device' });
  });

  test('hears of a consultant’s reply on the phone first, under the consultant’s name', async () => {
    await putConversation(server, 'c-consult', ['patient', 'consultant']);
    await registerDevice(server, 'patient', { deviceType: 'desktop', target: 'pc' });
    await registerDevice(server, 'patient', { deviceType: 'mobile', target: 'phone' });
    await clients.connect({ token: await server.tokenOf('consultant', { name: 'Dr. Carol' }), visible: false });
    const { messageId } = await say(server, 'c-consult', { from: 'consultant', kind: 'consultation_reply' });
    expect((await firstPush('patient')).body).toMatchObject({
      device: { target: { id: 'phone' } },
      notification: { title: 'Dr. Carol', body: 'hello' },
    });
    const { push } = await untilPush(server, messageId, { userId: 'patient', reason: 'accepted_by_provider' });
    expect(push.map(({ deviceType }) => deviceType)).toEqual(['mobile']);
    expect(pushesTo('patient')).toHaveLength(1);
  });

  test('hears of a consultant’s reply under the name that the back end gave it', async () => {
    await putConversation(server, 'c-consult-3', ['patient-3', 'consultant']);
    await registerDevice(server, 'patient-3');
    const content = { text: 'hello' };
    const request = (consultantName: unknown) => ({
      ...{ kind: 'consultation_reply', sender: 'consultant', audience: { conversation: 'c-consult-3' } },
      data: { type: 'text', content, consultantName },
    });
    expect(await server.api('POST', '/broadcasts', request({ first: 'Chen' }))).toMatchObject({ status: 422 });
    await broadcast(server, request('Dr. Chen, cardiology'));
    expect((await firstPush('patient-3')).body.notification).toMatchObject({ title: 'Dr. Chen, cardiology' });
  });

  test('hears of a consultant’s reply on the desktop when there is no phone', async () => {
    await putConversation(server, 'c-consult-2', ['patient-2', 'consultant']);
    await registerDevice(server, 'patient-2', { deviceType: 'desktop', target: 'pc' });
    await say(server, 'c-consult-2', { from: 'consultant', kind: 'consultation_reply' });
    expect((await firstPush('patient-2')).body.device).toMatchObject({ type: 'desktop', target: { id: 'pc' } });
  });
});

describe('a user who is online', () => {
  test('and only has a hidden tab is pushed once the wait is over, although the tab acknowledged', async () => {
    const { conversation, sender, other } = await couple('hidden');
    await registerDevice(server, other);
    const tab = await clients.connect({ userId: other, visible: false });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await tab.ack(`c:${conversation}`, seq);
    await firstPush(other);
    const { push, realtime } = await untilPush(server, messageId, { userId: other, reason: 'accepted_by_provider' });
    expect(realtime.map(({ reason }) => reason)).toEqual(['acked_hidden']);
    const [device] = push;
    expect(device?.steps.map(({ reason }) => reason)).toEqual(['waiting_for_ack', 'queued', 'accepted_by_provider']);
    const [waiting, queued] = device?.steps ?? [];
    expect(Date.parse(queued?.at ?? '') - Date.parse(waiting?.at ?? '')).toBeGreaterThan(waitMs - 100);
  });

  test('and whose visible tab acknowledges is not pushed', async () => {
    const { conversation, sender, other } = await couple('visible');
    await registerDevice(server, other);
    const tab = await clients.connect({ userId: other });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await tab.ack(`c:${conversation}`, seq);
    const { push, realtime } = await untilPush(server, messageId, { userId: other, reason: 'cancelled_acked' });
    expect(realtime.map(({ reason }) => reason)).toEqual(['acked']);
    expect(push[0]?.steps.map(({ reason }) => reason)).toEqual(['waiting_for_ack', 'cancelled_acked']);
    expect(pushesTo(other)).toEqual([]);
  });

  test('and whose tab becomes visible with the acknowledgement is not pushed', async () => {
    const { conversation, sender, other } = await couple('looks-up');
    await registerDevice(server, other);
    const tab = await clients.connect({ userId: other, visible: false });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await tab.ack(`c:${conversation}`, seq, true);
    await untilPush(server, messageId, { userId: other, reason: 'cancelled_acked' });
    expect(pushesTo(other)).toEqual([]);
  });

  test('and reads elsewhere before the wait is over is not pushed', async () => {
    const { conversation, sender, other } = await couple('reads');
    await registerDevice(server, other);
    await clients.connect({ userId: other, visible: false });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await succeed(server.api('POST', `/conversations/${conversation}/read`, { userId: other, seq }), 'read');
    await untilPush(server, messageId, { userId: other, reason: 'cancelled_read' });
    expect(pushesTo(other)).toEqual([]);
  });

  test('and misses three messages gets one notification that counts three', async () => {
    const { conversation, sender, other } = await couple('three');
    await registerDevice(server, other);
    await clients.connect({ userId: other, visible: false });
    const first = await say(server, conversation, { from: sender, text: 'one' });
    const second = await say(server, conversation, { from: sender, text: 'two' });
    const third = await say(server, conversation, { from: sender, text: 'three' });
    const { notification } = (await firstPush(other)).body;
    expect(notification).toMatchObject({
      body: 'three',
      count: 3,
      data: { messageIds: [first.messageId, second.messageId, third.messageId] },
    });
    await untilPush(server, third.messageId, { userId: other, reason: 'accepted_by_provider' });
    for (const { messageId } of [first, second]) {
      const { push } = await untilPush(server, messageId, { userId: other, reason: 'collapsed_into' });
      expect(push[0]?.seq).toBe(third.seq);
    }
    // The waits of the second and third end later than that of the first, and may not push again.
    await pause(waitMs);
    expect(pushesTo(other)).toHaveLength(1);
  });

  test('with a desktop alone is pushed a mobile notification with high priority, and not sent the notice there', async () => {
    await registerDevice(server, 'at-desk');
    const desk = await clients.connect({ userId: 'at-desk' });
    const { id } = await broadcast(server, {
      kind: 'mobile_notification',
      audience: { users: ['at-desk'] },
      data: { title: 'Your turn', body: 'Room 2', room: 2 },
    });
    expect((await firstPush('at-desk')).body.notification).toMatchObject({
      title: 'Your turn',
      body: 'Room 2',
      priority: 'high',
      data: { room: 2, messageIds: [id] },
    });
    const { realtime } = await untilPush(server, String(id), { userId: 'at-desk', reason: 'accepted_by_provider' });
    expect(realtime.map(({ reason }) => reason)).toEqual(['device_type_excluded']);
    await desk.barrier();
    expect(desk.events('mobile_notification')).toEqual([]);
  });

  test('with a phone that takes a mobile notification is not pushed it', async () => {
    await registerDevice(server, 'on-phone');
    const phone = await clients.connect({ userId: 'on-phone', deviceType: 'mobile', visible: false });
    const { id } = await broadcast(server, {
      kind: 'mobile_notification',
      audience: { users: ['on-phone'] },
      data: { title: 'Your turn', body: 'Room 2' },
    });
    const { stream = '', seq = 0, data } = await phone.event('mobile_notification');
    expect(data).toMatchObject({ messageId: id, title: 'Your turn' });
    await phone.ack(stream, seq);
    await untilPush(server, String(id), { userId: 'on-phone', reason: 'cancelled_acked' });
    expect(pushesTo('on-phone')).toEqual([]);
  });

  test('gets a system notification at once, while another who is named and away is pushed it', async () => {
    await registerDevice(server, 'named.away');
    const here = await clients.connect({ userId: 'named.here' });
    const { id, recipients, decisions } = await broadcast(server, {
      kind: 'system_notification',
      audience: { users: ['named.here', 'named.away'] },
      data: { title: 'Maintenance', body: '23:00-01:00', type: 'maintenance' },
    });
    expect({ recipients, decisions }).toEqual({
      recipients: 2,
      decisions: { sent: 1, no_connection: 1, queued: 1, no_device: 1 },
    });
    expect((await here.event('system_notification')).data).toMatchObject({ messageId: id, type: 'maintenance' });
    expect((await firstPush('named.away')).body.notification).toMatchObject({
      title: 'Maintenance',
      body: '23:00-01:00',
      data: { action: 'open_inbox', type: 'maintenance' },
    });
  });

  test('and reads what was pushed has the notification taken off the phone again', async () => {
    const { conversation, sender, other } = await couple('clears');
    await registerDevice(server, other);
    const { seq } = await say(server, conversation, { from: sender });
    const { notification } = (await firstPush(other)).body;
    const tab = await clients.connect({ userId: other });
    await tab.ask('read', { conversationId: conversation, seq });
    const [cleared] = await hook.received(1, pushTo(other, 'clear'));
    expect(cleared?.body).toMatchObject({
      type: 'clear',
      device: { target: { id: `mobile of ${other}` } },
      notification: { collapseKey: notification.collapseKey },
    });
  });
});

describe('a service', () => {
  /** Away, with a phone at this service; resolves with the id of a message for them. */
  async function missAt(service: (typeof services)[number], name: string) {
    const { conversation, sender, other } = await couple(name);
    await registerDevice(server, other, { provider: service });
    const { messageId } = await say(server, conversation, { from: sender });
    return { messageId, other };
  }

  test('has the device removed when it says 410', async () => {
    receivers.gone.answerWith({ status: 410 });
    const { messageId, other } = await missAt('gone', 'left');
    const { push } = await untilPush(server, messageId, { userId: other, reason: 'target_gone' });
    expect(push[0]?.attempts).toMatchObject([{ outcome: 'rejected' }]);
    expect((await server.api('GET', `/devices?userId=${other}`)).body).toEqual({ devices: [] });
    const { messageId: next } = await say(server, 'c-left', { from: 'left.sender' });
    expect(recipientIn(await readJourney(server, next), other)).toMatchObject({ pushReason: 'no_device' });
  });

  test('is asked again after a 429 when its Retry-After is over, not sooner', async () => {
    receivers.busy.answerWith({ status: 429, headers: { 'retry-after': '1' } });
    const { messageId, other } = await missAt('busy', 'busy');
    const { push } = await untilPush(server, messageId, { userId: other, reason: 'accepted_by_provider' });
    expect(push[0]?.steps.map(({ reason }) => reason)).toEqual(['queued', 'retrying', 'accepted_by_provider']);
    const [refused, taken] = push[0]?.attempts ?? [];
    expect(refused).toMatchObject({ outcome: 'retry' });
    expect(Date.parse(taken?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(950);
    // One delivery in every attempt, so that a service which keeps the ids it has seen shows it once.
    expect(new Set(pushesTo(other, receivers.busy).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('is asked again after a 500 until it takes the push', async () => {
    receivers.failing.answerWith({ status: 500 }, { status: 503 });
    const { messageId, other } = await missAt('failing', 'failing');
    const { push } = await untilPush(server, messageId, { userId: other, reason: 'accepted_by_provider' });
    expect(push[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'accepted']);
    expect(pushesTo(other, receivers.failing)).toHaveLength(3);
  });

  test('is given up on in time when it never answers, and asked again', async () => {
    receivers.hanging.answerWith('hang');
    const { messageId, other } = await missAt('hanging', 'hanging');
    const { push } = await untilPush(server, messageId, { userId: other, reason: 'accepted_by_provider' });
    const [hung, taken] = push[0]?.attempts ?? [];
    expect(hung?.outcome).toBe('retry');
    expect(hung?.durationMs).toBeGreaterThanOrEqual(pushTimeoutMs - 50);
    expect(hung?.durationMs).toBeLessThan(pushTimeoutMs + 3000);
    expect(taken?.outcome).toBe('accepted');
  });

  test('is not asked again after a 400', async () => {
    receivers.strict.answerWith({ status: 400 });
    const { messageId, other } = await missAt('strict', 'strict');
    const { push } = await untilPush(server, messageId, { userId: other, reason: 'payload_rejected' });
    expect(push[0]?.attempts).toMatchObject([{ outcome: 'rejected' }]);
    expect((await server.api('GET', `/devices?userId=${other}`)).body['devices']).toHaveLength(1);
    expect(pushesTo(other, receivers.strict)).toHaveLength(1);
  });

  test('is quarantined where it fails again and again, and the tenant sees since when, why and until when', async () => {
    receivers.down.answerAlways({ status: 503 });
    const { conversation, sender, other } = await couple('down');
    for (let n = 0; n < 10; n += 1) await registerDevice(server, other, { provider: 'down', target: `phone-${n}` });
    const saidAt = Date.now();
    await say(server, conversation, { from: sender });
    const { since = '', nextProbeAt = '' } = await vi.waitFor(async () => {
      const { body } = await server.api('GET', '/providers');
      const providers = body['providers'] as { id: string; quarantine?: Record<string, string> }[];
      const down = providers.find(({ id }) => id === 'down');
      const quarantine = { reason: expect.stringContaining('503'), nodes: 1 };
      expect(down).toMatchObject({ state: 'quarantined', recentCalls: { unavailable: 10 }, quarantine });
      return down?.quarantine ?? {};
    }, 5000);
    expect(Date.parse(since)).toBeGreaterThanOrEqual(saidAt - 1000);
    expect(Date.parse(nextProbeAt) - Date.parse(since)).toBeGreaterThan(4900);
  });

  test('is paused with the reason after a 401, and not called any more', async () => {
    receivers.refusing.answerAlways({ status: 401 });
    const { messageId, other } = await missAt('refusing', 'refusing');
    await untilPush(server, messageId, { userId: other, reason: 'credentials_rejected' });
    const { body } = await server.api('GET', '/providers');
    expect(body['providers']).toContainEqual({
      ...{ id: 'refusing', plugin: 'webhook', channel: 'webhook', state: 'paused' },
      reason: expect.stringContaining('401'),
      pausedAt: expect.any(String),
      recentCalls: { credentials: 1 },
      usedToday: expect.any(Number),
    });
    expect(body['providers']).toContainEqual(expect.objectContaining({ id: 'hook', state: 'on' }));

    const { messageId: next } = await say(server, 'c-refusing', { from: 'refusing.sender' });
    await untilPush(server, next, { userId: other, reason: 'credentials_rejected' });
    expect(pushesTo(other, receivers.refusing)).toHaveLength(1);
  });
});
