// What becomes of presence when Redis, a node or the way between them fails. Real servers and processes;
// leases are short, so that a test need not wait for those of 15 s, and long enough for a busy machine to
// renew them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startPresenceCluster, type PresenceCluster } from '../../../../test/support/presence-cluster.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { newApp, sampleConnection } from '../../../../test/support/samples.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { silentLog } from '../../../ports/log.ts';
import type { ConnectionRecord } from '../../../ports/presence.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import type { RedisPresence } from './redis-presence.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const leaseMs = 1500;
const program = fileURLToPath(new URL('../../../../test/support/presence-process.ts', import.meta.url));

let app: AppId;
beforeEach(() => {
  app = newApp();
});

interface Node {
  presence: RedisPresence;
  /** What it says that it has. */
  own: Set<ConnectionRecord>;
  /** How often it was told that readers see it again. */
  seenAgain: number;
}

interface Setting {
  redis: RedisServer;
  cluster: PresenceCluster;
  n1: Node;
  n2: Node;
  admin: RedisConnection;
  /** Of all nodes. */
  logged: { msg: string; fields: Readonly<Record<string, unknown>> | undefined }[];
}

async function start(options: readonly string[] = []): Promise<Setting> {
  const redis = await startRedis(options);
  const logged: Setting['logged'] = [];
  const write = (msg: string, fields?: Readonly<Record<string, unknown>>): void => void logged.push({ msg, fields });
  const cluster = await startPresenceCluster(redis, {
    leaseMs,
    log: { ...silentLog, info: write, warn: write, error: write },
  });
  const connect = async (node: string): Promise<Node> => {
    const own = new Set<ConnectionRecord>();
    const connected: Omit<Node, 'presence'> = { own, seenAgain: 0 };
    const records = () => [...own].map((record) => ({ app, record }));
    const presence = await cluster.connect(node, records, () => void (connected.seenAgain += 1));
    return Object.assign(connected, { presence });
  };
  const [n1, n2] = [await connect('n1'), await connect('n2')];
  const admin = await openRedis(redis.url, 'test');
  onTestFinished(async () => {
    admin.disconnect();
    for (const { presence } of [n1, n2]) await presence.close();
    await cluster.dispose();
    await redis.stop();
  });
  return { redis, cluster, n1, n2, admin, logged };
}

async function join({ presence, own }: Node, record: ConnectionRecord): Promise<ConnectionRecord> {
  own.add(record);
  await presence.join(app, record);
  return record;
}

const all = ({ presence }: Node) => presence.page(app, { limit: 10_000 });
const sorted = (...records: ConnectionRecord[]) =>
  records.toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

test('the connections of a process that was killed are gone within its lease, and one survivor cleans up in steps', async () => {
  const { redis, n1, n2, admin, logged } = await start();
  const mine = await join(n1, sampleConnection({ node: 'n1' }));
  const args = [redis.url, app, 'n3', String(leaseMs), '250'];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(await n2.presence.count(app)).toMatchObject({ connections: 251, elsewhere: 251, users: 251 });
  expect(await n1.presence.nodesOf(app, ['user-1', 'alice'])).toEqual(expect.arrayContaining(['n1', 'n3']));
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const killedAt = performance.now();
  await soon(async () => expect(await all(n2)).toEqual([mine]));
  expect(performance.now() - killedAt).toBeLessThan(leaseMs + 3000);
  await soon(async () => expect(await n2.presence.count(app)).toMatchObject({ connections: 1, users: 1 }));
  const cleaned = () => logged.filter(({ fields }) => fields?.['state'] === 'cleaned up');
  await soon(async () => expect(cleaned()).toHaveLength(1));
  expect(cleaned()[0]?.fields).toEqual({ state: 'cleaned up', deadNode: 'n3', removed: 250 });
  // Nothing names the dead node any more.
  await soon(async () => expect(await admin.keys('*:apps:*')).toHaveLength(1));
  expect(await admin.hvals('belfry:{presence}:names')).not.toContain('n3');
});

