// The Redis driver keeps the contract of the bus on a Redis Cluster, and finds out when one shard alone is lost.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { busContract } from '../../../../test/contracts/bus.contract.ts';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedisCluster, type RedisClusterServers } from '../../../../test/support/redis-cluster.ts';
import { newApp } from '../../../../test/support/samples.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { RecordedLog, RecordedMetrics } from '../../../sessions/test/sessions.fixture.ts';
import { createSystemClock } from '../../clock.ts';
import { endConnection } from '../../redis/end-connection.ts';
import { RedisBus } from './redis-bus.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let cluster: RedisClusterServers;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

const surroundings = { clock: createSystemClock(), log: new RecordedLog(), metrics: new RecordedMetrics() };
const open = (node: string): Promise<RedisBus> => RedisBus.open({ address: { url: cluster.url }, node, surroundings });

/** Two nodes; the second follows apps enough for every shard. */
async function manyApps(): Promise<{ from: RedisBus; to: RedisBus; apps: readonly AppId[]; heard: Set<AppId> }> {
  const [from, to] = [await open('a'), await open('b')];
  onTestFinished(async () => {
    await Promise.all([from.close(), to.close()]);
  });
  const apps = Array.from({ length: 60 }, () => newApp());
  const heard = new Set<AppId>();
  to.events.on('message_stored', (app) => heard.add(app));
  await Promise.all(apps.map((app) => to.events.follow(app)));
  return { from, to, apps, heard };
}

/** One round of messages reaches all the apps. */
async function reachesAll({ from, apps, heard }: Awaited<ReturnType<typeof manyApps>>): Promise<void> {
  heard.clear();
  await Promise.all(apps.map((app) => from.events.publish(app, { type: 'message_stored', stream: 'c:1', seq: 1 })));
  await vi.waitFor(() => expect(heard.size).toBe(apps.length), { timeout: 5000, interval: 5 });
}

const soon = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });

test('every shard carries a part of the apps', async () => {
  const nodes = await manyApps();
  await reachesAll(nodes);
  for (const { url } of cluster.masters) {
    const admin = await openRedis(url, 'admin');
    const channels = (await admin.call('PUBSUB', 'SHARDCHANNELS', 'belfry:*:app:*')) as unknown[];
    await endConnection(admin);
    expect(channels.length).toBeGreaterThan(0);
    expect(channels.length).toBeLessThan(nodes.apps.length * 2);
  }
});

test('a subscriber that lost one shard hears all apps again by the time it reports that it is up', async () => {
  const nodes = await manyApps();
  const states: string[] = [];
  let reached: Promise<void> | undefined;
  nodes.to.onState((state) => {
    states.push(state);
    if (state === 'up') reached ??= soon(() => expect(nodes.from.state()).toBe('up')).then(() => reachesAll(nodes));
  });
  const admin = await openRedis(cluster.masters[0]?.url ?? '', 'admin');
  expect(await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBeGreaterThan(0);
  await endConnection(admin);
  await soon(() => expect(states.slice(0, 2)).toEqual(['down', 'up']));
  await reached;
});

test('a master that was killed and is back carries its apps again', async () => {
  const nodes = await manyApps();
  const master = cluster.masters[1];
  await master?.kill();
  await soon(async () => {
    await Promise.all([nodes.from.probe(500), nodes.to.probe(500)]);
    expect([nodes.from.state(), nodes.to.state()]).toEqual(['down', 'down']);
  });
  await master?.restart();
  await soon(() => expect([nodes.from.state(), nodes.to.state()]).toEqual(['up', 'up']));
  await soon(() => reachesAll(nodes));
});

busContract('redis cluster', async () => ({ connect: open, dispose: async () => {} }));
