// Inbound webhooks over a whole server: what a sender sees, what a tenant sees, and that nothing else
// happens.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { readJourney, succeed } from '../support/clinic.ts';
import { hookSecret } from '../support/provision.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);
beforeAll(async () => {
  server = await startWholeServer({
    moreTenants: [
      {
        id: 'closed',
        apps: [
          {
            key: 'off',
            disabled: true,
            signingSecret: 'at-least-32-bytes-of-text-to-sign-tokens-with',
            hooks: [{ id: 'of-disabled-app', secret: hookSecret, mapping: '$' }],
          },
        ],
      },
    ],
  });
  const mapping = `{ 'kind': 'system_notification', 'audience': { 'users': [patient] },
    'data': { 'title': text, 'body': order } }`;
  await succeed(server.api('PUT', '/hooks/orders', { mapping, secret: hookSecret }), 'hook');
  await succeed(server.api('PUT', '/hooks/other', { mapping: '$' }), 'hook');
  await succeed(server.api('PUT', '/hooks/off', { mapping: '$', enabled: false, secret: hookSecret }), 'hook');
});
afterEach(() => clients.closeAll());
afterAll(() => server.stop());

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const ready = (): string => JSON.stringify({ patient: 'bob', text: 'ready' });

interface Posted {
  hook?: string;
  id?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  method?: string;
}