test('a Redis that was killed and comes back empty gets everything back, and meanwhile nothing waits', async () => {
  const { redis, n1, n2, logged } = await start();
  const [one, two] = [await join(n1, sampleConnection()), await join(n2, sampleConnection({ userId: 'bob' }))];
  await redis.kill();
  await expect(n1.presence.ofUsers(app, ['alice'])).rejects.toMatchObject({ code: 'unavailable' });
  await expect(n1.presence.join(app, sampleConnection())).rejects.toMatchObject({ code: 'unavailable' });
  await soon(async () => expect(n1.presence.state()).toBe('down'));
  // A connection that came while Redis was away: presence refused it, its node has it.
  const late = sampleConnection({ userId: 'carol' });
  n1.own.add(late);
  await redis.restart();
  await soon(async () => expect(await all(n2)).toEqual(sorted(one, two, late)));
  await soon(async () => expect(n1.presence.state()).toBe('up'));
  const states = new Set(logged.map(({ msg, fields }) => `${msg} ${String(fields?.['state'])}`));
  expect([...states]).toEqual(expect.arrayContaining(['presence down', 'presence up', 'presence lost']));
  expect(await n1.presence.count(app)).toMatchObject({ connections: 3, elsewhere: 1, users: 3 });
});

test('a node that starts while Redis is away has what it has when Redis comes, and may close without it', async () => {
  const redis = await startRedis();
  const cluster = await startPresenceCluster(redis, { leaseMs });
  onTestFinished(async () => {
    await cluster.dispose();
    await redis.stop();
  });
  await redis.kill();
  const record = sampleConnection();
  const node = await cluster.connect('n1', () => [{ app, record }]);
  expect(node.state()).toBe('down');
  await expect(node.join(app, record)).rejects.toMatchObject({ code: 'unavailable' });
  await redis.restart();
  await soon(async () => expect(node.state()).toBe('up'));
  await node.join(app, record);
  expect(await node.byId(app, record.connectionId)).toEqual(record);
  await redis.kill();
  await node.close();
  expect(node.state()).toBe('down');
});

test('a Redis that comes back with old data has what left meanwhile taken away', async () => {
  const { redis, n1, n2 } = await start(['--appendonly', 'yes', '--appendfsync', 'always']);
  const [stays, leaves] = [await join(n1, sampleConnection()), await join(n1, sampleConnection({ userId: 'bob' }))];
  await redis.kill();
  n1.own.delete(leaves);
  await expect(n1.presence.leave(app, leaves.connectionId)).rejects.toMatchObject({ code: 'unavailable' });
  await redis.restart();
  await soon(async () => expect(await all(n2)).toEqual([stays]));
  await soon(async () => expect(await n2.presence.count(app)).toMatchObject({ connections: 1, users: 1 }));
});

test('a FLUSHALL amid joins, changes and leaves loses no connection and makes no ghost', async () => {
  const { n1, n2, admin } = await start();
  for (let i = 0; i < 150; i += 1) await join(i % 2 === 0 ? n1 : n2, sampleConnection({ userId: `user-${i}` }));
  const churn = async (node: Node): Promise<void> => {
    for (let i = 0; i < 100; i += 1) {
      const record = sampleConnection({ userId: `fresh-${i}` });
      await join(node, record);
      const [oldest] = node.own;
      if (oldest === undefined) continue;
      node.own.delete(oldest);
      await node.presence.leave(app, oldest.connectionId);
    }
  };
  const churning = [churn(n1), churn(n2)];
  for (let i = 0; i < 3; i += 1) {
    await admin.flushall();
    await n1.presence.byId(app, 'any');
  }
  await Promise.all(churning);
  const expected = sorted(...n1.own, ...n2.own);
  await soon(async () => expect(await all(n1)).toEqual(expected));
  await soon(async () => expect(await n1.presence.count(app)).toMatchObject({ connections: 150, elsewhere: 75 }));
});

test('a FLUSHALL is noticed long before the next renewal', async () => {
  const redis = await startRedis();
  const cluster = await startPresenceCluster(redis);
  const record = sampleConnection();
  const node = await cluster.connect('n1', () => [{ app, record }]);
  onTestFinished(async () => {
    await node.close();
    await cluster.dispose();
    await redis.stop();
  });
  await node.join(app, record);
  await cluster.loseEverything();
  const isBack = async () => expect(await node.byId(app, record.connectionId)).toEqual(record);
  // A renewal is every 5 s.
  await vi.waitFor(isBack, { timeout: 4000, interval: 10 });
});

test('clients that Redis disconnects are back at once and nothing is lost', async () => {
  const { n1, n2, admin } = await start();
  const one = await join(n1, sampleConnection());
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await soon(async () => expect(await all(n2)).toEqual([one]));
  const two = await join(n2, sampleConnection());
  // Each node has its own connection to Redis, which is back at its own time.
  await soon(async () => expect(await all(n1)).toEqual(sorted(one, two)));
});

