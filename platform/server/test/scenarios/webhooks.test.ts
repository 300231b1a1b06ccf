// Webhooks that leave a whole server, for a real receiver: what it is told, what it may say before a message
// is accepted, and what a kill costs.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newWebhookSecret } from '@belfry/plugin-kit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { createClients } from '../support/clients.ts';
import { broadcast, putConversation, say, succeed } from '../support/clinic.ts';
import { startEngine } from '../support/engine-under-test.ts';
import { hookSecret, provisionFile } from '../support/provision.ts';
import { startServerProcess } from '../support/server-process.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

// A failed request is sent again after 5 s; what a killed process had begun is another's a little later.
vi.setConfig({ testTimeout: 60_000 });

let server: WholeServer;
let receiver: WebhookReceiver;
const clients = createClients(() => server);

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  server = await startWholeServer({ settings: { waitMs: 0 } });
  await putConversation(server, 'c1', ['alice', 'bob']);
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await receiver.close();
});

/** Makes a webhook of this name, whose receiver is at the path of the same name. */
async function put(name: string, settings: object, at: Pick<ApiClient, 'api'> = server): Promise<void> {
  const body = { url: receiver.url(`/${name}`), ...settings };
  const { secret } = await succeed(at.api('PUT', `/webhooks/${name}`, body), name);
  receiver.expectSecret(`/${name}`, String(secret));
}

const typesAt = (path: string) => receiver.received.filter((each) => each.path === path).map(({ json }) => json.type);

describe('a receiver', () => {
  test('is told what happens, by its filter, signed', async () => {
    await put('all', { events: ['*'] });
    await put('some', { events: ['conversation.*', 'user.online'] });
    const { messageId } = await say(server, 'c1', { from: 'alice', text: 'told outside' });
    const [stored] = await receiver.until(1, ({ id }) => id === messageId);
    expect(stored?.json).toMatchObject({
      ...{ type: 'message.stored', version: 1, app: 'demo', id: messageId },
      data: { conversationId: 'c1', senderId: 'alice', data: { content: { text: 'told outside' } } },
    });
    const bob = await clients.connect({ userId: 'bob' });
    await succeed(server.api('PUT', '/conversations/c2', { participants: [{ userId: 'bob' }] }), 'c2');
    await succeed(server.api('PUT', `/messages/${messageId}/pin`), 'no event');
    await succeed(server.api('PATCH', `/messages/${messageId}`, { content: { text: 'anew' } }), 'edit');
    await receiver.until(1, ({ path, json }) => path === '/all' && json.type === 'message.edited');
    await bob.end();
    await receiver.until(1, ({ path, json }) => path === '/all' && json.type === 'user.offline');
    expect(new Set(typesAt('/all'))).toEqual(
      new Set(['message.stored', 'user.online', 'conversation.created', 'message.edited', 'user.offline']),
    );
    expect(new Set(typesAt('/some'))).toEqual(new Set(['user.online', 'conversation.created']));
    await succeed(server.api('DELETE', '/webhooks/all'), 'all');
    await succeed(server.api('DELETE', '/webhooks/some'), 'some');
  });

  test('that fails is told again under the same id, and its attempts can be read', async () => {
    await put('stumbling', { events: ['message.stored'], transform: '{ "text": data.data.content.text, "id": id }' });
    receiver.answerWith('/stumbling', { status: 503, json: { error: 'not yet' } });
    const { messageId } = await say(server, 'c1', { from: 'alice', text: 'twice' });
    const tries = await receiver.until(2, ({ path }) => path === '/stumbling');
    expect(tries.map(({ id }) => id)).toEqual([messageId, messageId]);
    expect(tries[1]?.json).toEqual({ text: 'twice', id: messageId });
    await vi.waitFor(async () => {
      const { event } = await succeed(server.api('GET', `/webhooks/stumbling/events/${messageId}`), 'event');
      expect(event).toMatchObject({
        state: 'delivered',
        attempts: [
          { number: 1, status: 503, answer: '{"error":"not yet"}' },
          { number: 2, status: 200 },
        ],
      });
    }, 5000);
    const { event } = await succeed(server.api('POST', '/webhooks/stumbling/test'), 'test');
    expect(event).toMatchObject({ type: 'webhook.test', state: 'delivered' });
    await succeed(server.api('POST', '/webhooks/stumbling/replay', { state: 'delivered' }), 'replay');
    await receiver.until(3, ({ path, id }) => path === '/stumbling' && id === messageId);
    await succeed(server.api('DELETE', '/webhooks/stumbling'), 'stumbling');
  });

  test('at a private address is refused when it is saved', async () => {
    for (const url of ['http://10.1.2.3/', 'http://169.254.169.254/latest', 'http://[::1]/', 'ftp://example.com/']) {
      const answer = await server.api('PUT', '/webhooks/inside', { url, events: ['*'] });
      expect(answer, url).toMatchObject({ status: 422, body: { code: 'invalid_body', path: ['url'] } });
    }
  });
});

