import { BelfryError } from '@belfry/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demo, startHttp, token, uuid, type Asked } from '../../test/support/http-edge.ts';

let world: Awaited<ReturnType<typeof startHttp>>;
beforeEach(async () => {
  world = await startHttp();
});
afterEach(() => world.stop());
const ask = (line: string, asked?: Asked) => world.ask(line, asked);

const api = '/api/v1';
const alice = token('demo', 'alice');
const text = { type: 'text', content: { text: 'hi' } };
const page = { pattern: '/chat', enabled: true, features: ['messaging'] };

describe('a write under an Idempotency-Key', () => {
  const send = (key: string, body: unknown, as = 'bk_all') =>
    ask(`POST ${api}/chat/c1/send`, { as, body, headers: { 'idempotency-key': key } });
  const message = { ...text, senderId: 'alice' };

  it('is done once and answered alike', async () => {
    const first = await send('k-1', message);
    const again = await send('k-1', message);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(world.done).toHaveLength(1);
  });

  it('gives the message its cid, so that a redo after a crash is the same message', async () => {
    await send('k-1', message);
    expect(world.done[0]).toMatch(/^send alice [0-9a-f-]{36}$/);
    await send('k-2', { ...message, cid: 'mine' });
    expect(world.done[1]).toBe('send alice mine');
  });

  it('is refused with another body', async () => {
    await send('k-1', message);
    expect(await send('k-1', { ...message, cid: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
    expect(world.done).toHaveLength(1);
  });

  it('is another request for another caller', async () => {
    await send('k-1', message);
    await send('k-1', message, alice);
    expect(world.done).toHaveLength(2);
  });

  it('may be tried again when it was refused', async () => {
    const wrong = { ...message, senderId: 'eve' };
    expect((await send('k-1', wrong)).status).toBe(404);
    expect((await send('k-1', message)).status).toBe(201);
  });

  it('waits for nobody: while the first is being worked on it is to be tried again', async () => {
    world.breakWith(new BelfryError('unavailable'));
    const put = () =>
      ask(`PUT ${api}/conversations/c7`, { as: 'bk_all', body: {}, headers: { 'idempotency-key': 'k' } });
    expect((await put()).status).toBe(503);
    world.breakWith(undefined);
    const meanwhile = await put();
    expect(meanwhile).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    await world.clock.advance(15_001);
    expect((await put()).status).toBe(201);
  });

  it('is not kept when it makes a token: a token is a credential', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    for (const userId of ['alice', 'bob']) {
      const made = await ask(`POST ${api}/tokens`, { as: 'bk_all', body: { userId }, headers });
      expect(made).toMatchObject({ status: 201, body: { token: `for ${userId}` } });
    }
  });

  it('with a key that is none is refused', async () => {
    expect(await send('x'.repeat(200), message)).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  });
});

describe('lists', () => {
  it('go on where a page ended, with a cursor that is good for that list alone', async () => {
    const ids = async (query: string, as = 'bk_all') =>
      (await ask(`GET ${api}/conversations?limit=2${query}`, { as })).body as {
        conversations: { id: string }[];
        nextCursor?: string;
        code?: string;
      };
    const first = await ids('');
    const second = await ids(`&cursor=${first.nextCursor ?? ''}`);
    const third = await ids(`&cursor=${second.nextCursor ?? ''}`);
    expect([first, second, third].map(({ conversations }) => conversations.map(({ id }) => id))).toEqual([
      ['0', '1'],
      ['2', '3'],
      ['4'],
    ]);
    expect(third.nextCursor).toBeUndefined();
    expect((await ids(`&cursor=${first.nextCursor ?? ''}`, 'bk_other')).code).toBe('bad_cursor');
    expect((await ids(`&userId=bob&cursor=${first.nextCursor ?? ''}`)).code).toBe('bad_cursor');
    expect((await ids(`&cursor=${first.nextCursor ?? ''}A`)).code).toBe('bad_cursor');
  });

  it('of connections are in the order of time', async () => {
    const first = await ask(`GET ${api}/connections?limit=2`, { as: 'bk_all' });
    expect(first.body.connections).toMatchObject([{ connectionId: uuid(1) }, { connectionId: uuid(2) }]);
    const second = await ask(`GET ${api}/connections?limit=2&cursor=${first.body.nextCursor}`, { as: 'bk_all' });
    expect(second.body).toEqual({ connections: [expect.objectContaining({ connectionId: uuid(3) })] });
  });
});

describe('a list that is at hand as a whole', () => {
  const kinds = Array.from({ length: 5 }, (_, n) => `kind_${n}`);

  it('is given out in pages, as long as may be where no limit is said', async () => {
    for (const kind of kinds) {
      await ask(`PUT ${api}/kinds/${kind}`, { as: 'bk_all', body: { action: kind, audience: 'users' } });
    }
    const names: string[] = [];
    let query = '?limit=2';
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await ask(`GET ${api}/kinds${query}`, { as: 'bk_all' });
      names.push(...(body.kinds as { kind: string }[]).map(({ kind }) => kind));
      query = `?limit=2&cursor=${body.nextCursor}`;
    }
    expect(names.filter((name) => name.startsWith('kind_'))).toEqual(kinds);
    expect((await ask(`GET ${api}/kinds`, { as: 'bk_all' })).body.nextCursor).toBeUndefined();
  });

  it.each([
    ['limit=0', 400],
    ['limit=1000', 400],
    ['limit=81', 400],
    ['cursor=made-up', 400],
  ])('refuses ?%s', async (query, status) => {
    expect((await ask(`GET ${api}/kinds?${query}`, { as: 'bk_all' })).status).toBe(status);
  });
});

describe('a token for several audiences', () => {
  it('is one of the app among them, wherever in the list that is', async () => {
    for (const aud of [['demo', 'https://issuer.example'], ['https://issuer.example', 'demo'], ['demo']]) {
      expect((await ask(`GET ${api}/conversations`, { as: token(aud, 'alice') })).status).toBe(200);
    }
  });

  it('is nobody’s where no app is among them, or only far down a list that is too long', async () => {
    const long = Array.from({ length: 8 }, (_, n) => `service-${n}`);
    for (const aud of [[], ['https://issuer.example'], [...long, 'demo']]) {
      const answer = await ask(`GET ${api}/conversations`, { as: token(aud, 'alice') });
      expect(answer).toMatchObject({ status: 401, body: { code: 'bad_token' } });
    }
  });
});

describe('pages over HTTP', () => {
  it('are read by anybody, without who changed them, and only when they changed', async () => {
    expect(await ask(`PUT ${api}/pages`, { as: 'bk_all', body: page })).toMatchObject({
      status: 201,
      body: { page: { pattern: '/chat', version: 1, updatedBy: 'key:all', connectionType: 'default' } },
    });
    const read = await ask(`GET ${api}/pages?app=demo`);
    expect(read.body).toEqual({
      pages: [
        {
          pattern: '/chat',
          enabled: true,
          requireAuth: true,
          autoConnect: true,
          connectionType: 'default',
          features: ['messaging'],
          version: 1,
        },
      ],
      client: {
        connectionTimeoutMs: 20_000,
        heartbeatIntervalMs: 45_000,
        reconnectBaseMs: 2000,
        reconnectMaxMs: 30_000,
        reconnectMaxAttempts: 15,
      },
    });
    const refused = await ask(`GET ${api}/pages?app=demo&origin=https://evil.example`);
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const etag = read.headers.get('etag') ?? '';
    const again = await ask(`GET ${api}/pages?app=demo`, { headers: { 'if-none-match': etag } });
    expect([again.status, again.body]).toEqual([304, '']);
    await ask(`PUT ${api}/pages`, { as: 'bk_all', body: { ...page, enabled: false } });
    expect((await ask(`GET ${api}/pages?app=demo`, { headers: { 'if-none-match': etag } })).status).toBe(200);
    expect((await ask(`GET ${api}/pages`, { as: 'bk_all' })).body.pages[0].updatedBy).toBe('key:all');
  });

  it('keep their versions and go back', async () => {
    await ask(`PUT ${api}/pages`, { as: 'bk_all', body: page });
    await ask(`PUT ${api}/pages`, { as: 'bk_all', body: { ...page, enabled: false } });
    const reverted = await ask(`POST ${api}/pages/revert`, { as: 'bk_all', body: { pattern: '/chat', version: 1 } });
    expect(reverted).toMatchObject({ status: 200, body: { page: { version: 3, enabled: true } } });
    expect((await ask(`DELETE ${api}/pages?pattern=/chat`, { as: 'bk_all' })).status).toBe(204);
    const { body } = await ask(`GET ${api}/pages/history?pattern=/chat`, { as: 'bk_all' });
    expect(body.versions).toMatchObject([
      { version: 4, removed: true },
      { version: 3 },
      { version: 2 },
      { version: 1 },
    ]);
    expect(body.versions[1]).not.toHaveProperty('removed');
  });

  it('are left alone when the provision file manages them', async () => {
    world.pages.manage(demo, ['/chat']);
    expect(await ask(`PUT ${api}/pages`, { as: 'bk_all', body: page })).toMatchObject({
      status: 409,
      body: { code: 'managed_by_file' },
    });
  });
});

describe('a batch', () => {
  const notice = (n: number, kind = 'announcement') => ({ kind, audience: { everyone: true }, data: { n } });

  it('answers each broadcast by itself, in order', async () => {
    const broadcasts = [notice(1), notice(2, 'nope'), { kind: 'announcement', x: 1 }];
    const { status, body } = await ask(`POST ${api}/broadcasts/batch`, { as: 'bk_all', body: { broadcasts } });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { id: uuid(1), duplicate: false, recipients: 1, connections: 1, decisions: { sent: 1 } },
      { code: 'unknown_kind', detail: expect.any(String), status: 422, path: ['kind'] },
      { code: 'invalid_body', detail: expect.any(String), status: 422, path: expect.any(Array) },
    ]);
  });
});

