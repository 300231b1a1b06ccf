// The senders that each kind and each field admits, on every way by which somebody can send: a table over a
// whole server.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { hookSecret } from '../support/provision.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const sentBys = {
  lab_result: undefined,
  nurses_note: { users: ['nurse'] },
  anybodys_note: { users: true },
  hooks_only: { backEnds: false },
  back_ends_only: { hooks: false },
  nobodys: { backEnds: false, hooks: false },
};
const conversation = 'c-rights';
const data = { type: 'text', content: { text: 'hello' } };

let server: WholeServer;
const clients = createClients(() => server);
const tokens = new Map<string, string>();

beforeAll(async () => {
  const kind = { audience: 'conversation', durable: 'conversation', policy: { priority: 'urgent' } };
  server = await startWholeServer({
    app: {
      kinds: Object.entries(sentBys).map(([name, sentBy]) => ({
        ...{ ...kind, kind: name, action: name },
        ...(sentBy === undefined ? {} : { sentBy }),
      })),
      hooks: [
        {
          id: 'any',
          secret: hookSecret,
          mapping:
            "{ 'kind': kind, 'sender': sender, 'audience': { 'conversation': 'c-rights' }, 'data': { 'type': 'text', 'content': { 'text': 'hello' } } }",
        },
      ],
    },
  });
  const participants = [
    { userId: 'member', role: 'member' },
    { userId: 'nurse', role: 'nurse' },
    { userId: 'consultant', role: 'consultant' },
  ];
  await server.api('PUT', `/conversations/${conversation}`, { participants });
  for (const { userId } of participants) tokens.set(userId, await server.tokenOf(userId));
  tokens.set('stranger', await server.tokenOf('stranger'));
  // The claims of a token say nothing about the conversation.
  tokens.set('claimant', await server.tokenOf('member', { roles: ['consultant', 'nurse', 'admin'] }));
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

/** `sent`, or as `403 forbidden`. */
type Outcome = string;

function outcomeOf({ status, body }: { status: number; body: Record<string, unknown> }): Outcome {
  return status < 300 ? 'sent' : `${status} ${String(body['code'])}`;
}

async function send(caller: string, body: Record<string, unknown>): Promise<Outcome> {
  const token = tokens.get(caller);
  const sender = token === undefined ? { senderId: 'consultant' } : {};
  return outcomeOf(await server.api('POST', `/chat/${conversation}/send`, { ...sender, ...data, ...body }, token));
}

async function broadcast(caller: string, body: Record<string, unknown>, path = '/broadcasts'): Promise<Outcome> {
  const request = { sender: 'consultant', audience: { conversation }, data, ...body };
  return outcomeOf(await server.api('POST', path, request, tokens.get(caller)));
}

let webhooks = 0;
async function hook(kind: string): Promise<Outcome> {
  const body = JSON.stringify({ kind, sender: 'consultant' });
  webhooks += 1;
  const signed = { id: `w${webhooks}`, secret: hookSecret, body, timestamp: Math.floor(Date.now() / 1000) };
  const headers = { 'content-type': 'application/json', ...signWebhook(signed) };
  const response = await fetch(`${server.url}/hooks/any`, { method: 'POST', headers, body });
  return outcomeOf({ status: response.status, body: (await response.json()) as Record<string, unknown> });
}

const forbidden = '403 forbidden';
const callers = ['key', 'member', 'nurse', 'consultant', 'claimant', 'stranger', 'hook'] as const;

describe.each<[string, Record<(typeof callers)[number], Outcome>]>([
  ['message', all('sent', { stranger: '404 not_found' })],
  ['consultation_reply', { ...users(forbidden), ...back('sent'), consultant: 'sent', stranger: '404 not_found' }],
  ['system_notification', { ...users('422 unknown_kind'), ...back('422 unknown_kind'), hook: 'sent' }],
  ['direct', { ...users('422 unknown_kind'), ...back('422 unknown_kind'), hook: '422 mapping_failed' }],
  ['announcement', { ...users('422 unknown_kind'), ...back('422 unknown_kind'), hook: '422 mapping_failed' }],
  ['lab_result', { ...users(forbidden), ...back('sent') }],
  ['nurses_note', { ...users(forbidden), ...back('sent'), nurse: 'sent', stranger: '404 not_found' }],
  ['anybodys_note', all('sent', { stranger: '404 not_found' })],
  ['hooks_only', { ...users(forbidden), ...back('sent'), key: forbidden }],
  ['back_ends_only', { ...users(forbidden), ...back('sent'), hook: '422 mapping_failed' }],
  ['nobodys', { ...users(forbidden), key: forbidden, hook: '422 mapping_failed' }],
])('the kind %s', (kind, expected) => {
  test.each(callers)('sent by %s is answered as its row says', async (caller) => {
    expect(caller === 'hook' ? await hook(kind) : await send(caller, { kind })).toBe(expected[caller]);
  });
});

/** The fields that only a back end decides. */
const backEndFields: Record<string, unknown> = {
  policy: { priority: 'urgent' },
  priority: 'urgent',
  collapseKey: 'k',
  targetUserIds: ['member'],
  exclude: ['nurse'],
  audience: { everyone: true },
  action: 'new_message',
  sender: 'consultant',
  senderId: 'consultant',
  idempotencyKey: 'k-1',
  data: { title: 'x' },
};

describe.each(Object.entries(backEndFields))('the field %s', (field, value) => {
  test('in what a user sends over HTTP is refused', async () => {
    const before = await headOf();
    expect(await send('member', { [field]: value })).toMatch(field === 'senderId' ? forbidden : '422 invalid_body');
    expect(await headOf()).toBe(before);
  });

  test('in what a user sends over the WebSocket changes nothing', async () => {
    const client = await clients.connect({ userId: 'member' });
    const cid = `ws-${field}`;
    const { data: sent } = await client.ask('message', { conversationId: conversation, cid, ...data, [field]: value });
    const { messageId } = sent;
    const { body } = await server.api('GET', `/conversations/${conversation}/messages?limit=1`);
    expect(body['messages']).toMatchObject([
      { messageId, kind: 'message', action: 'new_message', senderId: 'member', content: { text: 'hello' } },
    ]);
    const journey = await server.api('GET', `/messages/${String(messageId)}/journey`);
    expect(JSON.stringify(journey.body)).not.toContain('urgent');
  });
});

test('a kind that a client names over the WebSocket is not looked at', async () => {
  const client = await clients.connect({ userId: 'member' });
  for (const kind of ['consultation_reply', 'lab_result', 'announcement']) {
    const draft = { conversationId: conversation, cid: `kind-${kind}`, ...data, kind };
    expect(await client.ask('message', draft)).toMatchObject({ ok: true });
    const { body } = await server.api('GET', `/conversations/${conversation}/messages?limit=1`);
    expect(body['messages']).toMatchObject([{ cid: `kind-${kind}`, kind: 'message' }]);
  }
});

test.each(['/broadcasts', '/broadcasts/batch', '/broadcasts/explain'])('%s takes no user token', async (path) => {
  for (const caller of ['member', 'consultant', 'claimant', 'stranger']) {
    expect(await broadcast(caller, { kind: 'message' }, path)).toBe(forbidden);
  }
});

test('a kind that back ends may not send is refused to them on every route, also as explained', async () => {
  for (const path of ['/broadcasts', '/broadcasts/explain']) {
    expect(await broadcast('key', { kind: 'hooks_only' }, path)).toBe(forbidden);
    expect(await broadcast('key', { kind: 'back_ends_only' }, path)).toBe('sent');
  }
  const item = { kind: 'hooks_only', sender: 'consultant', audience: { conversation }, data };
  const { body } = await server.api('POST', '/broadcasts/batch', { broadcasts: [item] });
  expect(body).toMatchObject({ results: [{ code: 'forbidden', path: ['kind'] }] });
});

test('the senders that a kind admits are kept with it, and count from the next message on', async () => {
  const kind = { action: 'own_note', audience: 'conversation', durable: 'conversation' };
  expect((await server.api('PUT', '/kinds/own_note', kind)).body).toEqual({
    kind: { ...kind, kind: 'own_note', policy: {} },
  });
  expect(await send('member', { kind: 'own_note' })).toBe(forbidden);
  const sentBy = { users: ['member'] };
  const put = await server.api('PUT', '/kinds/own_note', { ...kind, sentBy });
  expect(put.body).toMatchObject({ kind: { sentBy: { backEnds: true, hooks: true, users: ['member'] } } });
  expect(await send('member', { kind: 'own_note' })).toBe('sent');
  expect(await send('nurse', { kind: 'own_note' })).toBe(forbidden);
  await server.api('PUT', '/kinds/own_note', kind);
  expect(await send('member', { kind: 'own_note' })).toBe(forbidden);
  for (const wrong of [{ users: [] }, { users: ['Not A Role'] }, { user: true }, { backEnds: 'yes' }]) {
    const { status, body } = await server.api('PUT', '/kinds/own_note', { ...kind, sentBy: wrong });
    expect([status, String((body['path'] as string[])[0])]).toEqual([422, 'sentBy']);
  }
});

test.each([
  ['lab_result', 'member', '403 forbidden', 'forbidden'],
  ['nurses_note', 'member', '403 forbidden', 'forbidden'],
  ['consultation_reply', 'member', '403 forbidden', 'forbidden'],
  ['consultation_reply', 'consultant', 'sent', 'ok'],
  ['anybodys_note', 'member', 'sent', 'ok'],
  ['message', 'member', 'sent', 'ok'],
])('a %s that a back end sent in the name of %s is edited by that person: %s', async (kind, person, overHttp, code) => {
  const path = `/chat/${conversation}/send`;
  const { body } = await server.api('POST', path, { ...data, kind, senderId: person });
  const edit = { content: { text: 'my own words' } };
  expect(outcomeOf(await server.api('PATCH', `/messages/${String(body['messageId'])}`, edit, tokens.get(person)))).toBe(
    overHttp,
  );
  const client = await clients.connect({ userId: person });
  const answer = await client.ask('edit_message', { messageId: body['messageId'], ...edit });
  expect(answer.error?.code ?? 'ok').toBe(code);
});

async function headOf(): Promise<unknown> {
  const { body } = await server.api('GET', `/conversations/${conversation}`);
  return (body['conversation'] as { headSeq: number }).headSeq;
}

function users(outcome: Outcome) {
  return { member: outcome, nurse: outcome, consultant: outcome, claimant: outcome, stranger: outcome };
}

function back(outcome: Outcome) {
  return { key: outcome, hook: outcome };
}

function all(outcome: Outcome, but: Partial<Record<(typeof callers)[number], Outcome>> = {}) {
  return { ...users(outcome), ...back(outcome), ...but };
}
