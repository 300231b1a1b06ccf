// Presence, rates and leases on a Redis Cluster: every script names keys of one slot. A cluster of one server, which
// refuses what spans slots as a large one does.

import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { newApp, sampleConnection } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { RedisLeases } from '../../leases/redis/redis-leases.ts';
import { RedisRates } from '../../rates/redis/redis-rates.ts';
import { connectRedis, type RedisConnection } from '../../redis/connect.ts';
import { RedisPresence } from './redis-presence.ts';

let redis: RedisServer;
let url: string;
beforeAll(async () => {
  redis = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
  const admin = await openRedis(redis.url, 'test');
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await vi.waitFor(async () => expect(await admin.call('CLUSTER', 'INFO')).toContain('cluster_state:ok'), 10_000);
  admin.disconnect();
  url = `${redis.url}?cluster=true`;
});
afterAll(() => redis.stop());

async function connect(): Promise<RedisConnection> {
  const connection = connectRedis({ url }, 'test');
  connection.on('error', () => undefined);
  onTestFinished(() => connection.disconnect());
  await once(connection, 'ready');
  return connection;
}

test('presence is shared, read in pages, written back and taken along', async () => {
  const [app, leaseMs, clock] = [newApp(), 450, createSystemClock()];
  const mine = sampleConnection({ connectionId: '018f0000-0000-7000-8000-000000000001' });
  const theirs = sampleConnection({ connectionId: '018f0000-0000-7000-8000-000000000002', userId: 'bob' });
  const open = async (node: string, own = [mine]) => {
    const presence = new RedisPresence({ address: { url }, node, clock, log: silentLog, leaseMs });
    onTestFinished(() => presence.close());
    await presence.connect({ own: () => own.map((record) => ({ app, record })) });
    for (const record of own) await presence.join(app, record);
    return presence;
  };
  const [n1, n2] = [await open('n1'), await open('n2', [theirs])];
  expect(await n1.page(app, { limit: 10 })).toEqual([mine, theirs]);
  expect(await n1.elsewhere(app, ['alice', 'bob'])).toEqual([theirs]);
  expect(new Set(await n2.nodesOf(app, ['alice', 'bob']))).toEqual(new Set(['n1', 'n2']));
  await n1.change(app, mine.connectionId, { visible: false, attended: false });
  expect(await n2.byId(app, mine.connectionId)).toEqual({ ...mine, visible: false, attended: false });
  const connection = await connect();
  await connection.flushall();
  const isBack = async () => expect(await n2.page(app, { limit: 10 })).toEqual([mine, theirs]);
  await vi.waitFor(isBack, { timeout: 10_000, interval: 10 });
  await n1.close();
  expect(await n2.page(app, { limit: 10 })).toEqual([theirs]);
});

test('rates that are alike up to their second colon are taken together', async () => {
  const rates = new RedisRates(await connect());
  const asked = [
    { key: 'push:demo:fcm', limit: 1, perMs: 60_000 },
    { key: 'push:demo', limit: 5, perMs: 86_400_000 },
  ];
  expect(await rates.take(asked)).toEqual({ ok: true });
  expect(await rates.take(asked)).toMatchObject({ ok: false, key: 'push:demo:fcm' });
});

test('leases are held, renewed and released', async () => {
  const leases = new RedisLeases(await connect());
  const lease = await leases.acquire('relay', 60_000);
  expect(await leases.acquire('relay', 60_000)).toBeUndefined();
  expect(await lease?.renew()).toBe(true);
  await lease?.release();
  expect(await leases.acquire('relay', 60_000)).toBeDefined();
});
