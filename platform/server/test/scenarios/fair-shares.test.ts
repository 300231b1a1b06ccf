// A tenant beside neighbours who take all they can get, over a whole server: a provider that answers
// after nine seconds, and mappings that never end. Told by how many of the neighbours' turns it waited for,
// and not by the clock. Each pool by itself: test/fairness.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { broadcast, registerDevice, succeed } from '../support/clinic.ts';
import type { ApiClient } from '../support/api-client.ts';
import { hookSecret, webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const neighbours = ['greedy', 'grasping'] as const;
const keyOf = (app: string): string => `bk_${app}_0123456789abcdef0123456789abcdef`;
const endless = '($f := function($n) { $f($n + 1) }; $f(0))';

let own: PushReceiver;
let slow: PushReceiver;
let server: WholeServer;

beforeAll(async () => {
  [own, slow] = await Promise.all([startPushReceiver(), startPushReceiver()]);
  server = await startWholeServer({
    pushUrl: own.url,
    moreTenants: neighbours.map((app) => ({
      id: app,
      apps: [
        {
          key: app,
          signingSecret: 'at-least-32-bytes-of-text-to-sign-tokens-with',
          apiKeys: [{ id: app, secret: keyOf(app), scopes: ['*'] }],
          providers: [{ id: 'hook', plugin: 'webhook', config: { url: slow.url, secret: webhookSecret } }],
          hooks: [{ id: `endless-${app}`, secret: hookSecret, mapping: endless }],
        },
      ],
    })),
    env: { LIMIT_PUSH_JOBS_AT_ONCE: '8', LIMIT_PUSH_TIMEOUT_MS: '9000', LIMIT_HOOK_MAPPING_MS: '100' },
  });
});
afterAll(async () => {
  await slow.close();
  await server.stop();
  await own.close();
});

/** The API as the back end of this app sees it. */
const asBackEndOf = (app: string): Pick<ApiClient, 'api'> => ({
  api: (method, path, body) => server.api(method, path, body, keyOf(app)),
});

const push = (backEnd: Pick<ApiClient, 'api'>, userId: string): Promise<unknown> =>
  broadcast(backEnd, {
    kind: 'system_notification',
    audience: { users: [userId] },
    data: { title: 'News', body: 'for you' },
  });

/**
 * Sends one after the other and waits for each; resolves with how many of the neighbours' calls came
 * meanwhile.
 */
async function bystandersPushes(name: string): Promise<number> {
  const before = slow.pushes.length;
  await registerDevice(server, name);
  for (let sent = 1; sent <= 5; sent += 1) {
    await push(server, name);
    await own.received(sent, ({ body }) => body.userId === name);
  }
  return slow.pushes.length - before;
}

test('a push waits for none of a neighbour’s calls, which are answered after nine seconds', async () => {
  const alone = await bystandersPushes('alone');
  expect(alone).toBe(0);
  // Two neighbours: one takes half of the eight jobs, the other half of what is left.
  slow.answerWith(...Array.from({ length: 200 }, () => 'hang' as const));
  for (const app of neighbours) {
    const users = Array.from({ length: 12 }, (_, i) => `user${i}`);
    for (const userId of users) await registerDevice(asBackEndOf(app), userId);
    for (const userId of users) await push(asBackEndOf(app), userId);
  }
  await slow.received(6);
  const beside = await bystandersPushes('beside');
  // No call had ended, so none of those that waited was made: the bystander waited for no turn at all.
  expect(beside).toBe(alone);
  expect(slow.pushes).toHaveLength(6);
});

test('a webhook waits for one run of a neighbour’s endless mapping at most, however many stand before it', async () => {
  const post = async (hook: string, text: string): Promise<number> => {
    const body = JSON.stringify({ patient: 'bob', text });
    const id = `evt_${randomUUID()}`;
    const signed = signWebhook({ id, secret: hookSecret, body, timestamp: Math.floor(Date.now() / 1000) });
    const headers = { 'content-type': 'application/json', ...signed };
    return (await fetch(`${server.url}/hooks/${hook}`, { method: 'POST', headers, body })).status;
  };
  expect(await post('lab', 'alone')).toBe(202);
  let ended = 0;
  const hostile = neighbours.flatMap((app) =>
    Array.from({ length: 10 }, async () => {
      const status = await post(`endless-${app}`, 'endless');
      ended += 1;
      return status;
    }),
  );
  await expect.poll(() => ended).toBeGreaterThan(0);
  const before = ended;
  expect(await post('lab', 'beside')).toBe(202);
  // The line of the neighbours is far from its end.
  expect(ended - before).toBeLessThanOrEqual(8);
  expect(new Set(await Promise.all(hostile))).toEqual(new Set([422]));
  await succeed(server.api('GET', '/hooks/lab/deliveries'), 'deliveries');
});
