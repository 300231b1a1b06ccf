// What the console sees of conversations: finding them, what is said in them by the app's setting and the role, how
// far each participant is, and what is done about them.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterEach(() => clients.closeAll());
afterAll(() => world.server.stop());

const list = '/apps/demo/conversations';
const word = 'a secret diagnosis';

/** `key`: of another app than `demo`. */
async function talk(
  id: string,
  texts: readonly string[],
  { people = ['alice', 'bob'], key = '' } = {},
): Promise<string[]> {
  const api = (method: string, path: string, body: unknown) =>
    done(world.server.api(method, path, body, ...(key === '' ? [] : [key])));
  await api('PUT', `/conversations/${id}`, { title: `About ${id}`, participants: people });
  const sent: string[] = [];
  for (const text of texts) {
    const message = { senderId: people[0], type: 'text', content: { text } };
    sent.push((await api('POST', `/conversations/${id}/messages`, message)).body['messageId'] as string);
  }
  return sent;
}

async function setContent(contentInConsole: string): Promise<void> {
  const { owner } = world.members;
  const { headers } = await done(owner.get('/apps/ward'));
  const given = { body: { contentInConsole }, headers: { 'if-match': headers.get('etag') ?? '' } };
  await done(owner.call('PATCH', '/apps/ward', given));
}

async function readings(): Promise<number> {
  const { body } = await done(world.members.owner.get('/tenants/clinic/audit?action=conversation.read'));
  return (body.items as unknown[]).length;
}

test('conversations are found by title, by id and by who is in them, page by page', async () => {
  const { viewer } = world.members;
  await talk('found-1', ['x'], { people: ['finn'] });
  await talk('found-2', [], { people: ['finn', 'gus'] });
  const found = async (query: string) => (await done(viewer.get(`${list}?${query}`))).body;
  expect((await found('q=ABOUT%20found')).items).toMatchObject([
    { id: 'found-2', title: 'About found-2', participants: 2, headSeq: 0 },
    { id: 'found-1', participants: 1, headSeq: 1 },
  ]);
  expect((await found('q=gus')).items).toMatchObject([{ id: 'found-2' }]);
  const first = await found('user=finn&limit=1');
  const rest = await found(`user=finn&limit=1&cursor=${encodeURIComponent(first.nextCursor)}`);
  expect([first.items[0].id, rest.items[0].id]).toEqual(['found-2', 'found-1']);
  expect((await viewer.get(`${list}?q=x&cursor=${encodeURIComponent(first.nextCursor)}`)).status).toBe(400);
  expect(await found('q=found&format=csv')).toContain('found-2,About found-2,2,0,');
  expect((await done(viewer.get(`${list}/found-1`))).body).toMatchObject({
    headSeq: 1,
    firstSeq: 1,
    content: 'hidden',
  });
  for (const part of ['', '/messages', '/participants', '/cursors']) {
    expect((await viewer.get(`${list}/nothing${part}`)).status).toBe(404);
  }
});

test('a viewer sees no content; a developer opens it, with one entry an hour for each conversation', async () => {
  const { viewer, developer, admin } = world.members;
  const made = await done(admin.post('/tenants/clinic/apps', { template: 'empty', key: 'ward', name: 'Ward' }));
  const key = String(made.body.apiKey);
  await talk('read-1', [word], { key });
  await talk('read-2', [word], { key });
  const ward = '/apps/ward/conversations';
  const messages = `${ward}/read-1/messages`;
  for (const client of [viewer, developer]) {
    const { body } = await done(client.get(messages));
    expect(JSON.stringify(body)).not.toContain(word);
    expect(body.items).toMatchObject([{ seq: 1, senderId: 'alice', type: 'text', characters: word.length }]);
  }
  expect(await viewer.get(`${messages}?content=1`)).toMatchObject({ status: 403, body: { code: 'content_hidden' } });
  const before = await readings();
  for (let tries = 0; tries < 3; tries += 1) {
    const { body } = await done(developer.get(`${messages}?content=1`));
    expect(body.items[0].data).toMatchObject({ content: { text: word } });
  }
  expect(await readings()).toBe(before + 1);
  await done(developer.get(`${ward}/read-2/messages?content=1`));
  await done(admin.get(`${messages}?content=1`));
  expect(await readings()).toBe(before + 3);

  await setContent('hidden');
  expect((await admin.get(`${messages}?content=1`)).status).toBe(403);
  const file = await done(admin.get(`${ward}/read-1/messages?format=csv`));
  expect(String(file.body)).not.toContain(word);
  await setContent('shown');
  expect((await done(developer.get(messages))).body).toMatchObject({
    content: 'shown',
    items: [{ data: { type: 'text' } }],
  });
  expect(JSON.stringify((await done(viewer.get(messages))).body)).not.toContain(word);
  expect((await developer.get(`${ward}/read-1/messages?format=ndjson`)).status).toBe(403);
  expect(String((await done(admin.get(`${ward}/read-1/messages?format=csv`))).body)).toContain(word);
  expect(await readings()).toBe(before + 3);
  const exports = await done(admin.get('/tenants/clinic/audit?action=conversation.export'));
  expect(exports.body.items).toMatchObject([{ after: { withData: true } }, { after: { withData: false } }]);
});