describe('a webhook that is asked before messages', () => {
  const path = '/before';
  const allow = { json: { action: 'allow' } };
  const reject = { json: { action: 'reject', reason: 'Not in this ward.' } };
  const change = { json: { action: 'change', content: { text: 'changed' } } };
  const journeyOf = async (id: string) =>
    (await succeed(server.api('GET', `/messages/${id}/journey`), 'journey'))['message'];

  beforeAll(() => put('before', { events: ['message.before'], before: { timeoutMs: 1000, onFailure: 'reject' } }));
  afterAll(() => succeed(server.api('DELETE', '/webhooks/before'), 'before'));

  test('keeps messages out on every way in, and nobody sees them', async () => {
    const alice = await clients.connect({ userId: 'alice' });
    const bob = await clients.connect({ userId: 'bob' });
    receiver.answerAlways(path, reject);
    const refused = { code: 'message_rejected', message: 'Not in this ward.' };
    const data = { type: 'text', content: { text: 'x' } };
    expect(await alice.ask('message', { conversationId: 'c1', cid: 'r1', ...data })).toMatchObject({
      error: refused,
    });
    const byHttp = { senderId: 'alice', ...data };
    expect(await server.api('POST', '/chat/c1/send', byHttp)).toMatchObject({
      ...{ status: 422, body: { code: 'message_rejected', detail: 'Not in this ward.' } },
    });
    const asBroadcast = { kind: 'message', audience: { conversation: 'c1' }, sender: 'alice', data };
    expect(await server.api('POST', '/broadcasts', asBroadcast)).toMatchObject({ body: { code: 'message_rejected' } });
    const mapping = JSON.stringify(asBroadcast);
    await succeed(server.api('PUT', '/hooks/ward', { mapping, secret: hookSecret }), 'hook');
    const body = '{}';
    const signed = signWebhook({ id: 'evt_1', secret: hookSecret, body, timestamp: Math.floor(Date.now() / 1000) });
    const headers = { 'content-type': 'application/json', ...signed };
    const posted = await fetch(`${server.url}/hooks/ward`, { method: 'POST', headers, body });
    expect(await posted.json()).toMatchObject({ code: 'mapping_failed', detail: expect.stringContaining('ward') });
    const asked = await receiver.until(4, (each) => each.path === path);
    expect(asked.map(({ json }) => json.data['via'])).toEqual(['socket', 'http-key', 'http-key', 'hook']);
    await bob.barrier();
    expect(bob.frames.filter(({ action }) => action === 'new_message')).toEqual([]);
  });

  test('lets in, or changes what is said, and the journey says so', async () => {
    receiver.answerAlways(path, allow);
    const { messageId: first } = await say(server, 'c1', { from: 'alice', text: 'fine' });
    await vi.waitFor(async () =>
      expect(await journeyOf(first)).toMatchObject({ before: { webhookId: 'before', verdict: 'allowed' } }),
    );
    receiver.answerAlways(path, change);
    const sent = await say(server, 'c1', { from: 'alice', text: 'rude', cid: 'same' });
    const again = await say(server, 'c1', { from: 'alice', text: 'rude', cid: 'same' });
    expect(again.messageId).toBe(sent.messageId);
    const { message } = await succeed(server.api('GET', `/messages/${sent.messageId}`), 'message');
    expect(message).toMatchObject({ content: { text: 'changed' } });
    receiver.answerAlways(path, reject);
    // It was accepted: whatever would be said of it now.
    expect((await say(server, 'c1', { from: 'alice', text: 'rude', cid: 'same' })).messageId).toBe(sent.messageId);
    const edited = await server.api('PATCH', `/messages/${sent.messageId}`, { content: { text: 'rude again' } });
    expect(edited).toMatchObject({ status: 422, body: { code: 'message_rejected' } });
  });

  test('that gives no answer in time keeps messages out where the app says so, and is not asked about notices', async () => {
    receiver.answerWith(path, 'hang');
    const data = { type: 'text', content: { text: 'x' } };
    expect(await server.api('POST', '/chat/c1/send', { senderId: 'alice', ...data })).toMatchObject({ status: 503 });
    receiver.answerAlways(path, reject);
    const notice = { kind: 'system_notification', audience: { conversation: 'c1' }, data: { title: 'Lunch' } };
    await broadcast(server, notice);
  });
});

test('what was kept and not sent, or was being sent, when the process was killed is sent by the next', async () => {
  const [folder, engine] = [createTemporaryFolder(), await startEngine()];
  const [later, now] = [newWebhookSecret(), newWebhookSecret()];
  receiver.expectSecret('/later', later);
  receiver.expectSecret('/now', now);
  const events = ['message.stored'];
  const webhooks = [
    { id: 'later', url: receiver.url('/later'), events, secret: later, batch: { maxEvents: 10, maxWaitMs: 2000 } },
    { id: 'now', url: receiver.url('/now'), events, secret: now },
  ];
  writeFileSync(join(folder.path, 'provision.yaml'), provisionFile({ app: { webhooks } }));
  const env = {
    DATA_DIR: join(folder.path, 'data'),
    PROVISION_FILE: join(folder.path, 'provision.yaml'),
    OUTBOUND_ALLOW: '127.0.0.0/8',
    LIMIT_WEBHOOK_TIMEOUT_MS: '500',
    ...engine.env,
  };
  receiver.answerWith('/now', 'hang');
  let running = await startServerProcess({ folder: folder.path, env });
  try {
    await putConversation(running, 'c1', ['alice', 'bob']);
    const { messageId } = await say(running, 'c1', { from: 'alice' });
    await receiver.until(1, ({ path }) => path === '/now');
    running.kill('SIGKILL');
    await running.exited;
    expect(typesAt('/later')).toEqual([]);
    running = await startServerProcess({ folder: folder.path, env });
    const [batch] = await receiver.until(1, ({ path }) => path === '/later');
    expect(batch?.json).toMatchObject({ type: 'batch', events: [{ id: messageId }] });
    const tries = await receiver.until(2, ({ path }) => path === '/now');
    expect(tries.map(({ id }) => id)).toEqual([messageId, messageId]);
  } finally {
    running.kill('SIGKILL');
    await running.exited;
    await engine.close();
    folder.remove();
  }
});
