// What a provider's service reports after it took a push, over a whole server: to the address that only the
// service knows, and to addresses that somebody made up.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putConversation, registerDevice, say, untilPush } from '../support/clinic.ts';
import { freePort } from '../support/free-port.ts';
import { webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let receiver: PushReceiver;
let server: WholeServer;

beforeAll(async () => {
  receiver = await startPushReceiver();
  const port = String(await freePort());
  server = await startWholeServer({
    settings: { waitMs: 100 },
    pushUrl: receiver.url,
    env: { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

interface Pushed {
  messageId: string;
  deliveryId: string;
  receiptUrl: string;
}

async function pushed(userId: string): Promise<Pushed> {
  await putConversation(server, `c-${userId}`, ['alice', userId]);
  await registerDevice(server, userId);
  const { messageId } = await say(server, `c-${userId}`, { from: 'alice' });
  const [push] = await receiver.received(1, ({ body }) => body.userId === userId);
  const { receiptUrl } = push?.body as unknown as { receiptUrl: string };
  return { messageId, receiptUrl, deliveryId: String(push?.headers['webhook-id']) };
}

async function report(url: string, said: object, secret = webhookSecret): Promise<Response> {
  const body = JSON.stringify(said);
  const headers = signWebhook({ id: 'r-1', secret, body, timestamp: Math.floor(Date.now() / 1000) });
  return await fetch(url, { method: 'POST', headers, body });
}

test('a receipt is in the journey of the message, and is still known when the server starts again', async () => {
  const { messageId, receiptUrl, deliveryId } = await pushed('bob');
  expect((await report(receiptUrl, { deliveryId, event: 'delivered' })).status).toBe(204);
  await untilPush(server, messageId, { userId: 'bob', reason: 'delivered' });
  await server.restart();
  // The address of before is good, and what was said before is not said again.
  expect((await report(receiptUrl, { deliveryId, event: 'delivered' })).status).toBe(204);
  expect((await report(receiptUrl, { deliveryId, event: 'opened' })).status).toBe(204);
  const { push } = await untilPush(server, messageId, { userId: 'bob', reason: 'opened' });
  expect(push[0]?.steps.map(({ reason }) => reason)).toEqual([
    ...['queued', 'accepted_by_provider', 'delivered', 'opened'],
  ]);
});

test('the owner of the app is told where a service has to report', async () => {
  const { receiptUrl } = await pushed('carol');
  const { providers } = (await server.api('GET', '/providers')).body as { providers: { receiptUrl?: string }[] };
  expect(providers.map((each) => each.receiptUrl)).toContain(receiptUrl);
});

test('a forged receipt is refused, and nothing comes of it', async () => {
  const { receiptUrl, deliveryId } = await pushed('dora');
  const forged = await report(receiptUrl, { deliveryId, event: 'target_gone' }, `whsec_${btoa('x'.repeat(24))}`);
  expect(forged.status).toBe(401);
  expect((await fetch(receiptUrl)).status).toBe(401);
  expect((await fetch(receiptUrl, { method: 'PUT', body: '{}' })).status).toBe(405);
  expect((await fetch(receiptUrl, { method: 'POST', body: 'x'.repeat(3_000_000) })).status).toBe(413);
  expect((await server.api('GET', '/devices?userId=dora')).body).toMatchObject({ devices: [{ provider: 'hook' }] });
});

test('an address without the key answers as any path does that is not there, whoever and whatever it names', async () => {
  const { receiptUrl } = await pushed('erin');
  const { pathname } = new URL(receiptUrl);
  const [, , app = '', provider = '', key = ''] = pathname.split('/');
  const guessed = createHmac('sha256', 'a guess').update(`["${app}","${provider}"]`).digest('base64url');
  const made = [
    [app, provider, guessed],
    [app, 'nobody', key],
    ['another-app', provider, key],
    [app, `${provider}%`, key],
    [app, provider, `${key}A`],
  ];
  const unknown = await (await fetch(`${server.url}/no/such/path`, { method: 'POST' })).json();
  for (const parts of made) {
    const answer = await fetch(`${server.url}/receipts/${parts.join('/')}`, { method: 'POST', body: '{}' });
    expect(answer.status, parts.join('/')).toBe(404);
    const { requestId: _, ...said } = (await answer.json()) as Record<string, unknown>;
    const { requestId: _other, ...expected } = unknown as Record<string, unknown>;
    expect(said, parts.join('/')).toEqual(expected);
  }
});
