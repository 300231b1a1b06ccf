// The answers of the HTTP API to requests that are not right (docs/bad-input.md, the third table), one row a
// test. Request lines: request-lines.test.ts; webhooks and uploads are tested with their parts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys, startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { RawSocket } from './raw-socket.ts';
import { answers, expectProblem, json, key, type Wrong } from './wrong-requests.ts';

let attacked: AttackedServer;
let user: string;
/** Of a list of the app's conversations and of a user's. */
let cursor: string;
let device: string;

beforeAll(async () => {
  attacked = await startAttackedServer();
  user = await attacked.tokenOf('mallory');
  await attacked.api('PUT', '/conversations/second', { participants: [] });
  const page = await attacked.api('GET', '/conversations?limit=1');
  cursor = String(page.body['nextCursor']);
  const made = await attacked.api('POST', '/devices', {
    userId: 'witness',
    provider: 'hook',
    target: { id: 'w' },
    deviceType: 'mobile',
  });
  device = String(made.body['deviceId']);
  // The first of these is carried out here, so that the rows repeat it.
  await attacked.api('PUT', '/conversations/once', { title: 'once' }, { 'idempotency-key': 'once' });
  await attacked.settled();
});
afterAll(() => attacked.stop());

const put = { method: 'PUT', path: '/conversations/never' };
const post = (path: string, body: string | object): Wrong => ({ method: 'POST', path, body });

const bodies: readonly Row[] = [
  {
    name: 'a body over 1 MiB',
    run: answers(413, 'too_large', { ...put, body: `{"title":"${'x'.repeat(1_048_576)}"}` }),
  },
  {
    name: 'a body that says it is over 1 MiB',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(
        `PUT /api/v1/conversations/never HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.demo}\r\n` +
          'content-type: application/json\r\ncontent-length: 99999999\r\n\r\n{',
      );
      expect((await socket.answer())?.status).toBe(413);
      await socket.destroy();
    },
  },
  {
    name: 'an endless body in chunks',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(
        `PUT /api/v1/conversations/never HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.demo}\r\n` +
          'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
      );
      for (let n = 0; n < 20; n += 1) socket.write(`10000\r\n${' '.repeat(65_536)}\r\n`);
      expect((await socket.answer())?.status).toBe(413);
      await socket.destroy();
    },
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'].map(
    (type) => ({
      name: `a body of ${type}`,
      run: answers(415, 'unsupported_media_type', { ...put, body: '{}', headers: () => ({ 'content-type': type }) }),
    }),
  ),
  {
    name: 'a body of no type',
    async run({ call }) {
      const answer = await call('/api/v1/conversations/never', { method: 'PUT', headers: key, body: '{}' });
      expectProblem(answer, 415, 'unsupported_media_type');
    },
  },
  {
    name: 'a body in a character set that is none',
    run: answers(415, 'unsupported_media_type', {
      ...put,
      body: '{}',
      headers: () => ({ 'content-type': 'application/json; charset=klingon' }),
    }),
  },
  {
    name: 'a body in an encoding that is none',
    run: answers(415, 'unsupported_media_type', {
      ...put,
      body: '{}',
      headers: () => ({ 'content-encoding': 'magic' }),
    }),
  },
  {
    name: 'no JSON',
    run: answers(400, 'bad_request', {
      ...put,
      body: '{"title":"x",}',
      more: { detail: expect.stringContaining('13') },
    }),
  },
  { name: 'half of JSON', run: answers(400, 'bad_request', { ...put, body: '{"title":' }) },
  { name: 'JSON that is no object', run: answers(422, 'invalid_body', { ...put, body: '[]' }) },
  { name: 'nothing', run: answers(422, 'invalid_body', post('/tokens', '')) },
  {
    name: 'JSON of 10,000 levels',
    run: answers(400, 'bad_request', { ...put, body: '['.repeat(10_000) + ']'.repeat(10_000) }),
  },
  {
    name: '__proto__ in JSON',
    run: answers(400, 'bad_request', { ...put, body: '{"__proto__":{"title":"x"}}', more: { path: ['__proto__'] } }),
  },
  {
    name: 'a number that would be changed by reading it',
    run: answers(400, 'bad_request', { ...put, body: '{"title":9007199254740993}', more: { path: ['title'] } }),
  },
  {
    name: 'an unknown field',
    run: answers(422, 'invalid_body', { ...put, body: { titel: 'x' }, more: { path: ['titel'] } }),
  },
  {
    name: 'a field of the wrong type',
    run: answers(422, 'invalid_body', { ...put, body: { title: 17 }, more: { path: ['title'] } }),
  },
  {
    name: 'an operator instead of a user',
    run: answers(422, 'invalid_body', { ...post('/tokens', { userId: { $gt: '' } }), more: { path: ['userId'] } }),
  },
  {
    name: 'an operator instead of a conversation',
    run: answers(422, 'invalid_body', {
      ...post('/broadcasts', { kind: 'message', audience: { conversation: { $gt: '' } }, data: {} }),
      more: { path: expect.arrayContaining(['audience']) },
    }),
  },
  {
    name: 'an operator instead of a conversation beside a message',
    run: answers(
      422,
      'invalid_body',
      post('/chat/common/send', {
        conversationId: { $gt: '' },
        senderId: 'mallory',
        type: 'text',
        content: { text: 'x' },
      }),
    ),
  },
];

