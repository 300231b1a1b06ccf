// What the console sees of one person of an app: found by name, where they are, what became of messages for them.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterEach(() => clients.closeAll());
afterAll(() => world.server.stop());

const users = '/apps/demo/users';

test('users are found by the beginning of a word, with what they have open', async () => {
  const { viewer } = world.members;
  await done(world.server.api('PUT', '/users/bob', { name: 'Bob Meier' }));
  await done(world.server.api('PUT', '/users/carol', { name: 'Carol Bo' }));
  await clients.connect({ userId: 'bob', page: '/chat', deviceType: 'mobile' });
  const { body } = await done(viewer.get(`${users}?q=bo`));
  expect(body.items).toMatchObject([
    { userId: 'carol', devices: [] },
    { userId: 'bob', name: 'Bob Meier', devices: ['mobile'], visible: true, targets: 0 },
  ]);
  const first = await done(viewer.get(`${users}?limit=1`));
  const next = await done(viewer.get(`${users}?limit=1&cursor=${encodeURIComponent(first.body.nextCursor)}`));
  expect([first.body.items[0].userId, next.body.items[0].userId]).toEqual(['bob', 'carol']);
  const one = await done(viewer.get(`${users}/bob`));
  expect(one.body).toMatchObject({ name: 'Bob Meier', connections: [{ user: 'bob', device: 'mobile' }], targets: 0 });
  expect((await viewer.get(`${users}/nobody-was-seen`)).status).toBe(404);
});

test('why somebody did not get it: the newest messages with the reason of each', async () => {
  const { viewer } = world.members;
  const { api } = world.server;
  await done(api('PUT', '/conversations/c1', { participants: [{ userId: 'alice' }, { userId: 'dan' }] }));
  const send = (cid: string) =>
    done(api('POST', '/conversations/c1/messages', { senderId: 'alice', cid, type: 'text', content: { text: cid } }));
  await send('away');
  const dan = await clients.connect({ userId: 'dan', page: '/chat' });
  await send('here');
  const { seq = 0 } = await dan.event('new_message');
  await dan.ack('c:c1', seq);
  await expect
    .poll(async () => (await viewer.get(`${users}/dan/decisions`)).body.items[0]?.decided?.realtime[0]?.reason)
    .toBe('acked');
  const { body } = await done(viewer.get(`${users}/dan/decisions`));
  expect(body.items).toMatchObject([
    { kind: 'message', conversationId: 'c1', senderId: 'alice', seq: 2, decided: { realtime: [{ page: '/chat' }] } },
    { seq: 1, decided: { realtime: [], reason: 'no_connection', pushReason: 'no_device' } },
  ]);
  const of = await done(viewer.get(`${users}/dan/conversations`));
  expect(of.body.items).toMatchObject([{ id: 'c1' }]);
});

test('preferences are changed, and a user is signed out, with a mark in the audit', async () => {
  const { developer, viewer, owner } = world.members;
  const eve = await clients.connect({ userId: 'eve', page: '/chat' });
  expect((await viewer.call('PUT', `${users}/eve/preferences`, { body: { level: 'none' } })).status).toBe(403);
  await done(developer.call('PUT', `${users}/eve/preferences`, { body: { level: 'none' } }));
  await done(developer.call('PUT', `${users}/eve/preferences`, { body: { level: 'none' } }));
  expect((await viewer.get(`${users}/eve/preferences`)).body).toMatchObject({ level: 'none' });
  expect((await done(developer.post(`${users}/eve/sign-out`))).body).toEqual({ closed: 1 });
  expect(await eve.closed()).toBe(4507);
  const audit = await done(owner.get('/tenants/clinic/audit?limit=2'));
  expect(audit.body.items).toMatchObject([
    { action: 'user.sign_out', object: { type: 'user', id: 'eve' }, after: { closed: 1 } },
    { action: 'user.preferences', before: { level: 'all' }, after: { level: 'none' } },
  ]);
});