test('a Redis that was frozen for longer than all leases has everything when it goes on', async () => {
  const { redis, n1, n2 } = await start();
  const [one, two] = [await join(n1, sampleConnection()), await join(n2, sampleConnection({ userId: 'bob' }))];
  process.kill(redis.pid, 'SIGSTOP');
  onTestFinished(() => {
    process.kill(redis.pid, 'SIGCONT');
  });
  await expect(n1.presence.byId(app, one.connectionId)).rejects.toMatchObject({ code: 'unavailable' });
  await soon(async () => expect([n1.presence.state(), n2.presence.state()]).toEqual(['down', 'down']));
  process.kill(redis.pid, 'SIGCONT');
  await soon(async () => expect(await all(n2)).toEqual(sorted(one, two)));
  await soon(async () => expect(await n1.presence.count(app)).toMatchObject({ connections: 2, users: 2 }));
});

test('a node that was taken for dead writes itself back when it wakes up, without those that left meanwhile', async () => {
  const { cluster, n1, n2, logged } = await start();
  const [stays, leaves] = [await join(n1, sampleConnection()), await join(n1, sampleConnection({ userId: 'bob' }))];
  cluster.freeze('n1');
  await soon(async () => expect(await all(n2)).toEqual([]));
  await soon(async () => expect(logged.some(({ fields }) => fields?.['state'] === 'cleaned up')).toBe(true));
  n1.own.delete(leaves);
  cluster.thaw('n1');
  await soon(async () => expect(await all(n2)).toEqual([stays]));
  await soon(async () =>
    expect(await n2.presence.count(app)).toMatchObject({ connections: 1, elsewhere: 1, users: 1 }),
  );
});

test('a node that readers did not see for a moment is told when they see it again, and no other', async () => {
  const { cluster, n1, n2 } = await start();
  const mine = await join(n1, sampleConnection());
  cluster.freeze('n1');
  await soon(async () => expect(await all(n2)).toEqual([]));
  expect(n1.seenAgain).toBe(0);
  // Its lease may be there still to be renewed, or may be lost.
  cluster.thaw('n1');
  await soon(async () => expect(n1.seenAgain).toBeGreaterThan(0));
  expect(await all(n2)).toEqual([mine]);
  expect(n2.seenAgain).toBe(0);
});

test('a single app that was lost is written back by its nodes, though their leases are there', async () => {
  const { n1, n2, admin } = await start();
  const one = await join(n1, sampleConnection());
  await admin.del(...(await admin.keys(`belfry:{presence:${app}}*`)));
  await soon(async () => expect(await all(n2)).toEqual([one]));
});

test('where 10,000 users are, and their records elsewhere, is asked with about ten commands', async () => {
  const { n1, n2, admin } = await start();
  const users = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);
  for (let i = 0; i < 40; i += 1) await join(i % 2 === 0 ? n1 : n2, sampleConnection({ userId: `user-${i * 100}` }));
  const commands = async (ask: () => Promise<unknown>): Promise<number> => {
    await ask();
    await admin.call('CONFIG', 'RESETSTAT');
    await ask();
    const stats = await admin.info('commandstats');
    const calls = [...stats.matchAll(/cmdstat_(?:evalsha|eval|hgetall):calls=(\d+)/g)].map(([, count]) =>
      Number(count),
    );
    return calls.reduce((sum, count) => sum + count, 0);
  };
  expect(new Set(await n1.presence.nodesOf(app, users))).toEqual(new Set(['n1', 'n2']));
  expect(await n1.presence.elsewhere(app, users)).toHaveLength(20);
  // Renewals of both nodes may come between.
  expect(await commands(() => n1.presence.nodesOf(app, users))).toBeLessThan(20);
  expect(await commands(() => n1.presence.elsewhere(app, users))).toBeLessThan(20);
});

test('user ids of every printable character are told apart, and empty lists stay lists', async () => {
  const { n1, n2 } = await start();
  const names = ['a b', 'a "b"', String.raw`a\b`, '__proto__', 'ann 1', 'ßü漢字', 'a:b|c', '1'];
  const records = [];
  for (const userId of names) records.push(await join(n1, sampleConnection({ userId, features: [] })));
  const found = await n2.presence.ofUsers(app, names);
  expect([...found.keys()]).toEqual(names);
  for (const record of records) {
    await n1.presence.change(app, record.connectionId, { page: `/of ${record.userId}`, policyVersion: 3 });
    const changed = { ...record, page: `/of ${record.userId}`, policyVersion: 3 };
    expect((await n2.presence.ofUsers(app, [record.userId])).get(record.userId)).toEqual([changed]);
  }
});
