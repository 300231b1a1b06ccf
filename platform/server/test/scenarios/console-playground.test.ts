// The playground of the console, by its routes: two people and a conversation of one's own, a pretend phone, the
// journey; and who may do so where an app is protected. The screen is tested in a browser.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { SocketClient } from '../support/socket-client.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => {
  // Without providers of its own the app has the default one, which writes to the log.
  world = await startConsoleWorld({ app: { providers: [] } });
}, 60_000);
afterAll(async () => {
  await clients.closeAll();
  await world.server.stop();
});

const demo = '/apps/demo/playground';

test('a developer is two people, in a conversation that is theirs, with a phone and a journey', async () => {
  const { developer, admin } = world.members;
  const state = (await done(developer.get(`${demo}?origin=${encodeURIComponent('http://elsewhere.example')}`))).body;
  expect(state).toMatchObject({ makesTokens: true, showsPushes: true, on: true, protected: false, disabled: false });
  expect(state.conversationId).toBe(`playground-${world.accounts.developer}`);
  const asked = { userIds: ['alice', 'bob'] };
  const { conversation } = (await done(developer.post(`${demo}/conversation`, asked))).body;
  expect(conversation).toMatchObject({
    id: state.conversationId,
    participants: [{ userId: 'alice' }, { userId: 'bob' }],
  });
  const others = (await done(admin.post(`${demo}/conversation`, asked))).body.conversation;
  expect(others.id).toBe(`playground-${world.accounts.admin}`);

  const tokenOf = async (userId: string) => (await done(developer.post('/apps/demo/tokens', { userId }))).body.token;
  const bob = await tokenOf('bob');
  const phone = { provider: 'logging', target: { playground: 'bob' }, deviceType: 'mobile' };
  const { deviceId } = (await world.server.api('POST', '/devices', phone, bob)).body;
  const pushes = async () => (await done(developer.get(`${demo}/phones/${String(deviceId)}/pushes`))).body.items;
  expect(await pushes()).toEqual([]);
  const alice = await clients.connect({ token: await tokenOf('alice') });
  const message = { conversationId: conversation.id, cid: 'a-1', type: 'text', content: { text: 'hello' } };
  const sent = await alice.ask('message', message);
  await expect.poll(pushes).toMatchObject([{ body: 'hello', cleared: false }]);
  const messageId = String(sent.data['messageId']);
  const journey = async () => (await developer.get(`/apps/demo/journeys/${messageId}`)).body.journey;
  await expect.poll(journey).toMatchObject({
    message: { conversationId: conversation.id },
    recipients: [{ userId: 'bob' }, { userId: 'alice' }],
  });
  expect((await world.members.viewer.get(demo)).status).toBe(403);
});

test('two people of the playground are not the first connection of the app', async () => {
  const { developer } = world.members;
  const connection = async () => (await done(developer.get('/apps/demo/connecting'))).body.connection;
  await clients.closeAll();
  const trial = clients.keep(await SocketClient.open(world.server));
  await trial.ask('connect', {
    ...{ token: await world.server.tokenOf('alice'), page: '/chat', visible: true },
    device: { id: 'playground-device', type: 'desktop', appVersion: 'belfry-playground' },
  });
  expect(await connection()).toBeNull();
  await clients.connect({ userId: 'carol', page: '/chat' });
  await expect.poll(connection).toMatchObject({ userId: 'carol' });
});

test('in a protected app it is off for everybody, until an administrator turns it on for an hour', async () => {
  const { developer, admin } = world.members;
  await done(admin.post('/tenants/clinic/apps', { template: 'chat', key: 'ward', name: 'Ward' }));
  const { headers } = await done(admin.get('/apps/ward'));
  const guarded = { body: { protected: true }, headers: { 'if-match': headers.get('etag') ?? '' } };
  await done(admin.call('PATCH', '/apps/ward', guarded));
  const ward = '/apps/ward/playground';
  const tries = [
    () => admin.post(`${ward}/conversation`, { userIds: ['ann'] }),
    () => developer.post('/apps/ward/tokens', { userId: 'ann' }),
  ];
  for (const attempt of tries) expect(await attempt()).toMatchObject({ status: 403, body: { needs: 'playground' } });
  expect((await done(developer.get(ward))).body).toMatchObject({ protected: true, on: false });
  expect((await developer.call('PUT', ward, { body: { on: true } })).status).toBe(403);
  const { until } = (await done(admin.call('PUT', ward, { body: { on: true } }))).body;
  expect(Date.parse(until) - Date.now()).toBeGreaterThan(3_500_000);
  for (const attempt of tries) await done(attempt());
  await done(admin.call('PUT', ward, { body: { on: false } }));
  expect((await developer.post('/apps/ward/tokens', { userId: 'ann' })).status).toBe(403);
});
