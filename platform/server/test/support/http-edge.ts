// An HTTP edge on a free port: real pages, devices and stores, the other services as small as the API allows. For tests of the edge alone.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BelfryError, closeCodes } from '@belfry/protocol';
import { TestBusHub } from './test-bus.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createMemoryStores, type MemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { createDeliveries } from '../../src/hooks/deliveries.ts';
import { createHookRecords } from '../../src/hooks/hook-records.ts';
import { createInbound } from '../../src/hooks/inbound.ts';
import { createMapPayload } from '../../src/hooks/map-payload.ts';
import type { Mapper } from '../../src/hooks/mapping/mapper.ts';
import { createMemoryQueue } from '../../src/drivers/queue/memory/create-memory-queue.ts';
import { createDeadLetters } from '../../src/notifications/sending/dead-letters.ts';
import { createPreferences } from '../../src/notifications/preferences/preferences.ts';
import { createDevices } from '../../src/notifications/devices/devices.ts';
import { Pages } from '../../src/pages/pages.ts';
import { asAppId, type AppId } from '../../src/ports/app-id.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { ConnectionRecord } from '../../src/ports/presence.ts';
import type { AppRecord } from '../../src/ports/stores/index.ts';
import { createHttp, type HttpDeps } from '../../src/http/http.ts';
import { httpServerOptions } from '../../src/http/server-options.ts';
import type { HookService, SendRequest } from '../../src/http/services.ts';
import { createVault } from '../../src/tenancy/vault.ts';

export const demo = asAppId('demo');
const other = asAppId('other');
export const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const stamp = '2026-01-01T00:00:00.000Z';

function record(app: AppId, over: Partial<AppRecord> = {}): AppRecord {
  return {
    app,
    tenantId: 't',
    name: app,
    disabled: false,
    allowedOrigins: ['https://clinic.example'],
    signingSecrets: [],
    settings: { waitMs: 5000, deliveredMeans: 'visible', retentionMs: 0, journeyRetentionMs: 1 },
    limits: { connections: 10, requestsPerMinute: 1000 },
    managed: false,
    createdAt: 0,
    updatedAt: 0,
    ...over,
  };
}

/** Not a real token: only its claims are read here, the rest is tenancy's and answered by the fake below. */
export const token = (aud: string, sub: string) =>
  ['{"alg":"HS256"}', JSON.stringify({ aud, sub }), 'x']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

const keys: Record<string, { app: AppId; keyId: string; scopes: string[] }> = {
  bk_all: { app: demo, keyId: 'all', scopes: ['*'] },
  bk_read: { app: demo, keyId: 'read', scopes: ['conversations:read'] },
  bk_other: { app: other, keyId: 'all', scopes: ['*'] },
  bk_few: { app: asAppId('few'), keyId: 'all', scopes: ['*'] },
};

const connection = (n: number, userId = 'bob'): ConnectionRecord => ({
  connectionId: uuid(n),
  userId,
  deviceId: 'd',
  deviceType: 'desktop',
  page: '/chat',
  pattern: '/chat',
  connectionType: 'chat',
  features: [],
  visible: true,
  node: 'n1',
  connectedAt: stamp,
});

