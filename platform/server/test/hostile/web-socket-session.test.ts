// The answers to a connected client's frames that are not right (docs/bad-input.md, the second table), one
// row a test. Tokens are in tokens.test.ts.

import type { CommandAction } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { RawWebSocket, type RawFrame } from './raw-web-socket.ts';

let attacked: AttackedServer;
/** Said by mallory in `common` before the rows, as seq 1, and acknowledged. */
let said: Record<string, unknown>;
const saidData = { conversationId: 'common', cid: 'said', type: 'text', content: { text: 'once' } };

beforeAll(async () => {
  attacked = await startAttackedServer();
  await attacked.api('PUT', '/pages', {
    ...watchtower,
    requireRoles: ['watcher'],
    presence: 'everyone',
    topics: ['*'],
  });
  await attacked.api('PUT', '/pages', { ...watchtower, pattern: '/yard' });
  const mallory = await attacked.connected();
  said = (await mallory.ask('message', saidData)).data;
  await mallory.ask('ack', { cursors: [{ stream: 'c:common', seq: 1 }] });
  await mallory.end();
  await attacked.settled();
});
afterAll(() => attacked.stop());

/** Of those who watch over others; and the same for everybody, at `/yard`. */
const watchtower = { pattern: '/watchtower', enabled: true, features: ['presence', 'user_monitoring'] };

/** Runs on a fresh connection of mallory's, and ends it. */
function on(run: (client: RawWebSocket, attacked: AttackedServer) => Promise<void>, page = '/chat'): Row['run'] {
  return async (given) => {
    const client = await given.connected({ page });
    await run(client, given);
    await client.end();
  };
}

function refused(
  action: string,
  data: unknown,
  error: Partial<NonNullable<RawFrame['error']>>,
  page?: string,
): Row['run'] {
  return on(async (client) => {
    expect((await client.ask(action, data)).error).toMatchObject(error);
    // It is still served.
    expect(await client.codeOf('heartbeat')).toBe('ok');
  }, page);
}

const deep = (levels: number): string => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
const message = (more: Record<string, unknown>) => ({ ...saidData, cid: 'never stored', ...more });

const unreadable: readonly [payload: string, path: (string | number)[]][] = [
  ['no JSON', []],
  ['{"action":"heartbeat"', []],
  ['', []],
  ['[]', []],
  ['"heartbeat"', []],
  ['17', []],
  ['null', []],
  ['{"action":17}', ['action']],
  ['{}', ['action']],
  ['{"action":"heartbeat","data":[]}', ['data']],
  ['{"action":"heartbeat","data":"x"}', ['data']],
  ['{"id":"1","action":"heartbeat"}', ['id']],
  ['{"id":-1,"action":"heartbeat"}', ['id']],
  ['{"id":1.5,"action":"heartbeat"}', ['id']],
  [`{"action":"heartbeat","data":${deep(32)}}`, ['data', ...Array.from({ length: 31 }, () => 'a')]],
  ['{"action":"heartbeat","data":{"n":[9007199254740993]}}', ['data', 'n', 0]],
  ['{"action":"heartbeat","data":{"n":1e999}}', ['data', 'n']],
  ['{"action":"heartbeat","data":{"__proto__":{"polluted":true}}}', ['data', '__proto__']],
  ['{"__proto__":{"polluted":true},"action":"heartbeat"}', ['__proto__']],
  ['{"action":"heartbeat","data":{"constructor":{"prototype":{"polluted":true}}}}', ['data', 'constructor']],
  ['{"action":"heartbeat","data":{"x":{"prototype":1}}}', ['data', 'x', 'prototype']],
];