/** Posts a webhook, well signed unless `headers` say otherwise; an empty header is left out. */
async function post({
  hook = 'lab',
  id = `evt_${randomUUID()}`,
  body = ready(),
  headers = {},
  method = 'POST',
}: Posted = {}) {
  const signed = signWebhook({ id, secret: hookSecret, body: body.toString(), timestamp: nowSeconds() });
  const all = Object.entries({ 'content-type': 'application/json', ...signed, ...headers });
  const response = await fetch(`${server.url}/hooks/${hook}`, {
    method,
    headers: Object.fromEntries(all.filter(([, value]) => value !== '')),
    ...(method === 'GET' ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

async function deliveries(hook = 'lab'): Promise<Record<string, unknown>[]> {
  const body = await succeed(server.api('GET', `/hooks/${hook}/deliveries`), 'deliveries');
  return body['deliveries'] as Record<string, unknown>[];
}

const broadcasts = (): number => server.lines.filter(({ msg }) => msg === 'broadcast done').length;

test('a webhook triggers a broadcast, as the transcript says, and its journey can be read', async () => {
  const bob = await clients.connect({ userId: 'bob' });
  const id = `evt_${randomUUID()}`;
  const answer = await post({ id });
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({ id: expect.any(String), duplicate: false, recipients: 1 });
  expect(await bob.event('system_notification')).toMatchObject({
    data: { title: 'Result', body: 'ready', messageId: answer.body['id'] },
  });
  expect(await readJourney(server, String(answer.body['id']))).toMatchObject({
    message: { kind: 'system_notification' },
    recipients: [{ userId: 'bob' }],
  });
  const before = broadcasts();
  expect((await post({ id, body: JSON.stringify({ patient: 'eve', text: 'other' }) })).body).toEqual({
    ...answer.body,
    duplicate: true,
  });
  expect(broadcasts()).toBe(before);
  expect((await deliveries()).slice(0, 2)).toMatchObject([
    { webhookId: id, outcome: 'duplicate', broadcast: { id: answer.body['id'] } },
    { webhookId: id, outcome: 'accepted', broadcast: { id: answer.body['id'] } },
  ]);
});

test('a webhook with the older names of the headers, a byte order mark and ids beyond 2^53 is taken', async () => {
  const bob = await clients.connect({ userId: 'bob' });
  const body = '\uFEFF{"patient":"bob","text":"order","order":9007199254740993}';
  const signed = signWebhook({ id: `evt_${randomUUID()}`, secret: hookSecret, body, timestamp: nowSeconds() });
  const headers = Object.fromEntries(
    Object.entries(signed).flatMap(([name, value]) => [
      [name, ''],
      [name.replace('webhook-', 'svix-'), value],
    ]),
  );
  const answer = await post({ body, hook: 'orders', headers });
  expect([answer.status, answer.body]).toEqual([202, expect.objectContaining({ duplicate: false })]);
  expect(await bob.event('system_notification', ({ data }) => data['title'] === 'order')).toMatchObject({
    data: { body: '9007199254740993' },
  });
});

describe('a webhook that is refused for who sent it', () => {
  const stale = (seconds: number): Record<string, string> =>
    signWebhook({ id: 'evt_stale', secret: hookSecret, body: ready(), timestamp: nowSeconds() + seconds });
  const rows: [string, () => Posted][] = [
    ['without a signature', () => ({ headers: { 'webhook-signature': '' } })],
    ['without an id', () => ({ headers: { 'webhook-id': '' } })],
    ['without a time', () => ({ headers: { 'webhook-timestamp': '' } })],
    ['with a wrong signature', () => ({ headers: { 'webhook-signature': `v1,${'A'.repeat(43)}=` } })],
    ['with a signature that is none', () => ({ headers: { 'webhook-signature': 'v1' } })],
    ['with a stale signature', () => ({ headers: stale(-302) })],
    ['with a signature of the future', () => ({ headers: stale(302) })],
    [
      'with the signature of another body',
      () => ({ headers: signWebhook({ id: 'evt_b', secret: hookSecret, body: '{}', timestamp: nowSeconds() }) }),
    ],
    ['with the signature of another body that means the same', () => ({ body: ` ${ready()}`, headers: stale(0) })],
    ['with the signature of another endpoint', () => ({ hook: 'other' })],
    ['with the signature of another id', () => ({ headers: { 'webhook-id': 'evt_other' } })],
    ['to a hook that is not there', () => ({ hook: 'none' })],
    ['to a hook that cannot be', () => ({ hook: '..%2flab' })],
    ['to a hook that is off', () => ({ hook: 'off' })],
    ['to a hook of an app that is off', () => ({ hook: 'of-disabled-app' })],
    [
      'with an API key instead',
      () => ({
        headers: { 'webhook-signature': '', authorization: 'Bearer bk_backend_0123456789abcdef0123456789abcdef' },
      }),
    ],
  ];

  test.each(rows)('%s: one and the same 401, and nothing else happens', async (_what, given) => {
    const kept = await Promise.all([deliveries('lab'), deliveries('other'), deliveries('off')]);
    const before = broadcasts();
    const { status, body } = await post(given());
    const { requestId, ...problem } = body;
    expect(requestId).toEqual(expect.any(String));
    expect({ status, problem }).toEqual({
      status: 401,
      problem: {
        type: `${server.url}/docs/errors/unauthorized`,
        title: 'Credentials are missing.',
        status: 401,
        code: 'unauthorized',
        detail: 'The signature is missing, wrong or too old, or there is no such webhook.',
      },
    });
    expect(broadcasts()).toBe(before);
    expect(await Promise.all([deliveries('lab'), deliveries('other'), deliveries('off')])).toEqual(kept);
  });
});

describe('a webhook that is refused for what it is', () => {
  const large = `{"text":"${'x'.repeat(1_048_576)}"}`;
  const rows: [string, () => Posted, number][] = [
    ['a body over 1 MiB', () => ({ body: large }), 413],
    ['a body over 1 MiB to a hook that is not there', () => ({ hook: 'none', body: large }), 413],
    ['another content type', () => ({ headers: { 'content-type': 'text/plain' } }), 415],
    ['a packed body', () => ({ headers: { 'content-encoding': 'gzip' } }), 415],
    ['another method', () => ({ method: 'PUT' }), 405],
    ['a look', () => ({ method: 'GET' }), 405],
  ];
  test.each(rows)('%s, and nothing else happens', async (_what, given, status) => {
    const kept = await deliveries();
    const before = broadcasts();
    expect((await post(given())).status).toBe(status);
    expect(broadcasts()).toBe(before);
    expect(await deliveries()).toEqual(kept);
  });
});

describe('a webhook that cannot become a broadcast', () => {
  const rows: [string, string, number, Record<string, unknown>][] = [
    ['lacks what the mapping needs', '{"text":"ready"}', 422, { code: 'mapping_failed' }],
    ['names nobody', '{"patient":" ","text":"ready"}', 422, { code: 'mapping_failed', path: ['audience', 'users', 0] }],
    ['is of another shape', '[1,2,3]', 422, { code: 'mapping_failed' }],
    ['is not JSON', '{"patient":', 400, { code: 'bad_request', detail: 'The body is not JSON: position 11.' }],
    ['is empty', ' ', 400, { code: 'bad_request' }],
    [
      'has a key that is never allowed',
      '{"__proto__":{"patient":"bob"}}',
      400,
      { code: 'bad_request', path: ['__proto__'] },
    ],
  ];
  test.each(rows)(
    'because it %s is refused with the reason, is kept, and nothing else happens',
    async (_what, body, status, reason) => {
      const before = broadcasts();
      const kept = (await deliveries()).length;
      const id = `evt_${randomUUID()}`;
      const answer = await post({ id, body });
      expect(answer).toMatchObject({ status, body: reason });
      expect(broadcasts()).toBe(before);
      const [row] = await deliveries();
      expect(await deliveries()).toHaveLength(kept + 1);
      expect(row).toMatchObject({ webhookId: id, outcome: 'refused', reason: { detail: answer.body['detail'] } });
    },
  );

  test('is replayed after its mapping was mended, once', async () => {
    const { secret } = await succeed(server.api('PUT', '/hooks/mended', { mapping: "{ 'kind': 'nope' }" }), 'hook');
    const id = `evt_${randomUUID()}`;
    const headers = signWebhook({ id, secret: String(secret), body: ready(), timestamp: nowSeconds() });
    const before = broadcasts();
    expect(await post({ hook: 'mended', id, headers })).toMatchObject({ status: 422 });
    const [row] = await deliveries('mended');
    const path = `/hooks/mended/deliveries/${String(row?.['id'])}`;
    expect(await server.api('GET', path)).toMatchObject({ status: 200, body: { delivery: { payload: ready() } } });
    expect(await server.api('POST', `${path}/replay`)).toMatchObject({ status: 422, body: { code: 'mapping_failed' } });

    const mapping = "{ 'kind': 'direct', 'audience': { 'users': [patient] }, 'data': { 'body': text } }";
    await succeed(server.api('PUT', '/hooks/mended', { mapping }), 'mapping');
    const replayed = await server.api('POST', `${path}/replay`);
    expect(replayed).toMatchObject({ status: 202, body: { duplicate: false, recipients: 1 } });
    expect(await server.api('POST', `${path}/replay`)).toMatchObject({ body: { ...replayed.body, duplicate: true } });
    expect((await post({ hook: 'mended', id, headers })).body).toEqual({ ...replayed.body, duplicate: true });
    expect(broadcasts()).toBe(before + 1);
    expect(await server.api('GET', path)).toMatchObject({
      body: { delivery: { outcome: 'accepted', replayedAt: expect.any(String) } },
    });
  });

  test('because its mapping never ends holds nobody up', async () => {
    const mapping = '($f := function($n) { $f($n + 1) }; $f(0))';
    const { secret } = await succeed(server.api('PUT', '/hooks/endless', { mapping }), 'hook');
    const headers = signWebhook({ id: 'evt_1', secret: String(secret), body: ready(), timestamp: nowSeconds() });
    let answered = 0;
    const endless = post({ hook: 'endless', headers });
    const asking = (async () => {
      for (; answered < 20; answered += 1) await fetch(`${server.url}/healthz`);
    })();
    await asking;
    expect(await endless).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/took longer|was not done within/) },
    });
    expect(answered).toBe(20);
  });
});

