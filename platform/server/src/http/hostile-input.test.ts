import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHttp, token, uuid, type Asked } from '../../test/support/http-edge.ts';

let world: Awaited<ReturnType<typeof startHttp>>;
beforeEach(async () => {
  world = await startHttp();
});
afterEach(() => world.stop());
const ask = (line: string, asked?: Asked) => world.ask(line, asked);

const api = '/api/v1';
const alice = token('demo', 'alice');
const text = { type: 'text', content: { text: 'hi' } };

describe('broken or hostile input', () => {
  const deep = `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`;
  const rows: [name: string, line: string, asked: Asked, status: number, code: string, path?: unknown][] = [
    ['no key', `GET ${api}/conversations/c1`, {}, 401, 'unauthorized'],
    ['a key that is none', `GET ${api}/conversations/c1`, { as: 'bk_nope' }, 401, 'unauthorized'],
    ['no Bearer', `GET ${api}/conversations/c1`, { headers: { authorization: 'Basic eDp5' } }, 401, 'unauthorized'],
    ['a token that is none', `GET ${api}/conversations/c1`, { as: 'abc' }, 401, 'bad_token'],
    ['a token of no app', `GET ${api}/conversations/c1`, { as: token('nope', 'alice') }, 401, 'bad_token'],
    ['a forged token', `GET ${api}/conversations/c1`, { as: token('demo', 'mallory') }, 401, 'bad_token'],
    ['an expired token', `GET ${api}/conversations/c1`, { as: token('demo', 'late') }, 401, 'token_expired'],
    ['an app that is off', `GET ${api}/conversations/c1`, { as: token('off', 'alice') }, 403, 'page_disabled'],
    ['a key without the scope', `PUT ${api}/conversations/c1`, { as: 'bk_read', body: {} }, 403, 'forbidden'],
    ['a key of another app', `GET ${api}/conversations/c1`, { as: 'bk_other' }, 404, 'not_found'],
    ['a user who is not in it', `GET ${api}/conversations/c1`, { as: token('demo', 'eve') }, 404, 'not_found'],
    ['a user where keys belong', `POST ${api}/tokens`, { as: alice, body: { userId: 'bob' } }, 403, 'forbidden'],
    ['a user who broadcasts', `POST ${api}/broadcasts`, { as: alice, body: {} }, 403, 'forbidden'],
    [
      'a user who sends as another',
      `POST ${api}/chat/c1/send`,
      { as: alice, body: { ...text, senderId: 'bob' } },
      403,
      'forbidden',
      ['senderId'],
    ],
    [
      'a key that sends as nobody',
      `POST ${api}/chat/c1/send`,
      { as: 'bk_all', body: text },
      422,
      'invalid_body',
      ['senderId'],
    ],
    ["another user's push targets", `GET ${api}/devices?userId=bob`, { as: alice }, 403, 'forbidden', ['userId']],
    ["another user's connections", `GET ${api}/users/bob/devices`, { as: alice }, 403, 'forbidden', ['id']],
    [
      'a body over the limit',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', body: { title: 'x'.repeat(30_000) } },
      413,
      'too_large',
    ],
    [
      'another content type',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', text: 'title=x', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'an encoding that is none',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', text: '{}', headers: { 'content-encoding': 'rot13' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a body that is not what its encoding says',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', text: '{}', headers: { 'content-encoding': 'gzip' } },
      400,
      'bad_request',
    ],
    ['broken JSON', `PUT ${api}/conversations/c1`, { as: 'bk_all', text: '{"title": x}' }, 400, 'bad_request'],
    ['no body where one is needed', `PUT ${api}/conversations/c1`, { as: 'bk_all' }, 422, 'invalid_body', []],
    ['nesting', `PUT ${api}/conversations/c1`, { as: 'bk_all', text: deep }, 400, 'bad_request', Array(32).fill('a')],
    [
      'a number that is no safe integer',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', text: '{"title":9007199254740993}' },
      400,
      'bad_request',
      ['title'],
    ],
    [
      'a prototype',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', text: '{"__proto__":{"x":1}}' },
      400,
      'bad_request',
      ['__proto__'],
    ],
    [
      'an unknown field',
      `PUT ${api}/conversations/c1`,
      { as: 'bk_all', body: { titel: 'x' } },
      422,
      'invalid_body',
      ['titel'],
    ],
    [
      'a query where an id belongs',
      `POST ${api}/conversations/c1/read`,
      { as: 'bk_all', body: { userId: { $gt: '' }, seq: 1 } },
      422,
      'invalid_body',
      ['userId'],
    ],
    ['a page size of 0', `GET ${api}/conversations?limit=0`, { as: 'bk_all' }, 400, 'bad_cursor', ['limit']],
    ['a page size of -1', `GET ${api}/conversations?limit=-1`, { as: 'bk_all' }, 400, 'bad_cursor', ['limit']],
    [
      'a page size of 1e9',
      `GET ${api}/conversations/c1/messages?limit=1e9`,
      { as: 'bk_all' },
      400,
      'bad_cursor',
      ['limit'],
    ],
    [
      "a page size above the installation's",
      `GET ${api}/conversations?limit=81`,
      { as: 'bk_all' },
      400,
      'bad_cursor',
      ['limit'],
    ],
    ['two page sizes', `GET ${api}/conversations?limit=1&limit=2`, { as: 'bk_all' }, 400, 'bad_cursor', ['limit']],
    ['a made-up cursor', `GET ${api}/conversations?cursor=abc`, { as: 'bk_all' }, 400, 'bad_cursor', ['cursor']],
    [
      'a seq that is none',
      `GET ${api}/conversations/c1/messages?afterSeq=x`,
      { as: 'bk_all' },
      400,
      'bad_request',
      ['afterSeq'],
    ],
    ['a way out of the path', `GET ${api}/conversations/..%2f..%2fadmin`, { as: 'bk_all' }, 404, 'not_found'],
    [
      'a way out of the path in a write',
      `PUT ${api}/conversations/..%2fadmin`,
      { as: 'bk_all', body: {} },
      400,
      'bad_request',
      ['id'],
    ],
    ['NUL', `GET ${api}/conversations/c1%00`, { as: 'bk_all' }, 404, 'not_found'],
    ['percent signs that encode nothing', `GET ${api}/conversations/%zz`, { as: 'bk_all' }, 404, 'not_found'],
    ['10 KB of query', `GET ${api}/conversations?x=${'x'.repeat(10_000)}`, { as: 'bk_all' }, 400, 'bad_request'],
    ['a path that is none', `GET ${api}/nothing`, { as: 'bk_all' }, 404, 'not_found'],
    [
      'a method that is not there',
      `POST ${api}/conversations/c1`,
      { as: 'bk_all', body: {} },
      405,
      'method_not_allowed',
    ],
    ['a message id that is none', `GET ${api}/messages/1/journey`, { as: 'bk_all' }, 404, 'not_found'],
    ['a message that is none', `GET ${api}/messages/${uuid(1)}/journey`, { as: 'bk_all' }, 404, 'not_found'],
    [
      'a participant twice',
      `PUT ${api}/conversations/c9`,
      { as: 'bk_all', body: { participants: [{ userId: 'a' }, { userId: 'a' }] } },
      422,
      'invalid_body',
      ['participants', 1, 'userId'],
    ],
    [
      'too many broadcasts',
      `POST ${api}/broadcasts/batch`,
      { as: 'bk_all', body: { broadcasts: [1, 2, 3, 4] } },
      422,
      'too_many',
      ['broadcasts'],
    ],
    ['too many users', `GET ${api}/presence?userIds=a,b,c`, { as: 'bk_all' }, 422, 'too_many', ['userIds']],
    [
      'a built-in kind',
      `PUT ${api}/kinds/message`,
      { as: 'bk_all', body: { action: 'x', audience: 'users' } },
      422,
      'invalid_body',
      ['kind'],
    ],
    [
      'a provider that is none',
      `POST ${api}/devices`,
      { as: alice, body: { provider: 'x', target: {}, deviceType: 'mobile' } },
      422,
      'unknown_provider',
      ['provider'],
    ],
    ['pages of no app', `GET ${api}/pages`, {}, 400, 'bad_request', ['app']],
    ['pages of an app that is none', `GET ${api}/pages?app=nope`, {}, 404, 'not_found'],
    ['pages of an app that is off', `GET ${api}/pages?app=off`, {}, 403, 'page_disabled'],
    ["another app's pages beside a key", `GET ${api}/pages?app=other`, { as: 'bk_all' }, 404, 'not_found'],
    [
      'an origin that is not allowed',
      `GET ${api}/conversations/c1`,
      { as: 'bk_all', headers: { origin: 'https://evil.example' } },
      403,
      'forbidden',
    ],
    ['no token for metrics', 'GET /metrics', {}, 401, 'unauthorized'],
    ['a file that is none', 'GET /docs/..%2fpackage.json', {}, 404, 'not_found'],
  ];

  it.each(rows)('%s', async (...[, line, asked, status, code, path]) => {
    const answer = await ask(line, asked);
    expect({ status: answer.status, code: answer.body.code, path: answer.body.path }).toEqual({ status, code, path });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
    // That a client was refused is recorded, for the log.
    expect(world.done.filter((entry) => !entry.startsWith('refused '))).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  it('says where JSON breaks', async () => {
    const { body } = await ask(`PUT ${api}/conversations/c1`, { as: 'bk_all', text: '{"title": x}' });
    expect(body.detail).toBe('The body is not JSON: position 10.');
  });

  it('names the methods that a path has', async () => {
    const { headers } = await ask(`POST ${api}/conversations/c1`, { as: 'bk_all', body: {} });
    expect(headers.get('allow')?.split(', ').toSorted()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'PUT']);
  });

  it('hides a defect behind the id under which it is logged', async () => {
    const defect = new Error('password=hunter2');
    world.breakWith(defect);
    const { status, body } = await ask(`PUT ${api}/conversations/c1`, {
      as: 'bk_all',
      body: {},
      headers: { 'x-request-id': 'mine' },
    });
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal', requestId: 'mine' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(world.errors).toEqual([defect]);
  });

  it('takes no request id that would forge a line', async () => {
    const { headers } = await ask('GET /healthz', { headers: { 'x-request-id': 'a b' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gets the time to come back when it comes too often', async () => {
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push(await ask(`GET ${api}/conversations`, { as: 'bk_few' }));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(statuses[2]?.body).toMatchObject({ code: 'rate_limited' });
  });

  it('bounds how often credentials may be guessed', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 25; n += 1) statuses.add((await ask(`GET ${api}/conversations`, { as: `bk_${n}` })).status);
    expect([...statuses]).toEqual([401, 429]);
  });

  it.each([
    ['half a head', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
    [
      'half a body',
      `PUT ${api}/conversations/c1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bk_all\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"t`,
    ],
  ])('%s is 408 in time', async (_name, half) => {
    const socket = connect(world.port, '127.0.0.1');
    socket.write(half);
    const heard = await new Promise<string>((resolve) => {
      let all = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (all += chunk));
      socket.on('close', () => resolve(all));
      socket.on('error', () => resolve(all));
    });
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(world.errors).toEqual([]);
  });
});