describe('the rest of the API', () => {
  it('registers, lists and removes push targets', async () => {
    const body = { provider: 'hook', target: { id: 'phone-1' }, deviceType: 'mobile' };
    const made = await ask(`POST ${api}/devices`, { as: alice, body });
    expect(made).toMatchObject({ status: 201, body: { userId: 'alice', provider: 'hook' } });
    // Its renewal is for whoever registered it.
    const { renewal, ...listed } = made.body;
    expect(renewal).toContain(made.body.deviceId);
    const path = `${api}/devices/${made.body.deviceId}`;
    expect((await ask(`GET ${api}/devices`, { as: alice })).body.devices).toEqual([listed]);
    expect((await ask(`GET ${path}`, { as: token('demo', 'eve') })).status).toBe(404);
    expect((await ask(`DELETE ${path}`, { as: token('demo', 'eve') })).status).toBe(404);
    expect((await ask(`GET ${path}`, { as: 'bk_other' })).status).toBe(404);
    expect((await ask(`DELETE ${path}`, { as: alice })).status).toBe(204);
  });

  it('closes connections and signs users out', async () => {
    expect((await ask(`DELETE ${api}/connections/${uuid(1)}`, { as: 'bk_all' })).status).toBe(204);
    expect((await ask(`DELETE ${api}/connections/${uuid(2)}`, { as: 'bk_all' })).status).toBe(404);
    expect(await ask(`POST ${api}/users/bob/sign-out`, { as: 'bk_all' })).toMatchObject({
      status: 200,
      body: { closed: 0 },
    });
    expect(world.done).toEqual([`close ${uuid(1)} 4507`, `close ${uuid(2)} 4507`, 'sign out bob']);
  });

  it('lists providers without their secrets', async () => {
    expect((await ask(`GET ${api}/providers`, { as: 'bk_all' })).body).toEqual({
      providers: [{ id: 'hook', plugin: 'webhook', channel: 'webhook', state: 'on', recentCalls: {}, usedToday: 3 }],
    });
  });

  it('gives users the part of a provider that their client needs', async () => {
    const { body } = await ask(`GET ${api}/push/providers`, { as: alice });
    expect(body).toEqual({
      providers: [{ id: 'hook', plugin: 'webhook', channel: 'webhook', public: { key: 'for all' } }],
    });
  });

  it('takes no opening for a token that it did not make', async () => {
    expect(await ask(`POST ${api}/push/opened`, { body: { token: 'made-up' } })).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
  });

  it('adds kinds, makes tokens, takes participants in without a body', async () => {
    expect(
      (await ask(`PUT ${api}/kinds/lab_result`, { as: 'bk_all', body: { action: 'lab_result', audience: 'users' } }))
        .status,
    ).toBe(201);
    expect((await ask(`GET ${api}/kinds`, { as: 'bk_all' })).body.kinds).toHaveLength(1);
    expect((await ask(`DELETE ${api}/kinds/lab_result`, { as: 'bk_all' })).status).toBe(204);
    expect((await ask(`POST ${api}/tokens`, { as: 'bk_all', body: { userId: 'bob' } })).body.token).toBe('for bob');
    expect((await ask(`PUT ${api}/conversations/c1/participants/bob`, { as: 'bk_all' })).status).toBe(201);
  });
});

