// Pushes that are handed out, and notifications on phones, follow the changes of messages and readers; and
// a window that nobody sits at holds no push back. Over a whole server and a webhook provider.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putCouple, registerDevice, say, succeed, untilPush } from '../support/clinic.ts';
import { webhookSecret } from '../support/provision.ts';
import { pushTo, startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const waitMs = 500;
let hook: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  hook = await startPushReceiver();
  const providers = [{ id: 'hook', plugin: 'webhook', config: { url: hook.url, secret: webhookSecret } }];
  server = await startWholeServer({ settings: { waitMs, deliveredMeans: 'attended' }, app: { providers } });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await hook.close();
});

const bodiesOf = async (userId: string, count: number): Promise<string[]> =>
  (await hook.received(count, pushTo(userId))).map(({ body }) => body.notification.body);

/** A conversation of a sender and one other, who has a phone. */
async function couple(name: string) {
  const names = await putCouple(server, name);
  await registerDevice(server, names.other);
  return names;
}

describe('while a push waits', () => {
  test('a member who is removed gets nothing', async () => {
    const { conversation, sender, other } = await couple('removed');
    await clients.connect({ userId: other, visible: false });
    const { messageId } = await say(server, conversation, { from: sender, text: 'for members only' });
    await succeed(server.api('DELETE', `/conversations/${conversation}/participants/${other}`), 'remove');
    await untilPush(server, messageId, { userId: other, reason: 'not_a_member' });
    expect(hook.pushes.filter(({ body }) => body.userId === other)).toEqual([]);
  });

  test('a user who is signed out gets nothing, until the device is registered again', async () => {
    const { conversation, sender, other } = await couple('signed-out');
    await clients.connect({ userId: other, visible: false });
    const { messageId } = await say(server, conversation, { from: sender, text: 'not any more' });
    await succeed(server.api('POST', `/users/${other}/sign-out`), 'sign-out');
    await untilPush(server, messageId, { userId: other, reason: 'no_device' });
    const second = await say(server, conversation, { from: sender, text: 'nor this' });
    await untilPush(server, second.messageId, { userId: other, reason: 'no_device' });
    await registerDevice(server, other);
    await say(server, conversation, { from: sender, text: 'here again' });
    expect(await bodiesOf(other, 1)).toEqual(['here again']);
  });

  test('a message that is edited is told with its new text', async () => {
    const { conversation, sender, other } = await couple('edited');
    await clients.connect({ userId: other, visible: false });
    const { messageId } = await say(server, conversation, { from: sender, text: 'befor' });
    await succeed(server.api('PATCH', `/messages/${messageId}`, { content: { text: 'after' } }), 'edit');
    expect(await bodiesOf(other, 1)).toEqual(['after']);
  });
});

describe('a notification on a phone', () => {
  test('is taken away when its message is deleted', async () => {
    const { conversation, sender, other } = await couple('deleted');
    const { messageId } = await say(server, conversation, { from: sender, text: 'to the wrong person' });
    const [push] = await hook.received(1, pushTo(other, 'push'));
    await succeed(server.api('DELETE', `/messages/${messageId}`), 'delete');
    const [clear] = await hook.received(1, pushTo(other, 'clear'));
    expect(clear?.body.notification.collapseKey).toBe(push?.body.notification.collapseKey);
  });

  test('is replaced by what is left when its newest message is deleted', async () => {
    const { conversation, sender, other } = await couple('newest');
    await say(server, conversation, { from: sender, text: 'stays' });
    await bodiesOf(other, 1);
    const { messageId } = await say(server, conversation, { from: sender, text: 'goes' });
    await bodiesOf(other, 2);
    await succeed(server.api('DELETE', `/messages/${messageId}`), 'delete');
    expect((await bodiesOf(other, 3)).at(-1)).toBe('stays');
  });

  test('is taken away when its reader is removed, or the conversation deleted', async () => {
    const removed = await couple('left');
    const gone = await couple('gone');
    for (const { conversation, sender, other } of [removed, gone]) {
      await say(server, conversation, { from: sender, text: 'for members' });
      await bodiesOf(other, 1);
    }
    await succeed(
      server.api('DELETE', `/conversations/${removed.conversation}/participants/${removed.other}`),
      'remove',
    );
    await succeed(server.api('DELETE', `/conversations/${gone.conversation}`), 'delete');
    for (const { other } of [removed, gone]) expect(await hook.received(1, pushTo(other, 'clear'))).toHaveLength(1);
  });
});

