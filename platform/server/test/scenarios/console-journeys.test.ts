// What the console says of messages: found by what became of them, why, what would become of them now, and sent
// again to those they did not reach.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { broadcast, putConversation, registerDevice, say } from '../support/clinic.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';
import { webhookSecret } from '../support/provision.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';

let world: ConsoleWorld;
let gone: PushReceiver;
const clients = createClients(() => world.server);
beforeAll(async () => {
  gone = await startPushReceiver();
  gone.answerAlways({ status: 410 });
  const providers = [{ id: 'hook', plugin: 'webhook', config: { url: gone.url, secret: webhookSecret } }];
  world = await startConsoleWorld({ settings: { waitMs: 200 }, app: { providers } });
}, 60_000);
afterEach(() => clients.closeAll());
afterAll(async () => {
  await world.server.stop();
  await gone.close();
});

const path = '/apps/demo/journeys';
const read = async (query: string) => (await done(world.members.viewer.get(`${path}?${query}`))).body;
const seen = async (id: string, query = '') => (await done(world.members.viewer.get(`${path}/${id}${query}`))).body;

const idsOf = ({ items }: { items: { id: string }[] }): string[] => items.map(({ id }) => id);

describe('the list of messages', () => {
  test('finds one by what became of it, once it has, and says it in numbers', async () => {
    await putConversation(world.server, 'c-gone', ['gina', 'gus']);
    await registerDevice(world.server, 'gus');
    const { messageId } = await say(world.server, 'c-gone', { from: 'gina' });
    await expect
      .poll(async () => (await read('reason=target_gone')).items, { timeout: 5000 })
      .toMatchObject([
        {
          ...{ id: messageId, kind: 'message', state: 'failed', senderId: 'gina', conversationId: 'c-gone', seq: 1 },
          ...{ recipients: 1, sums: { seen: 0, pushed: 0, withheld: 0, failed: 1 } },
          counts: { no_connection: 1, target_gone: 1 },
        },
      ]);
    for (const query of [
      'state=failed&user=gus',
      'user=gina&kind=message',
      'conversation=c-gone',
      'reason=target_gone&reason=quota&from=2020-01-01T00:00:00Z',
    ]) {
      expect(idsOf(await read(query))).toEqual([messageId]);
    }
    for (const query of [
      'state=moving&user=gus',
      'user=gu',
      'reason=muted&user=gus',
      'conversation=c-gone&to=2020-01-01T00:00:00Z',
    ]) {
      expect((await read(query)).items).toEqual([]);
    }
  });

  test('goes on page by page, and as a file that no spreadsheet takes for formulas', async () => {
    for (const name of ['=first()', 'second', 'third']) {
      await broadcast(world.server, { kind: 'direct', audience: { users: [`${name}.paged`] }, data: { title: 'Hi' } });
    }
    await broadcast(world.server, { kind: 'direct', audience: { users: ['=first()'] }, data: { title: 'Hi' } });
    const first = await read('kind=direct&limit=2');
    const rest = await read(`kind=direct&limit=50&cursor=${encodeURIComponent(first.nextCursor)}`);
    const users = [...first.items, ...rest.items].map((row: { users: string[] }) => row.users[0]);
    expect(users).toEqual(['=first()', 'third.paged', 'second.paged', '=first().paged']);
    expect((await world.members.viewer.get(`${path}?cursor=none`)).status).toBe(400);
    const { cookie } = world.members.viewer;
    const file = await fetch(`${world.server.url}/admin/api${path}?kind=direct&format=csv`, { headers: { cookie } });
    const lines = (await file.text()).trim().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain(",'=first(),");
    expect(file.headers.get('content-disposition')).toContain('messages-demo.csv');
  });
});

