// The services that the HTTP edge calls, as small as the API allows: real pages, devices, hooks and stores,
// the rest answers from memory. For http-edge.ts.

import { Unread } from '../../src/conversations/unread.ts';
import { Erasures } from '../../src/tenancy/erasures.ts';
import { People } from '../../src/tenancy/people.ts';
import { closeCodes, notFound, BelfryError } from '@belfry/protocol';
import { Idempotent } from '../../src/broadcasting/idempotent.ts';
import { createKinds } from '../../src/broadcasting/kinds.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import { createMemoryQueue } from '../../src/drivers/queue/memory/create-memory-queue.ts';
import type { MemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { createDeliveries } from '../../src/hooks/deliveries.ts';
import { HookRecords } from '../../src/hooks/hook-records.ts';
import { Inbound } from '../../src/hooks/inbound.ts';
import { createMapPayload } from '../../src/hooks/map-payload.ts';
import type { Mapper } from '../../src/hooks/mapping/mapper.ts';
import { silentLog } from '../../src/ports/log.ts';
import type { PublicServices } from '../../src/http/doors/public/services.ts';
import { PageCursors } from '../../src/http/page-cursor.ts';
import { createDevices } from '../../src/notifications/devices/devices.ts';
import { createPreferences } from '../../src/notifications/preferences/preferences.ts';
import { DeadLetters } from '../../src/notifications/sending/dead-letters.ts';
import type { ProviderHandle } from '../../src/plugins/provider-handle.ts';
import { asAppId, type AppId } from '../../src/ports/app-id.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ConnectionRecord } from '../../src/ports/presence.ts';
import type { Pages } from '../../src/pages/pages.ts';
import type { AppRecord, Versioned } from '../../src/ports/stores/index.ts';
import { createVault } from '../../src/tenancy/vault.ts';
import { Outbound } from '../../src/outbound/outbound.ts';
import { RecordedFacts } from './recorded-facts.ts';
import { silentMetrics } from './silent-metrics.ts';
import { TestBusHub } from './test-bus.ts';

const demo = asAppId('demo');
const nothingSimulated = { items: [], then: {}, now: {}, changed: {}, differences: [], pushes: [], isCut: false };

export const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const stamp = '2026-01-01T00:00:00.000Z';

export interface EdgeServicesDeps {
  stores: MemoryStores;
  clock: Clock;
  pages: Pages;
  apps: ReadonlyMap<string, Versioned<AppRecord>>;
  /** The calls that changed something are added to it. */
  done: string[];
  /** Thrown by whatever makes a conversation. */
  broken: () => Error | undefined;
}

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
  attended: true,
  node: 'n1',
  connectedAt: stamp,
});

/** A handle carries more than may be shown: calls, limits, what clients may know. */
const handleOfHook: ProviderHandle = {
  id: 'hook',
  plugin: 'webhook',
  channel: 'webhook',
  state: 'on',
  limits: { payloadBytes: 1000 },
  supports: {},
  publicConfig: { key: 'for all' },
  targetsAreSecret: false,
  parseTarget: (target) => ({ ok: true, value: { target } }),
  send: () => Promise.reject(new Error('nothing is sent here')),
};

/** Of `demo`. */
function presenceOf(records: readonly ConnectionRecord[]): PublicServices['presence'] {
  const presence = new MemoryPresenceHub().connect('n1');
  for (const record of records) void presence.join(demo, record);
  return presence;
}

const conversation = (id: string) => ({
  id,
  stream: `c:${id}`,
  epoch: 'e1',
  headSeq: 0,
  participants: [],
  createdAt: stamp,
});