describe('a window in sight', () => {
  test('holds no push back when nobody sits at it', async () => {
    const { conversation, sender, other } = await couple('unattended');
    const tab = await clients.connect({ userId: other, attended: false });
    const { messageId, seq } = await say(server, conversation, { from: sender, text: 'are you there?' });
    await tab.ack(`c:${conversation}`, seq);
    expect(await bodiesOf(other, 1)).toEqual(['are you there?']);
    const { realtime } = await untilPush(server, messageId, { userId: other, reason: 'accepted_by_provider' });
    expect(realtime.map(({ reason }) => reason)).toEqual(['acked_hidden']);
  });

  test('holds a push back when somebody sits at it', async () => {
    const { conversation, sender, other } = await couple('attended');
    const tab = await clients.connect({ userId: other, attended: false });
    await tab.ask('heartbeat', { attended: true });
    const { messageId, seq } = await say(server, conversation, { from: sender });
    await tab.ack(`c:${conversation}`, seq);
    await untilPush(server, messageId, { userId: other, reason: 'cancelled_acked' });
    await pause(waitMs);
    expect(hook.pushes.filter(({ body }) => body.userId === other)).toEqual([]);
  });
});

describe('a push target that changes by itself', () => {
  const register = async (userId: string, target: string) => {
    const draft = { userId, provider: 'hook', target: { id: target }, deviceType: 'mobile' };
    return await succeed(server.api('POST', '/devices', draft), 'register');
  };
  /** As a service worker does it: without anybody's token. */
  const renew = async (deviceId: unknown, credential: unknown, target: string): Promise<number> => {
    const { status } = await fetch(`${server.url}/api/v1/devices/${String(deviceId)}/renew`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credential, target: { id: target } }),
    });
    return status;
  };

  test('is exchanged by the credential of its registration, again and again', async () => {
    const { deviceId, renewal } = await register('renews', 'old');
    for (const target of ['new', 'newer', 'newer']) expect(await renew(deviceId, renewal, target)).toBe(204);
    await succeed(
      server.api('POST', '/broadcasts', { kind: 'direct', audience: { users: ['renews'] }, data: { title: 'hear' } }),
      'direct',
    );
    const [push] = await hook.received(1, pushTo('renews', 'push'));
    expect(push?.body.device).toMatchObject({ id: deviceId, target: { id: 'newer' } });
    const listed = await succeed(server.api('GET', '/devices?userId=renews'), 'list');
    expect(listed).toMatchObject({ devices: [{ deviceId }] });
    expect(JSON.stringify(listed)).not.toContain('renewal');
  });

  test('stays as it is for a credential that is none, or no longer good', async () => {
    const mine = await register('mine', 'of mine');
    const other = await register('other', 'of other');
    expect(await renew(mine['deviceId'], other['renewal'], 'stolen')).toBe(404);
    expect(await renew(mine['deviceId'], `${String(mine['renewal'])}A`, 'stolen')).toBe(404);
    expect(await renew(mine['deviceId'], 'nothing', 'stolen')).toBe(404);
    // A target that somebody else has is not taken from them.
    expect(await renew(mine['deviceId'], mine['renewal'], 'of other')).toBe(404);
    await succeed(server.api('POST', '/users/mine/sign-out'), 'sign-out');
    expect(await renew(mine['deviceId'], mine['renewal'], 'after sign-out')).toBe(404);
    const again = await register('mine', 'of mine');
    expect(again['deviceId']).toBe(mine['deviceId']);
    expect(await renew(mine['deviceId'], mine['renewal'], 'with the old one')).toBe(404);
    expect(await renew(mine['deviceId'], again['renewal'], 'of mine, new')).toBe(204);
    // Its user is another from now on.
    await register('heir', 'of mine, new');
    expect(await renew(mine['deviceId'], again['renewal'], 'after that')).toBe(404);
  });
});