const wrongFields: readonly [change: Record<string, unknown>, path: (string | number)[]][] = [
  [{ pattern: '/a/:id/b/:id' }, ['pattern']],
  [{ requireRoles: ['x'], requireAuth: false }, ['requireRoles']],
  [{ topics: ['a*b'] }, ['topics', 0]],
];
const wrongPages: readonly Row[] = wrongFields.map(([change, path]) => ({
  name: `a page policy with ${JSON.stringify(change)}`,
  run: answers(422, 'invalid_body', {
    ...{ method: 'PUT', path: '/pages', body: { pattern: '/never', enabled: true, ...change } },
    more: { path },
  }),
}));

const unknownUuid = '01900000-0000-7000-8000-000000000000';
const callers: readonly Row[] = [
  ...[
    '',
    'Bearer',
    'Bearer bk_nobody_0123456789abcdef0123456789abcdef',
    'Basic YTpi',
    `Bearer  ${keys.demo} x`,
    keys.demo,
  ].map((authorization) => ({
    name: `the credentials ${JSON.stringify(authorization.slice(0, 20))}`,
    run: answers(401, 'unauthorized', { path: '/conversations', headers: () => ({ authorization }) }),
  })),
  {
    name: 'a key without the scope',
    run: answers(403, 'forbidden', { ...put, body: {}, headers: () => ({ authorization: `Bearer ${keys.reader}` }) }),
  },
  ...(['lab_result', 'consultation_reply'] as const).map((kind) => ({
    name: `the kind ${kind}, which this user may not send`,
    run: answers(403, 'forbidden', {
      ...post('/chat/common/send', { kind, type: 'text', content: { text: 'x' } }),
      headers: () => ({ authorization: `Bearer ${user}` }),
      more: { path: ['kind'] },
    }),
  })),
  {
    name: 'a field of back ends beside a message',
    run: answers(422, 'invalid_body', {
      ...post('/chat/common/send', { type: 'text', content: { text: 'x' }, policy: { priority: 'urgent' } }),
      headers: () => ({ authorization: `Bearer ${user}` }),
      more: { path: ['policy'] },
    }),
  },
  {
    name: "another user's push target",
    run: answers(409, 'conflict', {
      ...post('/devices', { provider: 'hook', target: { id: 'w' }, deviceType: 'mobile' }),
      headers: () => ({ authorization: `Bearer ${user}` }),
      more: { path: ['target'] },
    }),
  },
  {
    name: 'the playground, written to as its page writes, without its secret',
    async run({ call, url }) {
      const body = JSON.stringify({ app: 'demo', userId: 'witness' });
      for (const origin of [url, 'http://127.0.0.1:8000']) {
        const headers = { ...json, origin, host: new URL(origin).host };
        expectProblem(await call('/playground/api/token', { method: 'POST', headers, body }), 403, 'forbidden');
      }
    },
  },
  {
    name: 'a user token where a key is needed',
    run: answers(403, 'forbidden', { ...put, body: {}, headers: () => ({ authorization: `Bearer ${user}` }) }),
  },
  {
    name: 'the key of another app',
    run: answers(404, 'not_found', {
      path: '/conversations/common',
      headers: () => ({ authorization: `Bearer ${keys.calm}` }),
    }),
  },
  {
    name: "another app's device",
    run: answers(404, 'not_found', {
      path: () => `/devices/${device}`,
      headers: () => ({ authorization: `Bearer ${keys.calm}` }),
    }),
  },
  {
    name: "another user's device",
    run: answers(404, 'not_found', {
      path: () => `/devices/${device}`,
      headers: () => ({ authorization: `Bearer ${user}` }),
    }),
  },
  {
    name: 'a token of another app',
    run: answers(404, 'not_found', { path: '/pages?app=calm', headers: () => ({ authorization: `Bearer ${user}` }) }),
  },
  {
    name: 'a user who speaks as another',
    run: answers(403, 'forbidden', {
      ...post('/chat/common/send', { senderId: 'witness', type: 'text', content: { text: 'x' } }),
      headers: () => ({ authorization: `Bearer ${user}` }),
    }),
  },
  {
    name: 'a user token that was changed',
    run: answers(401, 'bad_token', {
      path: '/conversations',
      headers: () => ({ authorization: `Bearer ${user.slice(0, -4)}AAAA` }),
    }),
  },
  {
    name: 'an origin that is not on the list',
    run: answers(403, 'forbidden', {
      path: '/conversations',
      headers: () => ({ authorization: `Bearer ${keys.strict}`, origin: 'https://evil.example' }),
    }),
  },
  { name: 'a message that is not there', run: answers(404, 'not_found', { path: `/messages/${unknownUuid}/journey` }) },
];