export function createEdgeServices(deps: EdgeServicesDeps): PublicServices {
  const { stores, clock, pages, apps, done, broken } = deps;
  const members = new Map([['demo/c1', ['alice', 'bob']]]);
  const need = (app: AppId, id: string, viewer?: string) => {
    const found = members.get(`${app}/${id}`);
    if (found === undefined || (viewer !== undefined && !found.includes(viewer))) throw notFound('conversation');
  };

  return {
    apps: { find: async (key) => apps.get(key) },
    features: { unknownIn: async () => [] },
    conversations: {
      async put(app, id) {
        const error = broken();
        if (error !== undefined) throw error;
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
      patch: async (app, id) => {
        need(app, id);
        return conversation(id);
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
      patchParticipant: async (app, id) => need(app, id),
      addParticipants: async (app, id) => {
        need(app, id);
        return [];
      },
      removeParticipant: async (app, id) => need(app, id),
    },
    messages: {
      get: () => Promise.reject(new BelfryError('not_found')),
      async history(app, id, { viewer }) {
        need(app, id, viewer);
        return { messages: [], hasMore: false };
      },
      inbox: async () => ({ messages: [], hasMore: false }),
      replies: () => Promise.reject(notFound('message')),
      async pins(app, id, { viewer }) {
        need(app, id, viewer);
        return { messages: [], hasMore: false };
      },
    },
    search: { find: async () => ({ messages: [] }) },
    streamLog: { head: async () => ({ epoch: 'e1', seq: 0, firstSeq: 1 }) },
    broadcasting: {
      async broadcast(_app, request) {
        if (request.kind === 'nope') throw new BelfryError('unknown_kind', { path: ['kind'] });
        done.push(`broadcast ${JSON.stringify(request.data)}`);
        return { id: uuid(done.length), duplicate: false, recipients: 1, connections: 1, decisions: { sent: 1 } };
      },
      explain: async () => ({ recipients: [], counts: {} }),
    },
    chatActions: {
      async broadcastMessage(app, conversationId, { senderId, cid }) {
        need(app, conversationId, senderId);
        done.push(`send ${senderId} ${cid ?? '-'}`);
        return { messageId: uuid(done.length), seq: done.length, duplicate: false, timestamp: stamp };
      },
      async broadcastReadStatus(app, id, { userId, seq = 0 }) {
        need(app, id, userId);
        return { seq };
      },
      editMessage: () => Promise.reject(notFound('message')),
      deleteMessage: () => Promise.reject(notFound('message')),
      react: () => Promise.reject(notFound('message')),
      pinMessage: () => Promise.reject(notFound('message')),
    },
    sessions: {
      info: async () => [],
      presenceOf: async (_app, ids) => ids.map((userId) => ({ userId, online: false, deviceTypes: [] })),
      async disconnect(_app, id, code) {
        done.push(`close ${id} ${closeCodes[code].code}`);
        return id === uuid(1);
      },
    },
    presence: presenceOf([3, 1, 2].map((n) => connection(n))),
    signOut: { signOut: async (_app, userId) => done.push(`sign out ${userId}`) },
    renewals: {
      async renew(id) {
        done.push(`renew ${id}`);
      },
    },
    devices: createDevices({
      renewals: { credentialOf: (_app, { id }) => `renew ${id}` },
      store: stores.devices,
      users: stores.users,
      clock,
      facts: new RecordedFacts(),
      log: silentLog,
      provider: async (_app, id) =>
        id === 'hook' ? { targetsAreSecret: false, parseTarget: (target) => ({ ok: true, value: target }) } : undefined,
      limits: defaultLimits(),
    }),
    preferences: createPreferences({ store: stores.preferences, clock, maxConversations: 1000 }),
    openings: {
      read: () => undefined,
      record: (_app, { about }) => void done.push(`opened ${about.messageId}`),
    },
    deadLetters: new DeadLetters({ queue: createMemoryQueue({ clock }), store: stores.deadLetters, clock }),
    tokens: { sign: async (_app, { userId }) => ({ token: `for ${userId}`, expiresAt: stamp }) },
    erasures: new Erasures({
      store: stores.erasures,
      signOut: { signOut: async (_app, userId) => done.push(`sign out ${userId}`) },
      queue: createMemoryQueue({ clock }),
      clock,
    }),
    people: new People({ store: stores.users }),
    unread: new Unread({ ...stores, store: stores.conversations }),
    pages,
    journeys: { read: async () => undefined, decided: async () => undefined },
    simulator: { requests: async () => nothingSimulated, newest: async () => nothingSimulated },
    kinds: createKinds({ store: stores.kinds, bus: new TestBusHub({ clock }).connect('n1'), clock, perApp: 100 }),
    providers: {
      providers: async () => [handleOfHook],
      resume: async (_app, id) => void done.push(`resume ${id}`),
    },
    quotas: { today: async () => 3 },
    providerBudgets: { of: async () => new Map() },
    ...hooksOver(stores, clock, done),
    ...webhooksOver(stores, clock),
    uploads: {
      take: () => Promise.reject(new BelfryError('forbidden')),
      get: () => Promise.reject(notFound('upload')),
      remove: () => Promise.reject(notFound('upload')),
    },
    refusedClients: { record: ({ reason }) => void done.push(`refused ${reason}`) },
    client: {
      connectionTimeoutMs: 20_000,
      heartbeatIntervalMs: 45_000,
      reconnectBaseMs: 2000,
      reconnectMaxMs: 30_000,
      reconnectMaxAttempts: 15,
    },
    cursors: new PageCursors('a secret of the installation'),
    limits: { batchBroadcasts: 3, presenceIds: 2, pageSize: 80 },
  };
}

type HookServices = Pick<PublicServices, 'hooks' | 'hookDeliveries' | 'inbound'>;

/** Real outgoing webhooks, of which nobody is called. */
function webhooksOver(stores: MemoryStores, clock: Clock): Pick<PublicServices, 'webhooks' | 'webhookEvents'> {
  const outbound = new Outbound({
    ...{ stores, queue: createMemoryQueue({ clock }), facts: new RecordedFacts(), vault: createVault('secret') },
    ...{ bus: new TestBusHub({ clock }).connect('n1'), presence: new MemoryPresenceHub().connect('n1') },
    egress: { fetch: () => Promise.reject(new Error('nobody')), checkUrl: async () => ({ ok: true }) },
    mapper: {
      check: async (_app, mapping) => (mapping === '(' ? 'It is not closed.' : undefined),
      map: async (_app, { payload }) => ({ ok: true, value: JSON.parse(payload) as unknown }),
    },
    isAppOff: async () => false,
    audit: async () => undefined,
    surroundings: { clock, log: silentLog, metrics: silentMetrics },
    userAgent: 'Belfry/test',
    limits: defaultLimits(),
  });
  return { webhooks: outbound.records, webhookEvents: outbound.kept };
}

/** Real hooks whose mapping gives back the payload, and whose broadcasts go nowhere. */
function hooksOver(stores: MemoryStores, clock: Clock, done: string[]): HookServices {
  const mapper: Pick<Mapper, 'check' | 'map'> = {
    check: async (_app, mapping) => (mapping === '(' ? 'It is not closed.' : undefined),
    map: async (_app, { payload }) => ({ ok: true, value: JSON.parse(payload) as unknown }),
  };
  const inbound = new Inbound({
    deliveries: stores.hookDeliveries,
    facts: new RecordedFacts(),
    idempotent: new Idempotent({ store: stores.idempotency, clock, keepMs: 60_000 }),
    broadcasting: {
      async broadcast(_app, request) {
        done.push(`hook ${JSON.stringify(request.data)}`);
        return { id: uuid(done.length), duplicate: false, recipients: 1, connections: 1, decisions: {} };
      },
      explain: async () => ({ recipients: [], counts: {} }),
    },
    mapPayload: createMapPayload({ mapper, limits: { jsonDepth: 32 }, jsonErrorPosition: () => 0 }),
    clock,
    log: { debug: () => undefined, warn: () => undefined },
    metrics: { count: () => undefined },
  });
  return {
    hooks: new HookRecords({ stores, vault: createVault('secret'), mapper, clock, perApp: 500 }),
    hookDeliveries: createDeliveries(stores.hookDeliveries),
    inbound,
  };
}