test('a log is read from its end and from any place, with deleted messages in their places', async () => {
  const { viewer, developer, admin } = world.members;
  const [first = ''] = await talk('log-1', ['1', '2', '3', '4', '5']);
  const seqs = async (query: string) => {
    const { body } = await done(viewer.get(`${list}/log-1/messages?limit=2&${query}`));
    return [(body.items as { seq: number }[]).map(({ seq }) => seq), body.hasMore];
  };
  expect(await seqs('')).toEqual([[4, 5], true]);
  expect(await seqs('beforeSeq=3')).toEqual([[1, 2], false]);
  expect(await seqs('afterSeq=2')).toEqual([[3, 4], true]);
  expect((await viewer.get(`${list}/log-1/messages?afterSeq=1&beforeSeq=3`)).status).toBe(400);
  expect((await developer.call('DELETE', `/apps/demo/messages/${first}`)).status).toBe(403);
  await done(admin.call('DELETE', `/apps/demo/messages/${first}`));
  expect((await admin.call('DELETE', `/apps/demo/messages/${first}`)).status).toBe(409);
  const { body } = await done(developer.get(`${list}/log-1/messages?beforeSeq=2&content=1`));
  expect(body.items).toMatchObject([{ seq: 1, characters: 0, deletedAt: expect.any(String) }]);
  expect(body.items[0].data).toBeUndefined();
});

test('how far each participant is stands in a row each, and in groups of all of them', async () => {
  const { viewer } = world.members;
  const people = ['ann', ...Array.from({ length: 30 }, (_, index) => `crowd-${index}`)];
  await talk('far-1', ['1', '2', '3'], { people });
  const { api } = world.server;
  const read = (userId: string, seq: number) => done(api('POST', '/conversations/far-1/read', { userId, seq }));
  await read('crowd-1', 3);
  await read('crowd-2', 2);
  const path = `${list}/far-1/cursors`;
  const all = (await done(viewer.get(`${path}?limit=2`))).body;
  expect(all).toMatchObject({ headSeq: 3, total: 31 });
  expect(all.groups.read).toEqual([
    { from: 3, to: 3, users: expect.any(Number) },
    { from: 2, to: 2, users: 1 },
    { from: 0, to: 0, users: expect.any(Number) },
  ]);
  const behind = (await done(viewer.get(`${path}?field=read&from=2&to=2`))).body;
  expect(behind.items).toMatchObject([
    { userId: 'crowd-2', role: 'member', read: 2, delivered: 2, seen: 2, pushed: 0 },
  ]);
  const one = (await done(viewer.get(`${path}?q=crowd-1&limit=1`))).body;
  const more = (await done(viewer.get(`${path}?q=crowd-1&cursor=${encodeURIComponent(one.nextCursor)}`))).body;
  expect(one.items).toMatchObject([{ userId: 'crowd-1', read: 3 }]);
  expect(more.items).toHaveLength(10);
  const joined = (await done(viewer.get(`${list}/far-1/participants?limit=3`))).body;
  expect(joined.items).toHaveLength(3);
});

test('participants come and go live, and a notice is explained before it is sent', async () => {
  const { viewer, developer } = world.members;
  await talk('act-1', []);
  const bob = await clients.connect({ userId: 'bob', page: '/chat' });
  expect((await viewer.call('PUT', `${list}/act-1/participants/cleo`, { body: {} })).status).toBe(403);
  await done(developer.call('PUT', `${list}/act-1/participants/cleo`, { body: { role: 'nurse' } }));
  await done(developer.call('PUT', `${list}/act-1/participants/bob`, { body: { role: 'doctor' } }));
  const people = (await done(viewer.get(`${list}/act-1/participants`))).body.items;
  expect(people).toMatchObject([
    { userId: 'alice' },
    { userId: 'bob', role: 'doctor' },
    { userId: 'cleo', role: 'nurse' },
  ]);
  const notice = { title: 'The ward moves', body: 'at noon' };
  const explained = (await done(developer.post(`${list}/act-1/notices/explain`, notice))).body;
  expect(explained).toMatchObject({ users: 3, counts: { sent: 1, no_connection: 2 } });
  const wrong = await developer.post(`${list}/act-1/notices`, { ...notice, expected: 40 });
  expect(wrong).toMatchObject({ status: 409, body: { code: 'impact_changed', impact: { users: 3 } } });
  await done(developer.post(`${list}/act-1/notices`, { ...notice, expected: 3 }));
  expect((await bob.event('system_notification')).data).toMatchObject(notice);
  await done(developer.call('DELETE', `${list}/act-1/participants/cleo`));
  expect((await developer.call('DELETE', `${list}/act-1/participants/cleo`)).status).toBe(404);
});

test('a developer says nothing to more than a hundred people at once', async () => {
  const { developer, admin } = world.members;
  const people = Array.from({ length: 101 }, (_, index) => `many-${index}`);
  await talk('many-1', [], { people });
  const notice = { title: 'To all', expected: 101 };
  expect(await developer.post(`${list}/many-1/notices`, notice)).toMatchObject({
    status: 403,
    body: { needs: 'admin' },
  });
  await done(admin.post(`${list}/many-1/notices`, notice));
});
