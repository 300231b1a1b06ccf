// A restart, and a kill, with pushes under way: waiting pushes and retries still come, once. Messages:
// durability.test.ts.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, readJourney, recipientIn, registerDevice, say, untilPush } from '../support/clinic.ts';
import { startEngine } from '../support/engine-under-test.ts';
import { provisionFile, webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

// The relay leaves a message to the process that stored it for ten seconds beyond its wait, and looks every
// five.
vi.setConfig({ testTimeout: 60_000 });

const waitMs = 1500;

let hook: PushReceiver;
let stumbling: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  [hook, stumbling] = await Promise.all([startPushReceiver(), startPushReceiver()]);
  const providers = [
    { id: 'hook', plugin: 'webhook', config: { url: hook.url, secret: webhookSecret } },
    { id: 'stumbling', plugin: 'webhook', config: { url: stumbling.url, secret: webhookSecret } },
  ];
  server = await startWholeServer({ settings: { waitMs }, app: { providers } });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await Promise.all([hook.close(), stumbling.close()]);
});

test.concurrent(
  'what waited for an acknowledgement and what was being retried is pushed after a restart, once a collapse key',
  async () => {
    await putConversation(server, 'waiting', ['alice', 'bob']);
    await putConversation(server, 'retrying', ['alice', 'carol']);
    await registerDevice(server, 'bob');
    await registerDevice(server, 'carol', { provider: 'stumbling' });
    await clients.connect({ userId: 'bob', visible: false });
    stumbling.answerWith({ status: 503, headers: { 'retry-after': '2' } });

    const retried = await say(server, 'retrying', { from: 'alice' });
    await untilPush(server, retried.messageId, { userId: 'carol', reason: 'retrying' });
    const first = await say(server, 'waiting', { from: 'alice', text: 'one' });
    const second = await say(server, 'waiting', { from: 'alice', text: 'two' });
    expect(recipientIn(await readJourney(server, second.messageId), 'bob')?.push[0]?.reason).toBe('waiting_for_ack');
    await clients.closeAll();
    await server.restart();

    const carol = await untilPush(server, retried.messageId, { userId: 'carol', reason: 'accepted_by_provider' });
    expect(carol.push[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['retry', 'accepted']);
    const [refused, taken] = stumbling.pushes;
    expect(taken?.headers['webhook-id']).toBe(refused?.headers['webhook-id']);

    const [push] = await hook.received(1);
    expect(push?.body.notification).toMatchObject({
      body: 'two',
      count: 2,
      data: { messageIds: [first.messageId, second.messageId] },
    });
    const newest = await untilPush(server, second.messageId, { userId: 'bob', reason: 'accepted_by_provider' });
    expect(newest.push[0]?.attempts).toHaveLength(1);
    const { push: collapsed } = await untilPush(server, first.messageId, { userId: 'bob', reason: 'collapsed_into' });
    expect(collapsed[0]?.seq).toBe(second.seq);

    // Another start finds nothing left to do.
    await server.restart();
    await pause(500);
    expect(hook.pushes).toHaveLength(1);
    expect(stumbling.pushes).toHaveLength(2);
  },
);

// Beside the one above: both mostly wait for a relay.
test.concurrent(
  'a message that was stored and not pushed yet when the process was killed is pushed by the next',
  async () => {
    const receiver = await startPushReceiver();
    const [folder, engine] = [createTemporaryFolder(), await startEngine()];
    writeFileSync(join(folder.path, 'provision.yaml'), provisionFile({ pushUrl: receiver.url, settings: { waitMs } }));
    const env = {
      DATA_DIR: join(folder.path, 'data'),
      PROVISION_FILE: join(folder.path, 'provision.yaml'),
      OUTBOUND_ALLOW: '127.0.0.0/8',
      ...engine.env,
    };
    let running = await startServerProcess({ folder: folder.path, env });
    const bobs = createClients(() => running);
    try {
      await putConversation(running, 'c1', ['alice', 'bob']);
      await registerDevice(running, 'bob');
      await bobs.connect({ userId: 'bob', visible: false });
      const { messageId } = await say(running, 'c1', { from: 'alice' });
      running.kill('SIGKILL');
      await running.exited;
      expect(receiver.pushes).toEqual([]);
      running = await startServerProcess({ folder: folder.path, env });
      const [push] = await receiver.received(1);
      expect(push?.body).toMatchObject({
        userId: 'bob',
        notification: { count: 1, data: { messageIds: [messageId] } },
      });
      await untilPush(running, messageId, { userId: 'bob', reason: 'accepted_by_provider' });
      expect(receiver.pushes).toHaveLength(1);
    } finally {
      await bobs.closeAll();
      running.kill('SIGKILL');
      await running.exited;
      await receiver.close();
      await engine.close();
      folder.remove();
    }
  },
);
