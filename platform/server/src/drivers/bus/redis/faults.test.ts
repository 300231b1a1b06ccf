// What the Redis driver of the bus does when Redis is away, frozen, or there and silent: it says so, refuses
// meanwhile, and carries everything again by the time it says that it is up.

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startForwarder } from '../../../../test/support/forwarder.ts';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { TcpWay } from '../../../../test/support/tcp-way.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Bus, BusState } from '../../../ports/bus.ts';
import { RecordedLog, RecordedMetrics } from '../../../sessions/test/sessions.fixture.ts';
import { createSystemClock } from '../../clock.ts';
import { RedisBus } from './redis-bus.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let redis: RedisServer;
let buses: Bus[] = [];
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  buses = [];
  await redis.stop();
});

async function open(node: string, url = redis.url): Promise<Bus> {
  const surroundings = { clock: createSystemClock(), log: new RecordedLog(), metrics: new RecordedMetrics() };
  const bus = await RedisBus.open({ address: { url }, node, surroundings });
  buses.push(bus);
  return bus;
}

interface Pair {
  from: Bus;
  to: Bus;
  app: AppId;
  /** Seqs of the events that `to` heard. */
  heard: number[];
  /** That `to` reported. */
  states: BusState[];
}

/** The second follows the app. */
async function pair(url = redis.url): Promise<Pair> {
  const [from, to] = [await open('a'), await open('b', url)];
  const [heard, states]: [number[], BusState[]] = [[], []];
  const app = newApp();
  to.events.on('message_stored', (_app, { seq }) => heard.push(seq));
  to.onState((state) => states.push(state));
  await to.events.follow(app);
  return { from, to, app, heard, states };
}

const send = (from: Bus, app: AppId, seq: number): Promise<void> =>
  from.events.publish(app, { type: 'message_stored', stream: 'c:1', seq });
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 5 });
const is = (bus: Bus, state: BusState): Promise<void> => soon(() => expect(bus.state()).toBe(state));