describe('the API of hooks', () => {
  test('rotates: both secrets for a while, then the new one alone', async () => {
    const first = String((await succeed(server.api('PUT', '/hooks/turned', { mapping: '$' }), 'hook'))['secret']);
    const turned = await succeed(server.api('POST', '/hooks/turned/rotate', { overlapSeconds: 60 }), 'rotation');
    const second = String(turned['secret']);
    const statusWith = async (...secrets: string[]): Promise<number> => {
      const id = `evt_${randomUUID()}`;
      const timestamp = nowSeconds();
      const all = secrets.map((secret) => signWebhook({ id, secret, body: '{}', timestamp }));
      const signatures = all.map((headers) => headers['webhook-signature']).join(' ');
      return (await post({ hook: 'turned', body: '{}', headers: { ...all[0], 'webhook-signature': signatures } }))
        .status;
    };
    // 422: it was let in, and is no broadcast.
    expect([await statusWith(first), await statusWith(second), await statusWith(first, second)]).toEqual([
      422, 422, 422,
    ]);
    await succeed(server.api('POST', '/hooks/turned/rotate', { overlapSeconds: 0 }), 'rotation');
    expect([await statusWith(first), await statusWith(second)]).toEqual([401, 401]);
    expect(JSON.stringify((await server.api('GET', '/hooks')).body)).not.toContain('whsec_');
  });

  test('keeps what the provision file manages', async () => {
    for (const [method, path, body] of [
      ['PUT', '/hooks/lab', { mapping: '$' }],
      ['POST', '/hooks/lab/rotate', {}],
      ['DELETE', '/hooks/lab', undefined],
    ] as const) {
      expect(await server.api(method, path, body)).toMatchObject({ status: 409, body: { code: 'managed_by_file' } });
    }
    expect(await server.api('PUT', '/hooks/of-disabled-app', { mapping: '$' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await server.api('GET', '/hooks/of-disabled-app')).status).toBe(404);
  });

  test('tries a sample without any effect', async () => {
    const before = [broadcasts(), (await deliveries()).length];
    const payload = { patient: 'bob', text: 'ready' };
    expect(await server.api('POST', '/hooks/lab/try', { payload })).toMatchObject({
      status: 200,
      body: {
        request: { kind: 'system_notification', audience: { users: ['bob'] } },
        explain: { recipients: [{ userId: 'bob', reason: 'no_connection' }] },
      },
    });
    const mapping = "{ 'kind': 'nope', 'audience': { 'users': [patient] }, 'data': {} }";
    expect(await server.api('POST', '/hooks/lab/try', { payload, mapping })).toMatchObject({
      status: 422,
      body: { code: 'mapping_failed', detail: expect.stringContaining('unknown_kind') },
    });
    expect([broadcasts(), (await deliveries()).length]).toEqual(before);
  });

  test('gives deliveries in pages, by outcome, with a cursor that is good for that list alone', async () => {
    const { secret } = await succeed(server.api('PUT', '/hooks/paged', { mapping: '$' }), 'hook');
    const ids = ['evt_1', 'evt_2', 'evt_3'];
    for (const id of ids) {
      await post({
        hook: 'paged',
        body: '{}',
        headers: signWebhook({ id, secret: String(secret), body: '{}', timestamp: nowSeconds() }),
      });
    }
    const first = await succeed(server.api('GET', '/hooks/paged/deliveries?limit=2&outcome=refused'), 'page');
    expect(first['deliveries']).toMatchObject([{ webhookId: 'evt_3' }, { webhookId: 'evt_2' }]);
    const cursor = String(first['nextCursor']);
    const second = await succeed(server.api('GET', `/hooks/paged/deliveries?limit=2&cursor=${cursor}`), 'page');
    expect(second).toMatchObject({ deliveries: [{ webhookId: 'evt_1' }] });
    expect(second).not.toHaveProperty('nextCursor');
    expect((await server.api('GET', `/hooks/lab/deliveries?cursor=${cursor}`)).status).toBe(400);
    expect(
      (await succeed(server.api('GET', '/hooks/paged/deliveries?outcome=accepted'), 'page'))['deliveries'],
    ).toEqual([]);
    expect((await server.api('DELETE', '/hooks/paged')).status).toBe(204);
    expect((await server.api('GET', '/hooks/paged/deliveries')).status).toBe(404);
  });
});

test('hooks, secrets and known ids survive a restart', async () => {
  const id = `evt_${randomUUID()}`;
  const { body } = await post({ id });
  await server.restart();
  expect((await post({ id })).body).toEqual({ ...body, duplicate: true });
});