/** A server with real pages, devices and stores, and the rest as small as the API allows. */
export async function startHttp() {
  const stores = createMemoryStores();
  const clock = createVirtualClock();
  const apps = new Map([
    ['demo', record(demo)],
    ['other', record(other)],
    ['off', record(asAppId('off'), { disabled: true })],
    ['few', record(asAppId('few'), { limits: { connections: 1, requestsPerMinute: 2 } })],
  ]);
  const pages = new Pages({
    ...{ store: stores.pages, bus: new TestBusHub({ clock }).connect('n1'), clock },
    isConnected: () => false,
  });
  const members = new Map([['demo/c1', ['alice', 'bob']]]);
  const done: string[] = [];
  const errors: unknown[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_msg, fields) => void errors.push(fields?.['error']),
    child: () => log,
    isDebug: () => false,
  };
  const conversation = (id: string) => ({
    id,
    stream: `c:${id}`,
    epoch: 'e1',
    headSeq: 0,
    participants: [],
    createdAt: stamp,
  });
  const need = (app: AppId, id: string, viewer?: string) => {
    const found = members.get(`${app}/${id}`);
    if (found === undefined || (viewer !== undefined && !found.includes(viewer))) throw new BelfryError('not_found');
  };
  let broken: Error | undefined;
  const deps: HttpDeps = {
    apiKeys: { authenticate: async (key) => keys[key] },
    apps: { find: async (key) => apps.get(key) },
    tokens: {
      verify: async (_app, given) => {
        const { sub } = JSON.parse(Buffer.from(given.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
        if (sub === 'late') return { ok: false, code: 'token_expired', detail: '' };
        if (sub === 'mallory') return { ok: false, code: 'bad_token', detail: '' };
        return { ok: true, user: { userId: sub, issuedAtMs: 0, expiresAtMs: 1 } };
      },
    },
    services: {
      apps: { find: async (key) => apps.get(key) },
      conversations: {
        async put(app, id) {
          if (broken !== undefined) throw broken;
          const created = !members.has(`${app}/${id}`);
          members.set(`${app}/${id}`, []);
          return { conversation: conversation(id), created };
        },
        async get(app, id, viewer) {
          need(app, id, viewer);
          return conversation(id);
        },
        async list(_app, { before, limit }) {
          const from = before === undefined ? 0 : Number(before.id) + 1;
          const ids = Array.from({ length: limit }, (_, n) => from + n).filter((n) => n < 5);
          const last = ids.at(-1);
          return {
            conversations: ids.map((n) => conversation(String(n))),
            ...(last === undefined || last === 4 ? {} : { next: { activeAt: last, id: String(last) } }),
          };
        },
        remove: async (app, id) => need(app, id),
        participants: async (app, id, viewer) => {
          need(app, id, viewer);
          return [{ userId: 'bob', role: 'member', joinedAt: stamp }];
        },
        participant: async (app, id, userId) => {
          need(app, id);
          return { userId, role: 'member', joinedAt: stamp };
        },
        putParticipant: async (app, id) => {
          need(app, id);
          return 'added';
        },
        removeParticipant: async (app, id) => need(app, id),
      },
      messages: {
        async messages(app, id, { viewer }) {
          need(app, id, viewer);
          return { messages: [], hasMore: false };
        },
        inbox: () => Promise.resolve({ events: [], hasMore: false }),
        async read(app, id, { userId, seq = 0 }) {
          need(app, id, userId);
          return { seq };
        },
        edit: async () => {
          throw new BelfryError('not_found');
        },
        remove: async () => {
          throw new BelfryError('not_found');
        },
      },
      chatActions: {
        async send(app, request: SendRequest & { conversationId: string }) {
          need(app, request.conversationId, request.senderId);
          done.push(`send ${request.senderId} ${request.cid ?? '-'}`);
          return { messageId: uuid(done.length), seq: done.length, duplicate: false, timestamp: stamp };
        },
        async broadcast(_app, request) {
          if (request.kind === 'nope') throw new BelfryError('unknown_kind', { path: ['kind'] });
          done.push(`broadcast ${JSON.stringify(request.data)}`);
          return { id: uuid(done.length), duplicate: false, recipients: 1, decisions: { sent: 1 } };
        },
        explain: async () => ({ recipients: [], counts: {} }),
      },
      sessions: {
        info: async () => [],
        presenceOf: async (_app, ids) => ids.map((userId) => ({ userId, online: false, deviceTypes: [] })),
        async disconnect(_app, id, code) {
          done.push(`close ${id} ${closeCodes[code].code}`);
          return id === uuid(1);
        },
      },
      presence: { all: async (app) => (app === demo ? [3, 1, 2].map((n) => connection(n)) : []) },
      signOut: { signOut: async (_app, userId) => void done.push(`sign out ${userId}`) },
      devices: createDevices({
        store: stores.devices,
        clock,
        provider: async (_app, id) =>
          id === 'hook' ? { parseTarget: (target) => ({ ok: true, value: target }) } : undefined,
      }),
      preferences: createPreferences({ store: stores.preferences, clock }),
      openings: {
        read: () => undefined,
        record: (_app, { about }) => void done.push(`opened ${about.messageId}`),
        tokenFor: () => '',
      },
      deadLetters: createDeadLetters({ queue: createMemoryQueue({ clock }) }),
      tokens: { sign: async (_app, { userId }) => ({ token: `for ${userId}`, expiresAt: stamp }) },
      pages,
      journeys: { read: async () => undefined },
      kinds: {
        list: async (app) => stores.kinds.list(app),
        async put(app, kind) {
          await stores.kinds.put(app, kind);
          return { created: true };
        },
        remove: (app, kind) => stores.kinds.remove(app, kind),
      },
      providers: {
        providers: async () => [
          { id: 'hook', plugin: 'webhook', channel: 'webhook', state: 'on', usedToday: 3, config: 'secret' },
        ],
        publicProviders: async () => [
          { id: 'hook', plugin: 'webhook', channel: 'webhook', public: { key: 'for all' } },
        ],
        resume: async (_app, id) => void done.push(`resume ${id}`),
      },
      hooks: hooksOver(stores, clock, done),
      uploads: {
        take: () => Promise.reject(new BelfryError('forbidden')),
        get: () => Promise.reject(new BelfryError('not_found')),
        remove: () => Promise.reject(new BelfryError('not_found')),
        serve: () => Promise.reject(new BelfryError('forbidden')),
      },
      client: {
        connectionTimeoutMs: 20_000,
        heartbeatIntervalMs: 45_000,
        reconnectBaseMs: 2000,
        reconnectMaxMs: 30_000,
        reconnectMaxAttempts: 15,
      },
    },
    idempotency: stores.idempotency,
    clock,
    secret: 'a secret of the installation',
    health: { ready: () => ({ ok: false, body: { status: 'draining', checks: { store: 'up' } } }) },
    metrics: {
      count: () => undefined,
      observe: () => undefined,
      set: () => undefined,
      onCollect: () => undefined,
      text: async () => 'belfry_connections 1\n',
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
    },
    metricsToken: 'scrape',
    log,
    limits: {
      requestDeadlineMs: 300,
      uploadDeadlineMs: 300,
      httpBodyBytes: 20_000,
      jsonDepth: 32,
      requestsPerMinute: 20,
      idempotencyKeepMs: 60_000,
      httpQueryBytes: 8192,
      batchBroadcasts: 3,
      pageSize: 80,
      presenceIds: 2,
    },
  };
  const server = createServer(
    httpServerOptions({ requestDeadlineMs: 300, httpQueryBytes: 8192 }),
    createHttp(deps).callback(),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** What the services were made to do. */
    done,
    /** What was logged as an error. */
    errors,
    clock,
    pages,
    breakWith: (error: Error | undefined) => (broken = error),
    ask: (line: string, asked: Asked = {}) => ask(port, line, asked),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Real hooks whose mapping gives back the payload, and whose broadcasts go nowhere. */
function hooksOver(stores: MemoryStores, clock: Clock, done: string[]): HookService {
  const mapper: Pick<Mapper, 'check' | 'map'> = {
    check: async (_app, mapping) => (mapping === '(' ? 'It is not closed.' : undefined),
    map: async (_app, { payload }) => ({ ok: true, value: JSON.parse(payload) as unknown }),
  };
  const inbound = createInbound({
    deliveries: stores.hookDeliveries,
    idempotency: stores.idempotency,
    chatActions: {
      async broadcast(_app, request) {
        done.push(`hook ${JSON.stringify(request.data)}`);
        return { id: uuid(done.length), duplicate: false, recipients: 1, decisions: {} };
      },
      explain: async () => ({ recipients: [], counts: {} }),
    },
    mapPayload: createMapPayload({ mapper, limits: { jsonDepth: 32 }, jsonErrorPosition: () => 0 }),
    clock,
    log: { debug: () => undefined, warn: () => undefined },
    metrics: { count: () => undefined },
    keepMs: 60_000,
  });
  return {
    records: createHookRecords({ stores, vault: createVault('secret'), mapper, clock }),
    deliveries: createDeliveries(stores.hookDeliveries),
    inbound,
  };
}

export interface Asked {
  as?: string;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

async function ask(port: number, line: string, { as, body, text, headers = {} }: Asked) {
  const [method = 'GET', path = '/'] = line.split(' ');
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(answer) : answer };
}
