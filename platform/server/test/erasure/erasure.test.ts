// A person is erased from a whole server who left traces everywhere: no row of any table, and no file, holds
// them any more. First it is shown that the rows are there, and that a row which is left would be noticed.

import { describe, expect, test, vi, type TestContext } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { openEngine } from '../../src/compose/open-engine.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { putConversation, registerDevice, say, succeed } from '../support/clinic.ts';
import { apiKey, hookSecret } from '../support/provision.ts';
import { startPushReceiver } from '../support/push-receiver.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { SocketClient } from '../support/socket-client.ts';
import { isOnCluster } from '../support/engine-under-test.ts';
import { redisTable } from '../support/stored-data.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';
import { allTablesOf, blobsIn, leftOf, looking } from './left-of.ts';

// What connections were doing at the sign-out is waited for, 10 s: by all at once, each with a server of its own.
vi.setConfig({ testTimeout: 90_000 });

/** An id that each place spells in its own way. */
const ann = 'auth0|ann "x" smith+1@example.com';
const name = 'Annabella Unmistakable';
const at = `/users/${encodeURIComponent(ann)}`;
const dayMs = 25 * 3_600_000;

/** Where she leaves traces below. */
const traces = [
  ...['cursors', 'dead_letters', 'devices', 'hook_deliveries', 'idempotency', 'journeys', 'messages', 'preferences'],
  ...['journey_index', 'upload_uses', 'uploads', 'user_texts', 'users', 'webhook_events'],
  ...(isOnCluster() ? ['conversations', redisTable] : ['jobs', 'participants']),
];
/** These name nobody: what is in them is the app's, or numbers. */
const ofNobody = [
  ...['api_keys', 'apps', 'erasures', 'hook_ids', 'hooks', 'installation', 'kinds', 'providers'],
  ...['deliveries', 'reservations', 'tenants', 'upload_totals', 'usage', 'figures', 'webhooks'],
  ...(isOnCluster() ? ['pages', 'page_changes'] : ['conversations', 'page_versions', 'probe', 'streams']),
  // Of people in the console, who are no users of the app.
  ...['account_links', 'accounts', 'audit', 'console_sessions', 'teams'],
  ...(isOnCluster() ? [] : ['team_accounts']),
  // Words of which SQLite keeps no text.
  ...(isOnCluster() ? [] : ['', '_config', '_data', '_docsize', '_idx'].map((part) => `searchable_words${part}`)),
];
/** Has the job that takes away the time of the sign-out. */
const jobs = isOnCluster() ? redisTable : 'jobs';

interface Started {
  server: WholeServer;
  later: (ms: number) => Promise<void>;
}

/**
 * A server whose wall clock can be put forward. Redis goes by a clock of its own, so it forgets its jobs: those
 * that are left to do come back from the store.
 */
async function start({ onTestFinished }: TestContext): Promise<Started> {
  const receiver = await startPushReceiver();
  onTestFinished(() => receiver.close());
  // A service that refuses the credentials makes dead letters.
  receiver.answerAlways({ status: 401 });
  let offsetMs = 0;
  const system = createSystemClock();
  const clock = { ...system, now: () => system.now() + offsetMs };
  const server = await startWholeServer({
    pushUrl: receiver.url,
    settings: { waitMs: 0 },
    foundation: { openEngine: (config, deps) => openEngine(config, { ...deps, clock }) },
  });
  onTestFinished(() => server.stop());
  return {
    server,
    async later(ms) {
      offsetMs += ms;
      await looking(server, (stored) => stored.forgetJobs());
      await server.restart();
    },
  };
}