describe('one message', () => {
  test('says what each decision was made by, as it was then', async () => {
    await putConversation(world.server, 'c-why', ['wanda', 'will']);
    await registerDevice(world.server, 'will');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const mute = { conversations: { 'c-why': { muteUntil: until } } };
    await done(world.server.api('PUT', '/users/will/preferences', mute));
    await clients.connect({ userId: 'will', page: '/chat', visible: false });
    const { messageId } = await say(world.server, 'c-why', { from: 'wanda' });
    const { journey, isKept } = await seen(messageId, '?user=will');
    expect(isKept).toBe(true);
    expect(journey.message).toMatchObject({
      action: 'new_message',
      features: ['messaging'],
      deliveredMeans: 'visible',
      recipients: 1,
    });
    expect(journey.recipients).toMatchObject([
      {
        preference: { by: 'mute', ofConversation: true, until },
        realtime: [{ pagePattern: '/chat', pageVersion: 1, visible: false, attended: false }],
        push: [{ reason: 'muted' }],
      },
    ]);
    await done(world.server.api('PUT', '/users/will/preferences', { conversations: { 'c-why': null } }));
    const now = await done(world.members.viewer.get(`${path}/${messageId}/now?user=will`));
    expect(now.body.recipients).toMatchObject([{ userId: 'will', push: [{ reason: 'waiting_for_ack' }] }]);
    expect(now.body.recipients[0]).not.toHaveProperty('preference');
    expect(await seen(messageId, '?user=will')).toMatchObject({
      journey: { recipients: [{ push: [{ reason: 'muted' }] }] },
    });
    expect((await world.members.viewer.get(`${path}/018f0000-0000-7000-8000-000000000000`)).status).toBe(404);
  });

  test('is sent again to those it did not reach, as a new one that names it', async () => {
    const { developer, owner } = world.members;
    await putConversation(world.server, 'c-again', ['anna', 'ben', 'cleo']);
    const ben = await clients.connect({ userId: 'ben', page: '/chat' });
    const { messageId, seq } = await say(world.server, 'c-again', { from: 'anna', text: 'once more' });
    await ben.event('new_message');
    await ben.ack('c:c-again', seq);
    await expect.poll(async () => (await seen(messageId)).unreached).toEqual(['cleo']);
    const resend = (client: typeof owner, body: unknown) => client.post(`${path}/${messageId}/resend`, body);
    expect((await resend(world.members.viewer, { to: 'unreached', expected: 1 })).status).toBe(403);
    expect(await resend(developer, { to: 'unreached', expected: 30 })).toMatchObject({
      ...{ status: 409, body: { code: 'impact_changed', impact: { users: 1 } } },
    });
    expect((await resend(developer, { to: ['stranger'], expected: 1 })).status).toBe(422);
    const { body } = await done(resend(developer, { to: 'unreached', expected: 1 }));
    expect(body.recipients).toBe(1);
    const { journey } = await seen(body.messageId);
    expect(journey.message).toMatchObject({ resendOf: messageId, senderId: 'anna', conversationId: 'c-again' });
    expect((journey.recipients as { userId: string }[]).map(({ userId }) => userId)).toEqual(['cleo']);
    const cleo = await done(world.server.api('GET', '/conversations/c-again/messages?userId=cleo'));
    expect(JSON.stringify(cleo.body).split('once more')).toHaveLength(3);
    const [row] = (await read('conversation=c-again')).items;
    expect(row).toMatchObject({ id: body.messageId, resendOf: messageId });
    const audit = await done(owner.get('/tenants/clinic/audit?limit=1'));
    expect(audit.body.items).toMatchObject([
      { action: 'message.resend', object: { id: messageId }, after: { messageId: body.messageId, recipients: 1 } },
    ]);
  });

  test('is sent by a developer to a hundred at most, and not at all where it is in no log', async () => {
    const { developer, admin } = world.members;
    const users = Array.from({ length: 101 }, (_, n) => `many-${n}`);
    const many = await broadcast(world.server, { kind: 'direct', audience: { users }, data: { title: 'Hi' } });
    const to = { to: 'unreached', expected: 101 };
    expect(await developer.post(`${path}/${String(many['id'])}/resend`, to)).toMatchObject({
      ...{ status: 403, body: { needs: 'admin' } },
    });
    expect((await done(admin.post(`${path}/${String(many['id'])}/resend`, to))).body.recipients).toBe(101);
    await clients.connect({ userId: 'many-1', page: '/chat' });
    const nowhere = await broadcast(world.server, {
      kind: 'announcement',
      audience: { everyone: true },
      data: { title: 'Hi' },
    });
    const answer = await developer.post(`${path}/${String(nowhere['id'])}/resend`, { to: ['many-1'], expected: 1 });
    expect(answer.status).toBe(404);
  });

  test('tells whoever looks at it that it moves, and nobody of another tenant', async () => {
    const { viewer } = world.members;
    const live = async (browser: typeof viewer) => {
      const { body } = await done(browser.post('/live/token'));
      const client = clients.keep(await SocketClient.open(world.server, body.app));
      const device = { id: 'browser', type: 'desktop' };
      await client.ask('connect', { page: '/console/a/demo', device, visible: true, token: body.token });
      return client;
    };
    const [looking, stranger] = [await live(viewer), await live(world.stranger)];
    await putConversation(world.server, 'c-live', ['lea', 'leo']);
    const leo = await clients.connect({ userId: 'leo', page: '/chat' });
    const { messageId, seq } = await say(world.server, 'c-live', { from: 'lea' });
    await seen(messageId);
    const topic = `journey.demo.${messageId}`;
    expect(await looking.ask('subscribe', { topic })).not.toHaveProperty('error');
    expect(JSON.stringify(await stranger.ask('subscribe', { topic }))).toContain('forbidden');
    await leo.ack('c:c-live', seq);
    const changed = await looking.event('journey_changed');
    expect(changed.data).toMatchObject({ messageId });
    expect((await seen(messageId)).journey.recipients[0].realtime).toMatchObject([{ reason: 'acked' }]);
  });
});
