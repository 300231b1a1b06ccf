// Every pool that apps share, put together as the server does, with tasks of neighbours that a test ends. What
// comes of it is expected in shared-pools.test.ts.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { defaultLimits } from '../../src/config/limits.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { createMemoryQueue } from '../../src/drivers/queue/memory/create-memory-queue.ts';
import { createMemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { CallLines, type PendingCall } from '../../src/drivers/stores/sqlite/call-lines.ts';
import { Egress } from '../../src/egress/egress.ts';
import { Mapper } from '../../src/hooks/mapping/mapper.ts';
import { OutboxFlags } from '../../src/notifications/claiming/outbox-flags.ts';
import { PushSchedule } from '../../src/notifications/claiming/schedule.ts';
import { createHandle } from '../../src/plugins/provider-handle.ts';
import { FairPool } from '../../src/concurrency/fair-pool.ts';
import { asAppId } from '../../src/ports/app-id.ts';
import { silentLog } from '../../src/ports/log.ts';
import { KeySetFetches } from '../../src/tenancy/tokens/key-set-fetches.ts';
import { createTestUploads, demo, incoming, other } from '../../src/uploads/test/uploads.fixture.ts';
import { sampleMessage, sampleMessages } from '../support/samples.ts';
import { silentMetrics } from '../support/silent-metrics.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { HeldTasks, turnsUntil } from './held-tasks.ts';

export interface PoolRow {
  /** As the documentation names it. */
  pool: string;
  /** Turns of each of the bystander's tasks, while these neighbours keep the pool as full as they can. */
  measure: (neighbours: readonly string[]) => Promise<readonly number[]>;
}

/** Small enough that a neighbour fills both the places and the room to wait. */
const limits = {
  ...defaultLimits(),
  ...{ claimsWaiting: 100, keySetFetchesWaiting: 100, providerCallsAtOnce: 64, providerCallsWaiting: 100 },
  ...{ pendingStoreCalls: 10_000, outgoingCallsAtOnce: 64 },
};
const bystander = 'bystander';
/** Of each neighbour: more than any pool runs at once. */
const floodOf = 200;
const asked = 100;

/** Begins a task of this app, which does what is given; settles as the pool lets it. */
type Begin = (app: string, at: { id: number; run: () => Promise<void> }) => Promise<unknown>;

/** For pools whose tasks a test can hold. */
async function measureHeld(neighbours: readonly string[], begin: Begin): Promise<readonly number[]> {
  const held = new HeldTasks();
  let begun = 0;
  /** The next when the one before has ended, so that the pool stays as full; one that is refused comes no more. */
  const flow = async (app: string): Promise<void> => {
    while (!held.isOver) {
      begun += 1;
      await begin(app, { id: begun, run: held.hold });
    }
  };
  const flood = neighbours.flatMap((app) => Array.from({ length: floodOf }, () => flow(app).catch(() => undefined)));
  const turns: number[] = [];
  for (let id = 0; id < asked; id += 1) {
    turns.push(await turnsUntil(begin(bystander, { id, run: async () => undefined }), held));
  }
  held.endAll();
  await Promise.all(flood);
  return turns;
}

/** For pools whose tasks are real: those of neighbours hang, and a bystander who waited for one would wait for ever. */
async function measureReal(run: (id: number) => Promise<unknown>, times: number): Promise<readonly number[]> {
  for (let id = 0; id < times; id += 1) await run(id);
  return Array.from({ length: times }, () => 1);
}

function jobs(concurrency: number): PoolRow['measure'] {
  return async (neighbours) => {
    const queue = createMemoryQueue({ clock: createVirtualClock() });
    onTestFinished(() => queue.close());
    const running = new Map<string, { run: () => Promise<void>; end: () => void }>();
    await queue.work('jobs', { concurrency, maxAttempts: 1 }, async ({ id }) => {
      await running.get(id)?.run();
      running.get(id)?.end();
      return { done: true };
    });
    return await measureHeld(neighbours, async (app, { id, run }) => {
      const ended = Promise.withResolvers<undefined>();
      const name = `${app}-${id}`;
      running.set(name, { run, end: () => ended.resolve(undefined) });
      await queue.add('jobs', [{ id: name, app: asAppId(app), user: `sender${id % 3}`, payload: null }]);
      await ended.promise;
    });
  };
}

async function claims(neighbours: readonly string[]): Promise<readonly number[]> {
  const running = new Map<string, { run: () => Promise<void>; end: () => void }>();
  const schedule = new PushSchedule({
    async claim(_app, { id }) {
      await running.get(id)?.run();
      running.get(id)?.end();
    },
    flags: new OutboxFlags({ messages: { clearOutbox: async () => undefined }, log: silentLog }),
    settings: async () => Promise.reject(new Error('nobody is asked to wait')),
    surroundings: { clock: createVirtualClock(), log: silentLog, metrics: silentMetrics },
    limits,
  });
  return await measureHeld(neighbours, async (app, { id, run }) => {
    const ended = Promise.withResolvers<undefined>();
    const message = sampleMessage({ seq: id + 1, id: `${app}-${id}`, senderId: `sender${id % 3}` });
    running.set(message.id, { run, end: () => ended.resolve(undefined) });
    schedule.schedule(asAppId(app), message, [{ userId: 'bob', when: 'now' }]);
    if (!schedule.isAtWork(message)) throw new Error('left to the relay');
    await ended.promise;
  });
}

/** A turn is one look at what is owed. */
async function relay(neighbours: readonly string[]): Promise<readonly number[]> {
  const { outbox, messages } = createMemoryStores();
  const owed = { outbox: { dueAt: 1 } };
  for (const app of neighbours) await messages.append(asAppId(app), sampleMessages(1, 1500, owed));
  const turns: number[] = [];
  for (let seq = 1; seq <= asked; seq += 1) {
    await messages.append(asAppId(bystander), [sampleMessage({ seq, ...owed })]);
    for (let turn = 1; turns.length < seq; turn += 1) {
      const taken = await outbox.take({ nowMs: 10, limit: 200, leaseMs: 1000 });
      if (taken.some(({ app }) => app === bystander)) turns.push(turn);
    }
  }
  return turns;
}

async function mappings(neighbours: readonly string[]): Promise<readonly number[]> {
  const mapper = new Mapper({
    ...{ clock: createSystemClock(), log: silentLog, metrics: silentMetrics },
    limits: { ...limits, hookMappingMs: 60_000 },
  });
  const endless = '($f := function($n) { $f($n + 1) }; $f(0))';
  const flood = neighbours.flatMap((app) =>
    Array.from({ length: 50 }, () => mapper.map(app, { mapping: endless, payload: '{}' }).catch(() => undefined)),
  );
  const turns = await measureReal(() => mapper.map(bystander, { mapping: '1', payload: '{}' }), asked);
  await mapper.close();
  await Promise.all(flood);
  return turns;
}

async function uploads(neighbours: readonly string[]): Promise<readonly number[]> {
  const world = await createTestUploads();
  onTestFinished(() => world.dispose());
  const held = new HeldTasks();
  async function* content(hold: () => Promise<void>) {
    yield Buffer.from('text');
    await hold();
  }
  // The fixture has one app beside the bystander's: of two neighbours the users are more.
  const flood = neighbours.flatMap((name) =>
    Array.from({ length: 200 }, (_, i) =>
      world.uploads
        .take(demo, `user:${name}${i % 50}`, incoming('a.txt', Buffer.from(''), { content: content(held.hold) }))
        .catch(() => undefined),
    ),
  );
  const take = () => world.uploads.take(other, 'user:bystander', incoming('a.txt', Buffer.from('text')));
  const turns = await measureReal(take, asked);
  held.endAll();
  await Promise.all(flood);
  return turns;
}

/** A turn is one batch of the data file. */
async function storeCalls(neighbours: readonly string[]): Promise<readonly number[]> {
  const lines = new CallLines(limits.pendingStoreCalls);
  const ignore = (): undefined => undefined;
  const callOf = (app: string): PendingCall => ({
    ...{ store: 'messages', method: 'append', args: [app] },
    ...{ resolve: ignore, reject: ignore },
  });
  const fill = (): void => {
    for (const app of neighbours) while (lines.push(callOf(app)));
  };
  const turns: number[] = [];
  for (let id = 0; id < asked; id += 1) {
    fill();
    let underWay = lines.take(1000);
    const mine = callOf(bystander);
    if (!lines.push(mine)) throw new Error('there was no room for the bystander');
    for (let turn = underWay.length > 0 ? 2 : 1; turns.length === id; turn += 1) {
      lines.end(underWay);
      fill();
      underWay = lines.take(1000);
      if (underWay.includes(mine)) turns.push(turn);
    }
    lines.end(underWay);
  }
  return turns;
}

async function keySets(neighbours: readonly string[]): Promise<readonly number[]> {
  const tasks = new Map<string, () => Promise<void>>();
  const fetches = new KeySetFetches({
    fetch: async (url) => await tasks.get(url)?.(),
    ...{ clock: createVirtualClock(), metrics: silentMetrics, limits },
  });
  return await measureHeld(neighbours, (app, { id, run }) => {
    const url = `https://${app}.example/${id}`;
    tasks.set(url, run);
    return fetches.fetch(url);
  });
}

/** Of the two ways that an outgoing call can hang: the name server is silent, or the server itself. */
function outgoing(hangs: 'name' | 'server'): PoolRow['measure'] {
  return async (neighbours) => {
    const server = createServer((request, response) => {
      if (request.url === '/') response.end('ok');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const stopping = new AbortController();
    const silence = (): Promise<never> =>
      new Promise((_resolve, reject) => {
        if (stopping.signal.aborted) reject(new Error('the test is over'));
        stopping.signal.addEventListener('abort', () => reject(new Error('the test is over')), { once: true });
      });
    const egress = new Egress({
      ...{ allow: ['127.0.0.0/8'], clock: createSystemClock(), metrics: silentMetrics },
      limits,
      resolve: (name) => (name.startsWith('silent') ? silence() : Promise.resolve(['127.0.0.1'])),
    });
    const call = (app: string, { host, path }: { host: string; path: string }) =>
      egress.fetch(`http://${host}:${port}${path}`, { app, signal: stopping.signal, limitMs: 600_000 });
    const flood = neighbours.flatMap((app) =>
      Array.from({ length: 200 }, (_, i) => {
        const host = hangs === 'name' ? `silent${i}.${app}.example` : '127.0.0.1';
        return call(app, { host, path: '/hang' }).catch(() => undefined);
      }),
    );
    const turns = await measureReal((i) => call(bystander, { host: `h${i}.example`, path: '/' }), asked);
    stopping.abort();
    await Promise.all(flood);
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    await egress.close();
    return turns;
  };
}

async function providerCalls(neighbours: readonly string[]): Promise<readonly number[]> {
  const tasks = new Map<string, () => Promise<void>>();
  const { providerCallsAtOnce: running, providerCallsWaiting: waiting } = limits;
  const pool = new FairPool({ name: 'provider_calls', running, waiting });
  const send = async ({ id }: { id: string }) => {
    await tasks.get(id)?.();
    return { outcome: 'accepted' as const };
  };
  const handle = createHandle({
    slot: {
      record: () => ({
        ...{ id: 'hook', plugin: 'webhook', enabled: true, managed: false, updatedAt: 1, config: {} },
      }),
      now: () => ({ ok: true, running: { send, clear: undefined, check: async () => ({ ok: true }), ...nothingElse } }),
      health: { record: () => undefined },
    },
    plugin: undefined,
    off: '',
    receiptUrl: undefined,
    clock: createVirtualClock(),
    callInTurn: (turn, call) => pool.run(turn, call),
  });
  return await measureHeld(neighbours, async (app, { id, run }) => {
    const name = `${app}-${id}`;
    tasks.set(name, run);
    const device = { id: 'd1', type: 'mobile' as const, target: {} };
    const notification = { title: '', body: '', count: 1, collapseKey: '', priority: 'normal' as const };
    const { outcome } = await handle.send(
      {
        ...{ id: name, app, userId: `user${id}`, device },
        notification: { ...notification, ttlSeconds: 60, data: {} },
      },
      { signal: new AbortController().signal, attempt: 1 },
    );
    if (outcome !== 'accepted') throw new Error('too many wait');
  });
}

const nothingElse = {
  sendMany: undefined,
  ...{ publicConfig: undefined, parseReceipt: undefined, pollReceipts: undefined },
  retire: async () => undefined,
};

export const pools: readonly PoolRow[] = [
  { pool: 'push jobs', measure: jobs(limits.pushJobsAtOnce) },
  { pool: 'clear jobs', measure: jobs(limits.clearJobsAtOnce) },
  { pool: 'claims', measure: claims },
  { pool: 'relay', measure: relay },
  { pool: 'mappings', measure: mappings },
  { pool: 'uploads', measure: uploads },
  { pool: 'store calls', measure: storeCalls },
  { pool: 'key sets', measure: keySets },
  { pool: 'outgoing calls', measure: outgoing('server') },
  { pool: 'lookups', measure: outgoing('name') },
  { pool: 'provider calls', measure: providerCalls },
];