const frames: readonly Row[] = [
  ...unreadable.map(([payload, path]) => ({
    name: `${payload.slice(0, 60)} is answered with the place of the mistake`,
    run: on(async (client) => {
      client.text(payload);
      const { error } = await client.until((frame) => frame.ok === false);
      expect(error).toMatchObject({ code: 'bad_request', path, retry: 'never' });
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }),
  })),
  {
    name: 'the third frame that cannot be read within a minute',
    run: on(async (client) => {
      client.text('one');
      client.text('two');
      await client.until((frame) => frame.ok === false);
      expect(await client.codeOf('heartbeat')).toBe('ok');
      client.text('three');
      expect(await client.closed()).toBe(4500);
    }),
  },
  ...['fly', '__proto__', 'constructor', 'toString', 'new_message', '', 'MESSAGE', 'x'.repeat(1000)].map((action) => ({
    name: `the action ${JSON.stringify(action.slice(0, 20))}`,
    run: refused(action, {}, { code: 'unknown_action' }),
  })),
  {
    name: 'unknown fields are passed over',
    run: on(async (client) => {
      expect(await client.codeOf('heartbeat', { visible: true, more: { of: ['this'] } })).toBe('ok');
      client.text('{"id":9,"action":"heartbeat","data":{},"trace":"x"}');
      expect(await client.until(({ id }) => id === 9)).toMatchObject({ ok: true });
    }),
  },
  {
    name: 'frames without an id are carried out without an answer',
    run: on(async (client) => {
      client.send('heartbeat');
      await client.ask('heartbeat');
      expect(client.frames.filter(({ ok }) => ok !== undefined)).toHaveLength(2);
    }),
  },
];

const featureless: readonly CommandAction[] = [
  'message',
  'edit_message',
  'delete_message',
  'read',
  'typing',
  'history',
];
const features: readonly Row[] = [
  ...featureless.map((action) => ({
    name: `${action} on a page without its feature`,
    run: refused(action, {}, { code: 'feature_disabled', retry: 'never' }, '/admin'),
  })),
  {
    name: 'presence on a page without it',
    run: refused('presence', { userIds: ['witness'] }, { code: 'feature_disabled' }),
  },
  {
    name: 'a topic that neither token nor page allows',
    run: refused('subscribe', { topic: 'secrets' }, { code: 'forbidden', path: ['topic'] }),
  },
  {
    name: 'a topic on a page that only shows notices',
    run: refused('subscribe', { topic: 'stats' }, { code: 'forbidden', path: ['topic'] }, '/yard'),
  },
  {
    name: 'a move to a page whose role the token does not have',
    run: refused('page', { page: '/watchtower' }, { code: 'forbidden', path: ['page'] }),
  },
  {
    name: 'a connection to a page whose role the token does not have',
    async run({ url, tokenOf }) {
      const client = await RawWebSocket.open(url);
      const answer = await client.introduce({ token: await tokenOf('mallory'), page: '/watchtower' });
      expect(answer.error).toMatchObject({ code: 'forbidden' });
      expect(await client.closed()).toBe(4503);
      await client.end();
    },
  },
  {
    name: 'the presence of somebody one shares no conversation with is that of nobody',
    run: on(async (client) => {
      const { data } = await client.ask('presence', { userIds: ['alice', 'nobody', 'witness'], watch: true });
      expect(data['states']).toMatchObject([
        { userId: 'alice', online: false, deviceTypes: [] },
        { userId: 'nobody', online: false, deviceTypes: [] },
        { userId: 'witness', online: true },
      ]);
    }, '/yard'),
  },
];

/** Conversations that are not there, another app's, and one that mallory is not in. */
const elsewhere = ['nowhere', 'small-talk', 'private'];
const intoConversations: readonly [action: string, data: (conversationId: string) => Record<string, unknown>][] = [
  ['message', (conversationId) => message({ conversationId })],
  ['history', (conversationId) => ({ conversationId })],
  ['read', (conversationId) => ({ conversationId, seq: 1 })],
  ['typing', (conversationId) => ({ conversationId, isTyping: true })],
];

const conversations: readonly Row[] = [
  ...intoConversations.map(([action, data]) => ({
    name: `${action} in a conversation that one may not know of: one answer for all`,
    run: on(async (client) => {
      const answers = [];
      for (const id of elsewhere) answers.push((await client.ask(action, data(id))).error);
      expect(answers[0]).toMatchObject({ code: 'not_found' });
      expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    }),
  })),
  ...['edit_message', 'delete_message'].map((action) => ({
    name: `${action} of a message that is not there`,
    run: refused(
      action,
      { messageId: '01900000-0000-7000-8000-000000000000', content: { text: 'x' } },
      { code: 'not_found' },
    ),
  })),
  {
    name: 'a conversation id that cannot be',
    run: refused('history', { conversationId: '../common' }, { code: 'bad_request', path: ['conversationId'] }),
  },
  {
    name: 'an operator instead of an id',
    run: refused('history', { conversationId: { $gt: '' } }, { code: 'bad_request', path: ['conversationId'] }),
  },
];

