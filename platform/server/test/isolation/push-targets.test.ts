// Whose a push target is when another user names it, over HTTP and the WebSocket, of a provider with targets that anybody can name and of one whose targets are secret.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { vapid } from '../../src/cli/vapid.ts';
import { createClients } from '../support/clients.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  let printed = '';
  await vapid('mailto:ops@example.com', { out: (text) => void (printed = text), err: () => undefined });
  const { providers } = parse(printed) as { providers: [{ id: string; plugin: string; config: object }] };
  const hook = { url: 'http://127.0.0.1:9/push', secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' };
  const log = { id: 'log', plugin: 'logging', config: {} };
  server = await startWholeServer({
    app: { providers: [{ id: 'hook', plugin: 'webhook', config: hook }, log, ...providers] },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

/** A target of each provider, as `n` names it. */
const targets: Record<string, (n: number) => Record<string, unknown>> = {
  hook: (n) => ({ id: `phone-${n}` }),
  log: (n) => ({ id: `phone-${n}` }),
  browsers: (n) => ({
    endpoint: `https://fcm.googleapis.com/fcm/send/${n}`,
    expirationTime: null,
    keys: {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
  }),
};

type Way = 'http' | 'socket' | 'back end';

async function register(way: Way, userId: string, device: Record<string, unknown>): Promise<string> {
  if (way === 'socket') {
    const client = await clients.connect({ userId });
    const { ok, error } = await client.ask('register_device', device);
    return ok === true ? 'ok' : String(error?.code);
  }
  const body = way === 'back end' ? { ...device, userId } : device;
  const token = way === 'back end' ? undefined : await server.tokenOf(userId);
  const answer = await server.api('POST', '/devices', body, token);
  return answer.status === 201 ? 'ok' : String(answer.body['code']);
}

async function countOf(userId: string): Promise<number> {
  const { body } = await server.api('GET', `/devices?userId=${userId}`);
  return (body['devices'] as unknown[]).length;
}

let n = 0;
test.each<[string, Way, 'moves' | 'stays']>([
  ['hook', 'http', 'stays'],
  ['hook', 'socket', 'stays'],
  ['hook', 'back end', 'moves'],
  ['log', 'http', 'stays'],
  ['log', 'socket', 'stays'],
  ['log', 'back end', 'moves'],
  ['browsers', 'http', 'moves'],
  ['browsers', 'socket', 'moves'],
  ['browsers', 'back end', 'moves'],
])('a target of the provider %s that is registered for another user by %s: %s', async (provider, way, outcome) => {
  n += 1;
  const [first, second] = [`first-${n}`, `second-${n}`];
  const device = { provider, target: targets[provider]?.(n) ?? {}, deviceType: 'mobile' };
  expect(await register('http', first, device)).toBe('ok');
  expect(await register(way, second, device)).toBe(outcome === 'moves' ? 'ok' : 'conflict');
  expect([await countOf(first), await countOf(second)]).toEqual(outcome === 'moves' ? [0, 1] : [1, 0]);
  const said = outcome === 'moves' ? 'push target moved' : 'push target refused';
  await server.line(({ msg, userId }) => msg === said && userId === second);
  // Whose it is may register it again, as often as they like.
  expect(await register('http', outcome === 'moves' ? second : first, device)).toBe('ok');
});

test('a user token registers for its own user alone', async () => {
  const device = { provider: 'hook', target: { id: 'x' }, deviceType: 'mobile', userId: 'victim' };
  expect(await register('http', 'mallory', device)).toBe('forbidden');
  expect(await countOf('victim')).toBe(0);
});
