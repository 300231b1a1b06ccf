// The table of docs/bounds.md, row by row: each collection is made as long as it may be, and one longer. And the
// table is whole: every method of a store that writes is in it, or said to make nothing longer.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  boundedCollections,
  growingCollections,
  growsNothing,
  type BoundedCollection,
} from '../../src/config/collections.ts';
import { growthLimitSpecs } from '../../src/config/growth-limits.ts';
import { methods } from '../../src/drivers/stores/sqlite/methods.ts';
import { hookSecret } from '../support/provision.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';
import { RawWebSocket, refusedUpgrade } from './raw-web-socket.ts';

const page = (pattern: string, features: string[], requireAuth = true) => ({
  ...{ pattern, enabled: true, requireAuth, autoConnect: true, connectionType: 'chat', features },
});
const secretOfSmall = 'bk_small_0123456789abcdef0123456789abcdef';
const hook = { id: 'lab', secret: hookSecret, mapping: '$' };

let whole: WholeServer;
beforeAll(async () => {
  whole = await startWholeServer({
    env: {
      LIMIT_UNAUTHENTICATED_PER_ADDRESS: '4',
      LIMIT_CONNECTIONS_PER_ADDRESS: '6',
      LIMIT_CONNECTIONS_PER_USER: '3',
      LIMIT_TOPICS_PER_CONNECTION: '2',
      LIMIT_MEMBERS_OF_TOPIC: '2',
      LIMIT_WATCHES_PER_CONNECTION: '2',
      LIMIT_DEVICES_PER_USER: '2',
      LIMIT_DEVICE_TARGET_BYTES: '512',
      LIMIT_PREFERENCE_CONVERSATIONS: '2',
      LIMIT_UNUSED_UPLOADS_PER_USER: '2',
      LIMIT_UPLOADS_AT_ONCE_PER_USER: '1',
      LIMIT_IDEMPOTENCY_KEYS_PER_USER: '10',
      LIMIT_PARTICIPANTS_PER_CONVERSATION: '4',
      LIMIT_REACTIONS_PER_MESSAGE: '2',
      LIMIT_USERS_PER_REACTION: '2',
      LIMIT_PAGES_PER_APP: '5',
      LIMIT_PAGE_VERSIONS: '3',
      LIMIT_KINDS_PER_APP: '2',
      LIMIT_HOOKS_PER_APP: '2',
      LIMIT_WEBHOOKS_PER_APP: '1',
    },
    app: {
      pages: [
        page('/chat', ['messaging', 'presence', 'user_monitoring', 'system_notifications', 'file_upload']),
        page('/lobby', ['system_notifications'], false),
      ],
      hooks: [hook],
      kinds: [{ kind: 'lab', action: 'lab', audience: 'users' }],
      settings: { uploads: { quotaBytes: 100 } },
    },
    moreTenants: [
      {
        id: 'others',
        apps: [
          {
            key: 'small',
            signingSecret: 'at-least-32-bytes-of-text-to-sign-tokens-with',
            apiKeys: [{ id: 'small', secret: secretOfSmall, scopes: ['*'] }],
            pages: [page('/chat', []), page('/lobby', [], false)],
            limits: { connections: 3 },
          },
        ],
      },
    ],
  });
});
afterAll(() => whole.stop());

type Answer = Awaited<ReturnType<WholeServer['api']>>;

async function made(answer: Promise<Answer>): Promise<Answer> {
  const { status, body, headers } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return { status, body, headers };
}

async function refused(answer: Promise<Answer>, status: number, code: string): Promise<void> {
  const { status: got, body } = await answer;
  expect([got, body['code']]).toEqual([status, code]);
}

const api: WholeServer['api'] = (...call) => whole.api(...call);

/** Connections, all of which are closed again. */
async function withClients<C extends { end(): Promise<void> }>(run: (keep: (client: C) => C) => Promise<void>) {
  const clients: C[] = [];
  try {
    await run((client) => {
      clients.push(client);
      return client;
    });
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    // Until the server has seen it.
    await expect.poll(async () => (await api('GET', '/connections')).body['connections']).toEqual([]);
  }
}

const hello = { type: 'text', content: { text: 'hello' } };