const contents: readonly Row[] = [
  {
    name: 'an unknown message type',
    run: refused('message', message({ type: 'hologram' }), { code: 'unknown_message_type' }),
  },
  { name: 'a type called __proto__', run: refused('message', message({ type: '__proto__' }), { code: 'bad_request' }) },
  {
    name: 'content that its type refuses',
    run: refused('message', message({ content: { text: 17 } }), { code: 'invalid_content', path: ['content', 'text'] }),
  },
  {
    name: 'content without what it needs',
    run: refused('message', message({ content: {} }), { code: 'invalid_content', path: ['content', 'text'] }),
  },
  {
    name: 'content that is no object',
    run: refused('message', message({ content: [] }), { code: 'bad_request', path: ['content'] }),
  },
  {
    name: 'content over the limit of its type',
    run: refused('message', message({ content: { text: 'x'.repeat(40_000) } }), { code: 'too_large' }),
  },
  {
    name: 'a message without a cid',
    run: refused('message', message({ cid: undefined }), { code: 'bad_request', path: ['cid'] }),
  },
  {
    name: 'a reply to a message that is not there',
    run: refused('message', message({ replyTo: 'x' }), { code: 'bad_request', path: ['replyTo'] }),
  },
  {
    name: 'the same cid again, with the same content',
    run: on(async (client) => {
      expect((await client.ask('message', saidData)).data).toEqual({ ...said, duplicate: true });
    }),
  },
  {
    name: 'the same cid again, with other content',
    run: refused(
      'message',
      { ...saidData, content: { text: 'twice' } },
      { code: 'idempotency_conflict', retry: 'never' },
    ),
  },
];

const positions: readonly Row[] = [
  {
    name: 'an ack above the head',
    run: refused('ack', { cursors: [{ stream: 'c:common', seq: 1_000_000 }] }, { code: 'bad_ack' }),
  },
  {
    name: "an ack of a stream that is not one's own",
    run: refused('ack', { cursors: [{ stream: 'c:private', seq: 1 }] }, { code: 'not_found' }),
  },
  {
    name: "an ack of another user's inbox",
    run: refused('ack', { cursors: [{ stream: 'i:witness', seq: 1 }] }, { code: 'not_found' }),
  },
  {
    name: 'an ack below the cursor moves nothing back',
    run: on(async (client) => {
      expect(await client.codeOf('ack', { cursors: [{ stream: 'c:common', seq: 0 }] })).toBe('ok');
      const { data } = await client.ask('conversations', { limit: 10 });
      expect(data['conversations']).toMatchObject([{ id: 'common', cursors: { delivered: 1 } }]);
    }),
  },
  {
    name: 'an ack of a seq that is no number',
    run: refused(
      'ack',
      { cursors: [{ stream: 'c:common', seq: 1.5 }] },
      { code: 'bad_request', path: ['cursors', 0, 'seq'] },
    ),
  },
  {
    name: 'a sync of an unknown epoch',
    run: on(async (client) => {
      const { data } = await client.ask('sync', { streams: [{ stream: 'c:common', epoch: 'other', seq: 1 }] });
      expect(data['resumed']).toMatchObject([{ stream: 'c:common', gap: { reason: 'unknown_epoch' } }]);
    }),
  },
  {
    name: "a sync of somebody else's streams",
    run: on(async (client) => {
      const streams = ['c:private', 'c:nowhere', 'i:witness'].map((stream) => ({ stream, epoch: 'e1', seq: 0 }));
      const { data } = await client.ask('sync', { streams });
      expect(data['resumed']).toEqual(
        streams.map(({ stream }) => ({ stream, gap: { from: 1, to: 0, reason: 'unknown_epoch' } })),
      );
    }),
  },
  {
    name: 'a sync of more than 1,000 streams',
    run: refused('sync', { streams: Array.from({ length: 1001 }, nthStream) }, { code: 'too_many', path: ['streams'] }),
  },
  {
    name: 'a resume of an unknown epoch',
    async run({ connected }) {
      const client = await connected({ resume: [{ stream: 'c:common', epoch: 'other', seq: 1 }] });
      expect(client.frames[0]?.data['resumed']).toMatchObject([{ gap: { reason: 'unknown_epoch' } }]);
      await client.end();
    },
  },
  {
    name: 'a resume of more than 1,000 streams can be mended',
    async run({ url, tokenOf }) {
      const token = await tokenOf('mallory');
      const client = await RawWebSocket.open(url);
      const answer = await client.introduce({ token, resume: Array.from({ length: 1001 }, nthStream) });
      expect(answer.error).toMatchObject({ code: 'too_many', path: ['resume'] });
      expect(await client.introduce({ token })).toMatchObject({ ok: true });
      await client.end();
    },
  },
];

