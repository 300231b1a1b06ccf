// Kinds, types of messages and broadcasts in the console's API: what is told before is what happens, and nobody
// reaches more people than they may.

import type { ExplainResult, Journey } from '@belfry/protocol';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { registerDevice } from '../support/clinic.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterEach(() => clients.closeAll());
afterAll(() => world.server.stop());

const app = '/apps/demo';
const etag = (version: number) => ({ 'if-match': `"v${version}"` });
const lab = { action: 'lab_result', audience: 'users', durable: 'inbox', policy: { priority: 'high' } };
const owner = () => world.members.owner;

function put(kind: string, body: object, version: number) {
  return owner().call('PUT', `${app}/kinds/${kind}`, { body, headers: etag(version) });
}

describe('kinds', () => {
  test('are added, changed against the version that was read, and taken away', async () => {
    const made = await put('scan', lab, 0);
    expect(made).toMatchObject({ status: 201, body: { version: 1, managed: false, hooks: [] } });
    const late = await put('scan', { ...lab, action: 'late' }, 0);
    expect(late).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed', version: 1, changedBy: 'owner', current: { action: 'lab_result' } },
    });
    expect(await put('scan', lab, 1)).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await put('scan', { ...lab, action: 'lab' }, 1)).toMatchObject({ status: 200, body: { version: 2 } });
    const path = `${app}/kinds/scan`;
    expect(await owner().call('DELETE', path, { headers: etag(1) })).toMatchObject({ status: 412 });
    expect(await owner().call('DELETE', path, { headers: etag(2) })).toMatchObject({ status: 204 });
    expect(await owner().call('DELETE', path, { headers: etag(2) })).toMatchObject({ status: 404 });
    expect(await put('message', lab, 0)).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
  });

  test('that the provision file names are changed by nobody', async () => {
    const { body } = await done(owner().get(`${app}/kinds/lab_result`));
    expect(body).toMatchObject({ managed: true, version: 1 });
    const refused = { status: 409, body: { code: 'managed_by_file' } };
    expect(await put('lab_result', lab, 1)).toMatchObject(refused);
    expect(await owner().call('DELETE', `${app}/kinds/lab_result`, { headers: etag(1) })).toMatchObject(refused);
    expect(await world.server.api('DELETE', '/kinds/lab_result')).toMatchObject(refused);
  });

  test('say how often they were sent in the last day, and which webhooks name them', async () => {
    await done(put('imaging', lab, 0));
    const { api } = world.server;
    const mapping = "{ 'kind': 'imaging', 'audience': { 'users': ['ann'] }, 'data': {} }";
    await done(api('PUT', '/hooks/imaging-hook', { mapping }));
    await done(api('PUT', '/hooks/other-hook', { mapping: mapping.replace('imaging', 'direct') }));
    for (const kind of ['imaging', 'imaging', 'direct'])
      await done(api('POST', '/broadcasts', { kind, audience: { users: ['ann'] }, data: {} }));
    const policy = { push: 'never' };
    await done(api('POST', '/broadcasts', { action: 'anything', policy, audience: { users: ['ann'] }, data: {} }));
    const { body } = await done(world.members.viewer.get(`${app}/kinds`));
    const hours = (count: number) => [...Array.from({ length: 23 }, () => 0), count];
    const imaging = { kind: 'imaging', hours: hours(2), hooks: ['imaging-hook'] };
    expect(body.kinds).toContainEqual(expect.objectContaining(imaging));
    expect(body.builtIn).toContainEqual(expect.objectContaining({ kind: 'direct', hours: hours(1) }));
    expect(body.builtIn).toHaveLength(8);
  });
});

test('types of messages are forms to fill in, with a preview of the notification', async () => {
  const { viewer } = world.members;
  const { body } = await done(viewer.get(`${app}/message-types`));
  const properties = { text: expect.objectContaining({ type: 'string' }) as unknown };
  const schema = expect.objectContaining({ required: ['text'], properties }) as unknown;
  expect(body.items).toContainEqual(expect.objectContaining({ type: 'text', schema }));
  const preview = (content: object) => viewer.post(`${app}/message-types/text/preview`, { content });
  const read = await done(preview({ text: 'Good morning' }));
  expect(read.body).toMatchObject({ body: 'Good morning', perProvider: [{ body: 'Good morning', cut: false }] });
  expect(await preview({ text: '' })).toMatchObject({ status: 422, body: { code: 'invalid_content' } });
});