async function upload(server: WholeServer, file: string): Promise<string> {
  const form = new FormData();
  form.set('userId', ann);
  form.set('file', new Blob([`file ${file}`]), file);
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${server.url}/api/v1/uploads`, { method: 'POST', headers, body: form });
  return String(((await response.json()) as Record<string, unknown>)['uploadId']);
}

interface Life {
  said: string;
  withFile: string;
  toOthers: string;
}

/** Everything that a person does, and has done to them. */
async function live(server: WholeServer): Promise<Life> {
  const { api } = server;
  await putConversation(server, 'c1', [ann, 'bob']);
  await putConversation(server, 'c2', ['bob', 'carol', ann]);
  await succeed(api('PUT', at, { name, metadata: { born: 'Unmistakable' } }), 'profile');
  await succeed(api('PUT', `${at}/preferences`, { level: 'all', conversations: { c2: { level: 'all' } } }), 'wishes');
  const webhook = { url: 'https://crm.example.com/in', events: ['*'] };
  await succeed(api('PUT', '/webhooks/crm', webhook), 'webhook');
  await succeed(api('POST', '/webhooks/crm/pause'), 'pause');
  await registerDevice(server, ann);
  const token = await server.tokenOf(ann, { name });
  const client = await SocketClient.connect(server, { token });
  await client.ask('message', { conversationId: 'c1', cid: `of ${ann}`, type: 'text', content: { text: 'by socket' } });
  const { messageId: said } = await say(server, 'c1', { from: ann, text: 'what was said' });
  const { seq } = await say(server, 'c1', { from: 'bob', text: 'an answer' });
  await client.ask('add_reaction', { messageId: said, reaction: '👍' });
  await client.ask('pin_message', { messageId: said });
  await client.ask('read_status', { conversationId: 'c1', seq });
  await client.end();
  const toOthers = await say(server, 'c2', { from: 'bob', text: 'look here' });
  const reaction = `/messages/${toOthers.messageId}/reactions/like?userId=${encodeURIComponent(ann)}`;
  await succeed(api('PUT', reaction), 'reaction');
  const narrowed = { kind: 'message', sender: 'bob', audience: { conversation: 'c2' }, targetUserIds: [ann] };
  const data = { type: 'text', content: { text: 'for one alone' }, mentions: [ann] };
  await succeed(api('POST', '/broadcasts', { ...narrowed, data }), 'narrowed');
  await succeed(
    api('POST', '/broadcasts', { kind: 'direct', audience: { users: [ann, 'carol'] }, data: { title: 'notice' } }),
    'notice',
  );
  const used = await upload(server, 'used.txt');
  await upload(server, `${name}.txt`);
  const file = { senderId: ann, type: 'file', content: { uploadId: used, name: 'used.txt' } };
  const { messageId: withFile } = await succeed(api('POST', '/chat/c1/send', file), 'file');
  const only = await upload(server, 'for-one.txt');
  const toOne = { ...narrowed, sender: ann, targetUserIds: [ann] };
  const ofFile = { type: 'file', content: { uploadId: only, name: 'for-one.txt' } };
  await succeed(api('POST', '/broadcasts', { ...toOne, data: ofFile }), 'file for one');
  for (const credential of [token, apiKey]) {
    await fetch(`${server.url}/api/v1${at}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: JSON.stringify({ locale: 'de' }),
    });
  }
  const body = JSON.stringify({ patient: ann, text: 'a result' });
  const timestamp = Math.floor(Date.now() / 1000);
  const signed = signWebhook({ id: uuidv7(), secret: hookSecret, body, timestamp });
  const headers = { 'content-type': 'application/json', ...signed };
  await fetch(`${server.url}/hooks/lab`, { method: 'POST', headers, body });
  return { said, withFile: String(withFile), toOthers: toOthers.messageId };
}

const found = (server: WholeServer) => leftOf(server, [ann, 'Unmistakable']);

async function erase(server: WholeServer, messages: 'anonymise' | 'remove'): Promise<void> {
  const { status, body } = await server.api('DELETE', `${at}?messages=${messages}`);
  expect([status, body['erasure']]).toMatchObject([202, { userId: ann, messages, state: 'running' }]);
  await server.line(({ msg }) => msg === 'user erased');
}

const report = async (server: WholeServer) =>
  (await succeed(server.api('GET', `${at}/erasure`), 'report'))['erasure'] as Record<string, unknown>;