const pace: readonly Row[] = [
  {
    name: 'more than 30 commands a second, after 60',
    run: on(async (client) => {
      for (let n = 0; n < 100; n += 1) client.send('heartbeat', {}, 1000 + n);
      await client.until(({ id }) => id === 1099);
      const answers = client.frames.filter(({ id }) => id !== undefined && id >= 1000);
      expect(answers).toHaveLength(100);
      const refusals = answers.filter(({ ok }) => ok === false);
      expect(refusals.length).toBeGreaterThan(20);
      expect(new Set(refusals.map(({ error }) => error?.code))).toEqual(new Set(['rate_limited']));
      expect(refusals[0]?.error).toMatchObject({ retry: 'after', afterMs: expect.any(Number) });
    }),
  },
  {
    name: 'commands that name a thousand streams each cost what they make',
    run: on(async (client) => {
      const streams = Array.from({ length: 1000 }, nthStream);
      // The frame would be too large with all of their ids; an ack names them shortest.
      const cursors = streams.map(({ stream }) => ({ stream, seq: 0 }));
      const codes: string[] = [];
      for (let n = 0; n < 4; n += 1) codes.push(await client.codeOf('ack', { cursors }));
      expect(codes.slice(0, 2)).toEqual(['not_found', 'not_found']);
      expect(codes.slice(2)).toEqual(['rate_limited', 'rate_limited']);
    }),
  },
];

const disguises: readonly string[] = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a\u0000b\u0007\u001b[31mred\r\nX: y',
  '\u202egnp.exe\u202c \u2066x\u2069',
  '{{constructor.constructor("return 1")()}} #{7*7} %s %n',
  'é ≠ é, 👩‍👩‍👧‍👦, ﷽, \ud83d\ude00',
];
let disguised = 0;
const texts: readonly Row[] = disguises.map((text) => ({
  name: `the text ${JSON.stringify(text).slice(0, 40)} is stored and delivered as it was sent`,
  times: 1,
  stores: { messages: 1, journeys: 1, journey_index: 1 },
  tells: ['new_message'],
  run: on(async (client, { api, connected }) => {
    disguised += 1;
    const listener = await connected({ userId: 'witness' });
    const { data } = await client.ask('message', message({ cid: `text-${disguised}`, content: { text } }));
    const delivered = await listener.until(({ action }) => action === 'new_message');
    expect(delivered.data['content']).toEqual({ text });
    const { body } = await api('GET', '/conversations/common/messages?limit=1');
    expect(body['messages']).toMatchObject([{ messageId: data['messageId'], content: { text } }]);
    await api('GET', `/messages/${String(data['messageId'])}/journey`);
    await listener.end();
  }),
}));

function nthStream(_: unknown, n: number) {
  return { stream: `c:${n}`, epoch: 'e1', seq: 0 };
}

describe.each([
  ['a frame', frames],
  ['a feature', features],
  ['a conversation', conversations],
  ['content', contents],
  ['a position', positions],
  ['pace', pace],
  ['text', texts],
] as const)('%s', (_what, rows) => {
  test.each(rows)('$name', (row) => attacked.withstand(row));
});