describe('operations', () => {
  it('report that the process lives and whether it can serve', async () => {
    expect(await ask('GET /healthz')).toMatchObject({ status: 200, body: { status: 'ok', version: '1.2.3' } });
    expect(await ask('GET /readyz')).toMatchObject({ status: 503, body: { status: 'draining' } });
    const metrics = await ask('GET /metrics', { as: 'scrape' });
    expect([metrics.status, metrics.body]).toEqual([200, 'belfry_connections 1\n']);
  });

  it('show the docs without anything from elsewhere', async () => {
    expect((await ask('GET /docs')).headers.get('location')).toBe('docs/');
    const docs = await ask('GET /docs/');
    expect(docs.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(docs.body).not.toMatch(/https?:|<script>/);
    const files = [...String(docs.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(5);
    for (const file of files) expect((await ask(`GET /docs/${file}`)).status).toBe(200);
  });

  it('compress what is worth it', async () => {
    const answer = await ask('GET /openapi.json', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(
      (await ask('GET /healthz', { headers: { 'accept-encoding': 'gzip' } })).headers.get('content-encoding'),
    ).toBeNull();
  });
});

describe('web pages', () => {
  it('of an allowed origin may read answers, and preflights need no credentials', async () => {
    const origin = 'https://clinic.example';
    const read = await ask(`GET ${api}/conversations/c1`, { as: 'bk_all', headers: { origin } });
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    const preflight = await ask(`OPTIONS ${api}/conversations/c1`, {
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
    const refused = await ask(`GET ${api}/conversations/c1`, {
      as: 'bk_all',
      headers: { origin: 'https://evil.example' },
    });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});