const toSmall = { target: '/ws?app=small' };

async function upload(token: string, name: string, content = 'text'): Promise<Answer> {
  const form = new FormData();
  form.append('file', new File([content], name, { type: 'text/plain' }));
  const response = await fetch(`${whole.url}/api/v1/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

/** An upload that has begun, until it is cut off. */
async function slowUpload(token: string): Promise<() => Promise<void>> {
  const cut = new AbortController();
  let hasBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const body = new ReadableStream({
    start(controller) {
      const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
      controller.enqueue(new TextEncoder().encode(`${head}${'x'.repeat(100)}`));
    },
    pull: () => hasBegun(),
  });
  const answer = fetch(`${whole.url}/api/v1/uploads`, {
    ...{ method: 'POST', body, duplex: 'half', signal: cut.signal },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' },
  }).catch(() => undefined);
  await begun;
  return async () => {
    cut.abort();
    await answer;
  };
}

const topicsToken = (userId: string) => whole.tokenOf(userId, { topics: ['t1', 't2', 't3'] });

const walks: Readonly<Record<BoundedCollection, (() => Promise<void>) | 'trimmed each hour: retention.test.ts'>> = {
  waitingSockets: () =>
    withClients<RawWebSocket>(async (keep) => {
      for (let n = 0; n < 4; n += 1) keep(await RawWebSocket.open(whole.url));
      expect(await refusedUpgrade(whole.url, {})).toMatchObject({ status: 429 });
    }),
  connectionsOfUser: () =>
    withClients<SocketClient>(async (keep) => {
      const clients = [];
      for (let n = 0; n < 4; n += 1) clients.push(keep(await SocketClient.connect(whole, { userId: 'alice' })));
      expect(await clients[0]?.closed()).toBe(4504);
      const another = SocketClient.connect(whole, { userId: 'alice', deviceId: 'another' });
      await expect(another).rejects.toThrow(/too_many/);
    }),
  connectionsOfAddress: () =>
    withClients<SocketClient>(async (keep) => {
      for (let n = 0; n < 6; n += 1) keep(await SocketClient.connect(whole, { userId: `u${n}` }));
      await expect(SocketClient.connect(whole, { userId: 'u9' })).rejects.toThrow(/closed with 4504/);
    }),
  connectionsOfVisitors: () =>
    withClients<RawWebSocket>(async (keep) => {
      const visitor = async () => {
        const client = keep(await RawWebSocket.open(whole.url, toSmall));
        return (await client.introduce({ page: '/lobby' })).error?.code ?? 'ok';
      };
      expect([await visitor(), await visitor(), await visitor()]).toEqual(['ok', 'ok', 'too_many']);
      // The last one is for a user.
      const { body } = await made(api('POST', '/tokens', { userId: 'alice' }, secretOfSmall));
      keep(await RawWebSocket.connected(whole.url, { token: String(body['token']) }, toSmall));
    }),
  connectionsOfApp: () =>
    withClients<RawWebSocket>(async (keep) => {
      for (const userId of ['a', 'b', 'c']) {
        const { body } = await made(api('POST', '/tokens', { userId }, secretOfSmall));
        keep(await RawWebSocket.connected(whole.url, { token: String(body['token']) }, toSmall));
      }
      expect(await (await RawWebSocket.open(whole.url, toSmall)).closed()).toBe(4504);
    }),
  topics: () =>
    withClients<SocketClient>(async (keep) => {
      const client = keep(await SocketClient.connect(whole, { token: await topicsToken('alice') }));
      const subscribe = async (topic: string) => (await client.ask('subscribe', { topic })).error?.code ?? 'ok';
      expect([await subscribe('t1'), await subscribe('t2'), await subscribe('t2'), await subscribe('t3')]).toEqual([
        ...['ok', 'ok', 'ok'],
        'too_many',
      ]);
    }),
  members: () =>
    withClients<SocketClient>(async (keep) => {
      const token = (userId: string) => whole.tokenOf(userId, { presenceTopics: ['round'] });
      const presence = { topic: 'round', presence: true };
      for (const userId of ['alice', 'bob', 'carol']) {
        const client = keep(await SocketClient.connect(whole, { token: await token(userId) }));
        await client.ask('subscribe', presence);
        if (userId !== 'carol') continue;
        await expect.poll(() => client.events('topic_presence').at(-1)?.data['hasMore']).toBe(true);
        expect(client.events('topic_presence').at(-1)?.data['members']).toHaveLength(2);
      }
    }),
  watches: () =>
    withClients<SocketClient>(async (keep) => {
      const together = ['alice', 'bob', 'carol', 'dora'].map((userId) => ({ userId }));
      await made(api('PUT', '/conversations/together', { participants: together }));
      const client = keep(await SocketClient.connect(whole, { userId: 'alice' }));
      const watch = async (userId: string) =>
        (await client.ask('presence', { userIds: [userId], watch: true })).error?.code ?? 'ok';
      expect([await watch('bob'), await watch('carol'), await watch('dora')]).toEqual(['ok', 'ok', 'too_many']);
    }),
  async devices() {
    const register = (id: string) =>
      made(api('POST', '/devices', { userId: 'alice', provider: 'hook', target: { id }, deviceType: 'mobile' }));
    const ids = [];
    for (const id of ['1', '2', '3']) ids.push((await register(id)).body['deviceId']);
    const { body } = await made(api('GET', '/devices?userId=alice'));
    expect((body['devices'] as { deviceId: string }[]).map(({ deviceId }) => deviceId)).toEqual(ids.slice(1));
  },
  async deviceTarget() {
    const target = { id: 'x', more: 'x'.repeat(600) };
    const device = { userId: 'alice', provider: 'hook', target, deviceType: 'mobile' };
    await refused(api('POST', '/devices', device), 413, 'too_large');
  },
  async preferences() {
    const token = await whole.tokenOf('alice');
    const mute = (id: string) => api('PUT', '/preferences', { conversations: { [id]: { level: 'none' } } }, token);
    await made(mute('a'));
    await made(mute('b'));
    await refused(mute('c'), 413, 'too_large');
    await made(mute('b'));
  },
  async unusedUploads() {
    const token = await whole.tokenOf('alice');
    const first = await made(upload(token, '1.txt'));
    await made(upload(token, '2.txt'));
    await refused(upload(token, '3.txt'), 422, 'too_many');
    await made(api('DELETE', `/uploads/${String(first.body['uploadId'])}`, undefined, token));
    await made(upload(token, '3.txt'));
  },
  async uploadBytes() {
    await refused(upload(await whole.tokenOf('bob'), 'large.txt', 'x'.repeat(101)), 413, 'quota_exceeded');
  },
  async arrivingUploads() {
    const token = await whole.tokenOf('carol');
    const end = await slowUpload(token);
    await expect.poll(async () => (await upload(token, 'b.txt')).body['code']).toBe('rate_limited');
    await end();
    await expect.poll(async () => (await upload(token, 'b.txt')).status).toBe(201);
  },
  async keptAnswersOfUser() {
    const token = await whole.tokenOf('dora');
    const once = async (n: number) => {
      const response = await fetch(`${whole.url}/api/v1/preferences`, {
        method: 'PUT',
        headers: {
          ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          'idempotency-key': `k${n}`,
        },
        body: '{}',
      });
      return response.status;
    };
    for (let n = 0; n < 10; n += 1) expect(await once(n)).toBe(200);
    expect(await once(10)).toBe(429);
    // Without a key nothing is kept.
    await made(api('PUT', '/preferences', {}, token));
  },
  async participants() {
    const people = ['a', 'b', 'c', 'd', 'e'].map((userId) => ({ userId }));
    await refused(api('PUT', '/conversations/crowd', { participants: people }), 422, 'too_many');
    await made(api('PUT', '/conversations/crowd', { participants: people.slice(0, 3) }));
    await refused(api('PUT', '/conversations/crowd', { participants: people }), 422, 'too_many');
    await made(api('PUT', '/conversations/crowd/participants/d', {}));
    await refused(api('PUT', '/conversations/crowd/participants/e', {}), 422, 'too_many');
    await made(api('PUT', '/conversations/crowd/participants/d', { role: 'lead' }));
  },
  async reactions() {
    const { body } = await made(api('POST', '/conversations', { participants: ['a'] }));
    const { id } = body['conversation'] as { id: string };
    const sent = await made(api('POST', `/conversations/${id}/messages`, { senderId: 'a', ...hello }));
    const react = (reaction: string, method = 'PUT') =>
      api(method, `/messages/${String(sent.body['messageId'])}/reactions/${reaction}?userId=a`);
    for (const reaction of ['one', 'two', 'two']) await made(react(reaction));
    await refused(react('three'), 422, 'too_many');
    await made(react('one', 'DELETE'));
    await made(react('three'));
  },
  async usersOfReaction() {
    const { body } = await made(api('POST', '/conversations', { participants: ['a', 'b', 'c'] }));
    const { id } = body['conversation'] as { id: string };
    const sent = await made(api('POST', `/conversations/${id}/messages`, { senderId: 'a', ...hello }));
    const react = (userId: string) =>
      api('PUT', `/messages/${String(sent.body['messageId'])}/reactions/one?userId=${userId}`);
    for (const userId of ['a', 'b', 'a']) await made(react(userId));
    await refused(react('c'), 422, 'too_many');
  },
  async pages() {
    const put = (pattern: string) => api('PUT', '/pages', page(pattern, []));
    for (const pattern of ['/p1', '/p2', '/p3']) await made(put(pattern));
    await refused(put('/p4'), 422, 'too_many');
    await made(api('DELETE', '/pages?pattern=/p3'));
    await made(put('/p4'));
    await made(api('DELETE', '/pages?pattern=/p4'));
  },
  async pageVersions() {
    for (let n = 0; n < 5; n += 1) await made(api('PUT', '/pages', { ...page('/v', []), connectionType: `v${n}` }));
    const { body } = await made(api('GET', '/pages/history?pattern=/v'));
    expect((body['versions'] as { version: number }[]).map(({ version }) => version)).toEqual([5, 4, 3]);
    await made(api('DELETE', '/pages?pattern=/v'));
  },
  async kinds() {
    const put = (kind: string) => api('PUT', `/kinds/${kind}`, { action: kind, audience: 'users' });
    await made(put('one'));
    await refused(put('two'), 422, 'too_many');
    await made(put('one'));
  },
  async hooks() {
    const put = (id: string) => api('PUT', `/hooks/${id}`, { mapping: '$' });
    await made(put('one'));
    await refused(put('two'), 422, 'too_many');
    await made(put('one'));
  },
  hookDeliveries: 'trimmed each hour: retention.test.ts',
  webhookEvents: 'trimmed each hour: retention.test.ts',
  async webhooks() {
    const body = { url: 'https://crm.example.com/in', events: ['*'] };
    const put = (id: string) => api('PUT', `/webhooks/${id}`, body);
    await made(put('one'));
    await refused(put('two'), 422, 'too_many');
    await made(put('one'));
  },
  deadLetters: 'trimmed each hour: retention.test.ts',
  deliveries: 'trimmed each hour: retention.test.ts',
};

describe('as long as it may be, and one longer:', () => {
  for (const [name, { of }] of Object.entries(boundedCollections)) {
    const walk = walks[name as BoundedCollection];
    if (typeof walk === 'function') test(of, walk);
  }
});

describe('the table of bounds', () => {
  const rows = Object.values(boundedCollections);

  test('has every method of a store that writes, or says that it makes nothing longer', () => {
    const writing = Object.entries(methods).flatMap(([store, ofStore]) =>
      Object.entries(ofStore).flatMap(([method, kind]) => (kind === 'write' ? [`${store}.${method}`] : [])),
    );
    const elsewhere = ['presence.join', 'rates.take', 'blobs.put'];
    const growing = new Set([...rows, ...growingCollections].flatMap(({ through }) => through));
    expect([...growing, ...Object.keys(growsNothing)].toSorted()).toEqual([...writing, ...elsewhere].toSorted());
  });

  test('has every limit of how much somebody may have', () => {
    const used = new Set<string>(rows.flatMap(({ bound }) => bound));
    expect(Object.keys(growthLimitSpecs).filter((name) => !used.has(name))).toEqual([]);
  });
});
