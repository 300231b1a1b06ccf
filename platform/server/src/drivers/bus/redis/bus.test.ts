// The Redis driver keeps the contract of the bus, sharded and classic, and sends no more than it has to.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { busContract } from '../../../../test/contracts/bus.contract.ts';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { asAppId } from '../../../ports/app-id.ts';
import { RecordedLog, RecordedMetrics } from '../../../sessions/test/sessions.fixture.ts';
import { createSystemClock } from '../../clock.ts';
import { endConnection } from '../../redis/end-connection.ts';
import { RedisBus } from './redis-bus.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const surroundings = { clock: createSystemClock(), log: new RecordedLog(), metrics: new RecordedMetrics() };

async function open(node: string, url: string): Promise<RedisBus> {
  const bus = await RedisBus.open({ address: { url }, node, surroundings });
  onTestFinished(() => bus.close());
  return bus;
}

for (const mode of ['sharded', 'classic'] as const) {
  busContract(`redis, ${mode}`, async () => ({
    connect: (node) => RedisBus.open({ address: { url: redis.url }, node, surroundings, mode }),
    dispose: async () => {},
  }));
}

test('a server without sharded pub/sub carries the classic one', async () => {
  const old = await startRedis(['--rename-command', 'SPUBLISH', '', '--rename-command', 'SSUBSCRIBE', '']);
  onTestFinished(() => old.stop());
  const [from, to] = [await open('a', old.url), await open('b', old.url)];
  const heard: unknown[] = [];
  to.control.on('app_changed', ({ app }) => heard.push(app));
  const app = newApp();
  await from.control.publish({ type: 'app_changed', app });
  await vi.waitFor(() => expect(heard).toEqual([app]));
});

test('an event for all is one message, and one for named nodes a message for each of the others', async () => {
  const buses = [await open('a', redis.url), await open('b', redis.url), await open('c', redis.url)];
  const [from] = buses;
  const app = newApp();
  for (const bus of buses) await bus.events.follow(app);
  const admin = await openRedis(redis.url, 'admin');
  onTestFinished(() => endConnection(admin));
  const published = async (nodes?: readonly string[]): Promise<number> => {
    await admin.config('RESETSTAT');
    await from?.events.publish(app, { type: 'log_changed', stream: 'c:1' }, nodes);
    return Number(/cmdstat_spublish:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
  };
  expect(await published()).toBe(1);
  expect(await published(['a', 'b'])).toBe(1);
  expect(await published(['b', 'c'])).toBe(2);
  expect(await published(['a'])).toBe(0);
});

test('an app or a node whose name holds a colon or a brace has channels of its own', async () => {
  const [from, to] = [await open('a', redis.url), await open('b:{x}', redis.url)];
  const heard: unknown[] = [];
  to.events.on('log_changed', (app) => heard.push(app));
  const [longer, shorter] = [asAppId('shop:node:b'), asAppId('shop')];
  await to.events.follow(longer);
  await from.events.publish(shorter, { type: 'log_changed', stream: 'c:1' }, ['b']);
  await from.events.publish(longer, { type: 'log_changed', stream: 'c:1' }, ['b:{x}']);
  await vi.waitFor(() => expect(heard).toEqual([longer]));
});