const lists: readonly Row[] = [
  ...['0', '-1', '1000000000', '101', '', 'ten', '1e1', '5.5', '%205'].map((limit) => ({
    name: `a page of ${JSON.stringify(limit)}`,
    run: answers(400, 'bad_cursor', { path: `/conversations?limit=${limit}` }),
  })),
  ...[
    ['that is junk', () => 'junk'],
    ['that was changed', () => `${cursor.slice(0, -2)}AA`],
    ['that was cut', () => cursor.slice(0, 10)],
    ['with something behind it', () => `${cursor}%21`],
    ['of 5,000 letters', () => 'a'.repeat(5000)],
  ].map(([what, made]) => ({
    name: `a cursor ${String(what)}`,
    run: answers(400, 'bad_cursor', {
      path: () => `/conversations?cursor=${typeof made === 'function' ? made() : ''}`,
    }),
  })),
  {
    name: 'a cursor of another list',
    run: answers(400, 'bad_cursor', { path: () => `/conversations?userId=witness&cursor=${cursor}` }),
  },
  {
    name: 'a cursor of another app',
    run: answers(400, 'bad_cursor', {
      path: () => `/conversations?cursor=${cursor}`,
      headers: () => ({ authorization: `Bearer ${keys.calm}` }),
    }),
  },
  {
    name: 'a seq that is no number',
    run: answers(400, 'bad_request', { path: '/conversations/common/messages?afterSeq=x' }),
  },
  { name: 'the same parameter twice', run: answers(400, 'bad_cursor', { path: '/conversations?limit=1&limit=2' }) },
];

const repeats: readonly Row[] = [
  {
    name: 'the same Idempotency-Key and body',
    async run({ api }) {
      const again = await api('PUT', '/conversations/once', { title: 'once' }, { 'idempotency-key': 'once' });
      expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
    },
  },
  {
    name: 'the same Idempotency-Key and another body',
    async run({ api }) {
      const other = await api('PUT', '/conversations/once', { title: 'twice' }, { 'idempotency-key': 'once' });
      expectProblem(other, 409, 'idempotency_conflict');
    },
  },
  {
    name: 'an Idempotency-Key of 200 letters',
    async run({ api }) {
      const answer = await api('PUT', '/conversations/once', { title: 'x' }, { 'idempotency-key': 'k'.repeat(200) });
      expectProblem(answer, 400, 'bad_request');
    },
  },
];

describe.each([
  ['a body', bodies],
  ['a page policy', wrongPages],
  ['a caller', callers],
  ['a list', lists],
  ['a repeat', repeats],
] as const)('%s', (_what, rows) => {
  test.each(rows)('$name', (row) => attacked.withstand(row));
});