describe('a broadcast', () => {
  const direct = (users: string[]) => ({ kind: 'direct', audience: { users }, data: { title: 'Results', body: 'In' } });

  test('is told before it is sent, and becomes what was told', async () => {
    await clients.connect({ userId: 'seer', page: '/chat' });
    await clients.connect({ userId: 'away', page: '/chat', visible: false });
    await registerDevice(world.server, 'gone');
    const request = direct(['seer', 'away', 'gone']);
    const { developer } = world.members;
    const { body } = await done(developer.post(`${app}/broadcasts/explain`, request));
    expect(body).toMatchObject({
      total: 3,
      reach: { visible: 1, hidden: 1, away: 1 },
      kept: 'inbox',
      event: { action: 'direct_message', data: { title: 'Results' } },
      preview: { title: 'Results', body: 'In' },
    });
    const sent = await done(developer.post(`${app}/broadcasts`, { broadcast: request, expected: 3 }));
    expect(sent.body).toMatchObject({ recipients: 3, decisions: body.counts });
    const journey = await done(developer.get(`${app}/journeys/${sent.body.id}`));
    const idsOf = (recipients: { userId: string }[]) => recipients.map(({ userId }) => userId);
    expect(idsOf(journey.body.journey.recipients)).toEqual(idsOf(body.recipients));
    const [entry] = (await done(owner().get('/tenants/clinic/audit?action=broadcast.send'))).body.items;
    expect(entry).toMatchObject({
      object: { type: 'broadcast', id: sent.body.id },
      after: { kind: 'direct', audience: { users: ['seer', 'away', 'gone'] }, recipients: 3 },
    });
    expect(JSON.stringify(entry)).not.toContain('Results');
  });

  test('to more than a developer may reach is refused with the numbers, and not sent', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `many-${index}`);
    const { developer, admin } = world.members;
    expect((await done(developer.post(`${app}/broadcasts/explain`, direct(many)))).body.total).toBe(101);
    const request = { broadcast: direct(many), expected: 101 };
    expect(await developer.post(`${app}/broadcasts`, request)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', needs: 'admin', recipients: 101, most: 100 },
    });
    const inbox = await done(world.server.api('GET', '/inbox/messages?userId=many-1'));
    expect(inbox.body['events']).toEqual([]);
    expect(await admin.post(`${app}/broadcasts`, request)).toMatchObject({ status: 202 });
  });

  test('to another number than was seen is refused with the number of now', async () => {
    const request = { broadcast: direct(['ann', 'ben']), expected: 20 };
    expect(await world.members.admin.post(`${app}/broadcasts`, request)).toMatchObject({
      status: 409,
      body: { code: 'impact_changed', impact: { users: 2 } },
    });
  });

  test('that is sent again under its idempotency key is one broadcast', async () => {
    const request = { broadcast: direct(['once']), expected: 1 };
    const key = { 'idempotency-key': 'one-and-the-same' };
    const first = await done(owner().post(`${app}/broadcasts`, request, key));
    const again = await done(owner().post(`${app}/broadcasts`, request, key));
    expect(again.body.id).toBe(first.body.id);
  });
});

describe('the table of an explanation', () => {
  const people = ['p-ann', 'p-ben', 'p-carl', 'p-dora', 'p-emil', 'p-fay'];
  const person = fc.constantFrom(...people);
  const deviceTypes = fc.uniqueArray(fc.constantFrom('mobile', 'desktop', 'tablet'), { minLength: 1 });
  const filters = fc.record({ deviceTypes, connectionTypes: fc.constant(['chat']) }, { requiredKeys: [] });
  const users = fc.uniqueArray(person, { minLength: 1 });
  const data = { title: 'Results', body: 'Open the app' };
  const notice = fc.oneof(
    fc.record({ kind: fc.constantFrom('system_notification', 'direct', 'mobile_notification', 'lab_result'), users }),
    fc.record({ kind: fc.constantFrom('system_notification', 'mobile_notification'), conversation: fc.constant('p1') }),
    fc.record({ kind: fc.constant('announcement'), everyone: fc.constant(true) }),
  );
  const cases = fc.record(
    { to: notice, filters, exclude: users, targetUserIds: users },
    { requiredKeys: ['to', 'filters'] },
  );

  test('is what the journey then begins with, for fifty audiences', async () => {
    const { server, members } = world;
    const participants = people.slice(0, 4).map((userId) => ({ userId }));
    await done(server.api('PUT', '/conversations/p1', { participants }));
    for (const userId of ['p-ann', 'p-dora', 'p-emil']) await registerDevice(server, userId);
    await done(server.api('PUT', '/users/p-dora/preferences', { level: 'none' }));
    await clients.connect({ userId: 'p-ann', page: '/chat' });
    await clients.connect({ userId: 'p-ann', page: '/admin', deviceType: 'mobile', visible: false });
    await clients.connect({ userId: 'p-ben', page: '/chat', deviceType: 'tablet', visible: false });
    await clients.connect({ userId: 'p-carl', page: '/chat' });
    const seen = new Set<string>();
    for (const { to, filters: narrowed, ...rest } of fc.sample(cases, { numRuns: 50, seed: 7 })) {
      const { kind, ...audience } = to;
      const isNarrowable = !('everyone' in audience);
      const request = { kind, data, audience: { ...audience, ...narrowed }, ...(isNarrowable ? rest : {}) };
      const explained = await members.owner.post(`${app}/broadcasts/explain`, request);
      const body = { broadcast: request, expected: explained.body.total ?? 0 };
      const sent = await members.owner.post(`${app}/broadcasts`, body);
      if (explained.status !== 200) {
        expect([sent.status, sent.body.code], JSON.stringify(request)).toEqual([explained.status, explained.body.code]);
        continue;
      }
      expect(sent.body.recipients, JSON.stringify(request)).toBe(explained.body.total);
      const reached = Object.values(explained.body.reach as Record<string, number>);
      expect(reached.reduce((sum, count) => sum + count)).toBe(explained.body.total);
      const journey = await done(members.owner.get(`${app}/journeys/${sent.body.id}`));
      expect(begunBy(journey.body.journey), JSON.stringify(request)).toEqual(saidBy(explained.body));
      for (const reason of Object.keys(explained.body.counts)) seen.add(reason);
    }
    // What no audience comes to would not be tested.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'sent',
        'no_connection',
        'device_type_excluded',
        'no_device',
        'preference_off',
        'queued',
      ]),
    );
  }, 60_000);

  function saidBy({ recipients }: ExplainResult) {
    return recipients.map(({ push, ...rest }) => ({ ...rest, push: push.map(({ afterMs: _, ...device }) => device) }));
  }

  function begunBy({ recipients }: Journey) {
    return recipients.map(({ realtime, push, ...rest }) => ({
      ...rest,
      realtime: realtime.map(({ sentAt: _sentAt, ackedAt: _ackedAt, ...decided }) => decided),
      push: push.map(({ steps, attempts: _attempts, ...device }) => ({ ...device, reason: steps[0]?.reason })),
    }));
  }
});