describe.concurrent('a person who left traces everywhere', () => {
  test('is in no row and no file any more, and what they wrote is nobody’s', async (context) => {
    const { server, later } = await start(context);
    const { said, withFile, toOthers } = await live(server);
    await context.expect
      .poll(async () => Object.keys(await found(server)).toSorted(), { timeout: 20_000 })
      .toEqual(traces.toSorted());
    expect(await allTablesOf(server)).toEqual([...traces, ...ofNobody].toSorted());
    expect(blobsIn(server.server.dataDir)).toBe(3);
    const old = await server.tokenOf(ann);
    expect((await server.api('GET', '/conversations', undefined, old)).status).toBe(200);
    const bob = await SocketClient.connect(server, { userId: 'bob' });

    await erase(server, 'anonymise');

    await bob.event('conversation_changed');
    await bob.end();
    expect((await server.api('GET', '/conversations', undefined, old)).status).toBe(401);
    // The time of the sign-out, as long as a token of before may come, and what is to take it away.
    expect(await found(server)).toEqual({ users: 1, erasures: 1, [jobs]: expect.any(Number) });
    expect((await server.api('GET', at)).body['name']).toBeUndefined();
    expect(await report(server)).toMatchObject({
      ...{ state: 'erased', messages: 'anonymise' },
      counts: { devices: 1, preferences: 1, conversations: 2, uploads: 3, hookDeliveries: 1 },
    });
    const { messages } = await succeed(server.api('GET', '/conversations/c1/messages'), 'history');
    const kept = (messages as Record<string, unknown>[]).find(({ messageId }) => messageId === said);
    expect(kept).toMatchObject({ content: { text: 'what was said' }, senderId: expect.stringMatching(/^erased:/) });
    expect((messages as Record<string, unknown>[]).find(({ messageId }) => messageId === withFile)).toMatchObject({
      type: 'file',
    });
    expect(blobsIn(server.server.dataDir)).toBe(2);
    expect((await succeed(server.api('GET', `/messages/${toOthers}/journey`), 'journey'))['recipients']).toHaveLength(
      2,
    );

    await later(dayMs);
    await context.expect.poll(async () => (await report(server))['state'], { timeout: 20_000 }).toBe('finished');
    await context.expect.poll(() => found(server), { timeout: 20_000 }).toEqual({});
  });

  test('takes all they wrote with them where that is asked for', async (context) => {
    const { server } = await start(context);
    const { said } = await live(server);
    const bob = await SocketClient.connect(server, { userId: 'bob' });
    await erase(server, 'remove');
    const deleted = await bob.event('message_deleted');
    expect(deleted.data).toMatchObject({ messageId: expect.any(String) });
    await bob.end();
    const { messages } = await succeed(server.api('GET', '/conversations/c1/messages'), 'history');
    const theirs = (messages as Record<string, unknown>[]).filter(({ senderId }) => senderId !== 'bob');
    expect(theirs.map(({ messageId }) => messageId)).toContain(said);
    expect(theirs.filter(({ content, deletedAt }) => content !== undefined || deletedAt === undefined)).toEqual([]);
    expect(JSON.stringify(messages)).not.toContain('what was said');
    expect(await found(server)).toEqual({ users: 1, erasures: 1, [jobs]: expect.any(Number) });
    expect(blobsIn(server.server.dataDir)).toBe(0);
    const rows = await looking(server, (stored) => stored.rows('messages'));
    expect(JSON.stringify(rows.map(({ data: stored }) => stored))).not.toMatch(/what was said|by socket/);
  });
});

test.concurrent('a row that was left in whatever table is noticed', async (context) => {
  const { server } = await start(context);
  expect(await found(server)).toEqual({});
  const plant = (table: string, row: Record<string, unknown>): Promise<void> =>
    looking(server, async (stored) => {
      await stored.insert(table, { app: 'planted', ...row });
      expect(await found(server)).toEqual({ [table]: 1 });
      await stored.remove(table, 'planted');
    });
  await plant('kinds', { kind: 'k', body: JSON.stringify({ of: [ann] }) });
  if (isOnCluster()) await plant(redisTable, { of: [ann] });
  else await plant('streams', { stream: `i:${ann}`, epoch: 'e1' });
  const key = `http:key:k:PUT /api/v1${at}:k`;
  await plant('idempotency', { key, body_hash: '', token: '', began_at: 1, forget_at: 1 });
});

test.concurrent('somebody who came back after they were erased keeps what is new', async (context) => {
  const { server, later } = await start(context);
  await succeed(server.api('PUT', at, { name }), 'profile');
  await erase(server, 'anonymise');
  // A second time while the first is under way, or done, is one more.
  await putConversation(server, 'c1', [ann, 'bob']);
  await later(dayMs);
  await context.expect
    .poll(() => report(server), { timeout: 20_000 })
    .toMatchObject({ state: 'finished', returned: true });
  const { participants } = await succeed(server.api('GET', '/conversations/c1/participants'), 'participants');
  expect((participants as { userId: string }[]).map(({ userId }) => userId)).toContain(ann);
});
