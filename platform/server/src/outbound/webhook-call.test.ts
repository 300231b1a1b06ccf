// A request of a webhook over the real way out: it is signed with every secret, and goes to no address that may not
// be reached, whatever the name led to when it was saved.

import { newWebhookSecret } from '@belfry/plugin-kit';
import { Webhook } from 'standardwebhooks';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { defaultLimits } from '../config/limits.ts';
import { Egress } from '../egress/egress.ts';
import { asAppId } from '../ports/app-id.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { createCallWebhook } from './webhook-call.ts';

interface Got {
  headers: Record<string, string>;
  body: string;
}

async function startReceiver(): Promise<{ port: number; got: Got[] }> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(200).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
  return { port: (server.address() as AddressInfo).port, got };
}

/** `addresses`: what the name `crm.example.com` leads to, in turn. */
function callWith({ allow = [], addresses }: { allow?: string[]; addresses: string[] }) {
  const clock = createSystemClock();
  const resolve = async () => [addresses.length > 1 ? (addresses.shift() ?? '') : (addresses[0] ?? '')];
  const egress = new Egress({ allow, clock, limits: defaultLimits(), resolve });
  onTestFinished(() => egress.close());
  return { egress, call: createCallWebhook({ egress, clock, userAgent: 'Belfry/test' }) };
}

const request = { id: 'e-1', body: '{"type":"message.stored"}', limitMs: 5000 };

test('a name that leads to this machine by the time of the call reaches nobody', async () => {
  const { port, got } = await startReceiver();
  const url = `http://crm.example.com:${port}/belfry`;
  const { egress, call } = callWith({ addresses: ['93.184.216.34', '127.0.0.1'] });
  expect(await egress.checkUrl(url)).toEqual({ ok: true });
  const answered = await call(asAppId('demo'), { ...request, url, secrets: [newWebhookSecret()] });
  expect(answered).toMatchObject({ ok: false, error: expect.stringMatching(/\S/) });
  expect(answered).not.toHaveProperty('status');
  expect(got).toEqual([]);
});

test('a request is good to whoever has either of two secrets', async () => {
  const { port, got } = await startReceiver();
  const { call } = callWith({ allow: ['127.0.0.0/8'], addresses: ['127.0.0.1'] });
  const secrets = [newWebhookSecret(), newWebhookSecret()];
  const url = `http://crm.example.com:${port}/belfry`;
  expect(await call(asAppId('demo'), { ...request, url, secrets })).toMatchObject({ ok: true, status: 200 });
  for (const secret of secrets)
    expect(() => new Webhook(secret).verify(got[0]?.body ?? '', got[0]?.headers ?? {})).not.toThrow();
  expect(() => new Webhook(newWebhookSecret()).verify(got[0]?.body ?? '', got[0]?.headers ?? {})).toThrow();
});