/** Ends the connections of subscribers, from the side of Redis. */
async function cutSubscribers(): Promise<void> {
  const admin = await openRedis(redis.url, 'admin');
  onTestFinished(() => admin.disconnect());
  expect(await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBeGreaterThan(0);
}

describe('a Redis that was killed', () => {
  test('refuses messages until it is back, and carries those of followed apps then', async () => {
    const { from, to, app, heard, states } = await pair();
    await redis.kill();
    await Promise.all([is(from, 'down'), is(to, 'down')]);
    const refused = { code: 'unavailable' };
    await expect(send(from, app, 1)).rejects.toMatchObject(refused);
    await expect(from.control.publish({ type: 'app_changed', app })).rejects.toMatchObject(refused);
    expect(await from.probe(1000)).toBeUndefined();
    await redis.restart();
    await Promise.all([is(from, 'up'), is(to, 'up')]);
    await send(from, app, 2);
    await soon(() => expect(heard).toEqual([2]));
    // And once more, where it was up before the other could say that messages are lost.
    expect(states.slice(0, 2)).toEqual(['down', 'up']);
  });

  test('brings the apps that were followed while it was away, and not those that were unfollowed', async () => {
    const { from, to, app, heard } = await pair();
    const controls: unknown[] = [];
    to.control.on('app_changed', (message) => controls.push(message.app));
    await redis.kill();
    await is(to, 'down');
    const another = newApp();
    await expect(to.events.follow(another)).rejects.toMatchObject({ code: 'unavailable' });
    await to.events.unfollow(app);
    await redis.restart();
    await Promise.all([is(from, 'up'), is(to, 'up')]);
    await send(from, app, 1);
    await send(from, another, 2);
    await from.control.publish({ type: 'app_changed', app });
    await soon(() => expect(controls).toEqual([app]));
    expect(heard).toEqual([2]);
  });
});

test('the others are told that the bus is up when a node that could not publish can again', async () => {
  const way = await TcpWay.open(Number(new URL(redis.url).port));
  onTestFinished(() => way.close());
  const { to, app, heard, states } = await pair();
  const from = await open('c', `redis://127.0.0.1:${way.port}`);
  way.become('cut');
  await is(from, 'down');
  await expect(send(from, app, 1)).rejects.toMatchObject({ code: 'unavailable' });
  expect([to.state(), states]).toEqual(['up', []]);
  way.become('open');
  await soon(() => expect(states[0]).toBe('up'));
  await send(from, app, 2);
  await soon(() => expect(heard).toEqual([2]));
  expect(new Set(states)).toEqual(new Set(['up']));
});

test('a subscriber that was cut off hears all its apps again by the time it reports that it is up', async () => {
  const { from, to, heard, states } = await pair();
  const apps = Array.from({ length: 300 }, () => newApp());
  await Promise.all(apps.map((app) => to.events.follow(app)));
  let sent: Promise<unknown> | undefined;
  to.onState((state) => {
    // In the turn of the report, so that a subscription that is still on its way would miss it.
    if (state === 'up') sent ??= Promise.all(apps.map((app, seq) => send(from, app, seq)));
  });
  await cutSubscribers();
  await soon(() => expect(states.slice(0, 2)).toEqual(['down', 'up']));
  await sent;
  await soon(() => expect(heard).toHaveLength(apps.length));
});

test('publishing goes on while only the subscriber is cut off', async () => {
  const { from, to, app } = await pair();
  // Of this a poll could miss the end.
  const down = new Promise<void>((resolve) => {
    from.onState((state) => {
      if (state === 'down') resolve();
    });
  });
  await cutSubscribers();
  await down;
  await expect(send(from, app, 1)).resolves.toBeUndefined();
  await Promise.all([is(from, 'up'), is(to, 'up')]);
});

test('a frozen Redis is found by the probe, refuses at once from then on, and is used again when it thaws', async () => {
  const { from, to, app, heard, states } = await pair();
  process.kill(redis.pid, 'SIGSTOP');
  try {
    expect(await Promise.all([from.probe(200), to.probe(200)])).toEqual([undefined, undefined]);
    expect([from.state(), to.state()]).toEqual(['down', 'down']);
    const startedAtMs = performance.now();
    await expect(send(from, app, 1)).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  } finally {
    process.kill(redis.pid, 'SIGCONT');
  }
  await Promise.all([is(from, 'up'), is(to, 'up')]);
  await send(from, app, 2);
  await soon(() => expect(heard).toContain(2));
  expect(states.slice(0, 2)).toEqual(['down', 'up']);
});

test('a subscriber that is connected and hears nothing is found by the probe and made anew', async () => {
  const way = await startForwarder(redis.url);
  onTestFinished(() => way.stop());
  const { from, to, app, heard } = await pair(way.url.replace('http', 'redis'));
  expect(way.deafen('belfry-bus-subscribe')).toBe(1);
  await send(from, app, 1);
  expect(to.state()).toBe('up');
  expect(await to.probe(200)).toBeUndefined();
  expect(to.state()).toBe('down');
  await is(to, 'up');
  expect(await to.probe(5000)).toBeGreaterThanOrEqual(0);
  await send(from, app, 2);
  await soon(() => expect(heard).toEqual([2]));
});

test('a subscription that Redis does not answer rejects, and stands when the subscriber was made anew', async () => {
  const way = await startForwarder(redis.url);
  onTestFinished(() => way.stop());
  const { from, to, heard } = await pair(way.url.replace('http', 'redis'));
  way.deafen('belfry-bus-subscribe');
  const app = newApp();
  await expect(to.events.follow(app)).rejects.toMatchObject({ code: 'unavailable' });
  await is(to, 'up');
  await send(from, app, 1);
  await soon(() => expect(heard).toEqual([1]));
});

test('a loss of all data of Redis loses no subscription', async () => {
  const { from, app, heard } = await pair();
  const admin = await openRedis(redis.url, 'admin');
  onTestFinished(() => admin.disconnect());
  await admin.flushall();
  await send(from, app, 1);
  await soon(() => expect(heard).toEqual([1]));
});

test('a bus that is closed while Redis is away, or while a probe is under way, ends all the same', async () => {
  const [away, probing] = [await open('a'), await open('b')];
  process.kill(redis.pid, 'SIGSTOP');
  const probe = probing.probe(60_000);
  await probing.close();
  expect(await probe).toBeUndefined();
  process.kill(redis.pid, 'SIGCONT');
  await redis.kill();
  await is(away, 'down');
  await away.close();
});

test('a bus does not open without a Redis, and leaves nothing behind', async () => {
  const { url } = redis;
  await redis.stop();
  await expect(open('a', url)).rejects.toMatchObject({ code: 'unavailable' });
}, 20_000);
