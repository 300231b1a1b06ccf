// Subscribers of the topic `stats` get figures each second; nothing runs when there are none.
import { expect, test } from 'vitest';
import { eventData } from '@belfry/protocol';
import { createLiveStats } from './live-stats.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { consoleApp } from '../ports/app-id.ts';
import { Registry } from './registry.ts';
import { demo, Installation, makeSession, page, RecordedLog, type TestSession } from './test/sessions.fixture.ts';

const admin = page('/admin', ['real_time_stats']);

async function setUp() {
  const clock = createVirtualClock();
  const registry = new Registry();
  const installation = new Installation();
  const log = new RecordedLog();
  const stats = createLiveStats({ registry, presence: installation.presence, clock, log });

  async function open(session: TestSession): Promise<TestSession> {
    registry.add(session);
    await installation.presence.join(demo, session.record());
    return session;
  }
  function subscribe(session: TestSession, topic = 'stats'): void {
    registry.subscribe(session, topic);
    stats.subscribed(session, topic);
  }
  const boss = await open(makeSession('boss', { page: admin }));
  return { clock, registry, installation, log, stats, open, subscribe, boss };
}

test('a subscriber gets each second who is there and how much is said', async () => {
  const { clock, stats, open, subscribe, boss } = await setUp();
  await open(makeSession('alice', { device: { id: 'p', type: 'mobile' } }));
  await open(makeSession('alice'));
  await open(makeSession('visitor:018f0000-0000-7000-8000-000000000001'));
  subscribe(boss);
  stats.delivered(demo, { isMessage: true, sent: 3 });
  stats.delivered(demo, { isMessage: false, sent: 2 });
  await clock.advance(1000);
  await clock.advance(1000);
  expect(boss.outlet.actions()).toEqual(['stats_update', 'stats_update']);
  expect(boss.outlet.events.map(({ data }) => eventData.stats_update.parse(data))).toEqual([
    {
      connections: { total: 4, byDeviceType: { desktop: 3, mobile: 1 }, byPage: { '/admin': 1, '/chat': 3 } },
      users: 2,
      messagesPerSecond: 1,
      eventsPerSecond: 5,
      at: '2026-01-01T00:00:01.000Z',
    },
    expect.objectContaining({ messagesPerSecond: 0, eventsPerSecond: 0, at: '2026-01-01T00:00:02.000Z' }),
  ]);
  stats.stop();
  expect(clock.pending()).toBe(0);
});

test('a single timer serves all subscribers of an app, and ends with the last of them', async () => {
  const { clock, registry, open, subscribe, boss } = await setUp();
  const second = await open(makeSession('second', { page: admin }));
  expect(clock.pending()).toBe(0);
  subscribe(boss, 'news');
  expect(clock.pending()).toBe(0);
  subscribe(boss);
  subscribe(second);
  expect(clock.pending()).toBe(1);
  registry.remove(boss);
  await clock.advance(1000);
  expect([boss.outlet.events.length, second.outlet.events.length]).toEqual([0, 1]);
  registry.unsubscribe(second, 'stats');
  await clock.advance(1000);
  expect([second.outlet.events.length, clock.pending()]).toEqual([1, 0]);
  subscribe(second);
  await clock.advance(1000);
  expect(second.outlet.events).toHaveLength(2);
});

test('a page without real_time_stats gets nothing until it has it', async () => {
  const { clock, open, subscribe } = await setUp();
  const alice = await open(makeSession('alice', { tokenTopics: ['stats'] }));
  subscribe(alice);
  await clock.advance(2000);
  expect(alice.outlet.events).toEqual([]);
  alice.page = admin;
  await clock.advance(1000);
  expect(alice.outlet.actions()).toEqual(['stats_update']);
});

test('presence that is away costs a second, and not the rest', async () => {
  const { clock, installation, log, subscribe, boss } = await setUp();
  const { count } = installation.presence;
  installation.presence.count = () => Promise.reject(new Error('away'));
  subscribe(boss);
  await clock.advance(1000);
  expect([boss.outlet.events, log.of('debug')]).toEqual([[], ['live stats could not be read']]);
  installation.presence.count = count;
  await clock.advance(1000);
  expect(boss.outlet.actions()).toEqual(['stats_update']);
});

test('where reading takes long the numbers come less often', async () => {
  const { clock, installation, subscribe, boss } = await setUp();
  const { count } = installation.presence;
  installation.presence.count = async (app) => {
    await new Promise<void>((resolve) => void clock.after(100, resolve));
    return await count(app);
  };
  subscribe(boss);
  await clock.advance(1000 + 100);
  expect(boss.outlet.events).toHaveLength(1);
  await clock.advance(1899);
  expect(boss.outlet.events).toHaveLength(1);
  await clock.advance(1 + 100);
  expect(boss.outlet.events).toHaveLength(2);
});

test('somebody at the console gets the figures of the app that they look at, and its own subscribers theirs', async () => {
  const { clock, registry, stats, subscribe, boss } = await setUp();
  const anna = makeSession('acc:anna', { app: consoleApp });
  registry.add(anna);
  registry.subscribe(anna, 'stats.demo');
  stats.subscribed(anna, 'stats.demo');
  subscribe(boss);
  await clock.advance(1000);
  expect(anna.outlet.events).toMatchObject([{ topic: 'stats.demo', data: { connections: { total: 1 } } }]);
  expect(boss.outlet.events).toMatchObject([{ topic: 'stats', data: { connections: { total: 1 } } }]);
  registry.unsubscribe(anna, 'stats.demo');
  registry.unsubscribe(boss, 'stats');
  await clock.advance(3000);
  expect(clock.pending()).toBe(0);
});

test('of several nodes the rates are sums of what each has counted since', async () => {
  const clock = createVirtualClock();
  const registry = new Registry();
  const installation = new Installation();
  const boss = makeSession('boss', { page: admin });
  registry.add(boss);
  registry.subscribe(boss, 'stats');
  const counted: [node: string, counts: { messages: number; events: number }][][] = [
    [
      ['n1', { messages: 0, events: 0 }],
      ['n2', { messages: 0, events: 0 }],
    ],
    [
      ['n1', { messages: 10, events: 100 }],
      ['n2', { messages: 5, events: 50 }],
    ],
    [
      ['n1', { messages: 12, events: 130 }],
      ['n2', { messages: 6, events: 51 }],
      ['n3', { messages: 900, events: 900 }],
    ],
    // One was started anew.
    [
      ['n1', { messages: 0, events: 1 }],
      ['n3', { messages: 901, events: 902 }],
    ],
  ];
  let asked = 0;
  const totals = async () => new Map(counted[asked++] ?? []);
  const log = new RecordedLog();
  const stats = createLiveStats({ registry, presence: installation.presence, clock, log, totals });
  stats.subscribed(boss, 'stats');
  await clock.advance(3000);
  const rates = boss.outlet.events.map(({ data }) => eventData.stats_update.parse(data));
  expect(rates.map(({ messagesPerSecond, eventsPerSecond }) => [messagesPerSecond, eventsPerSecond])).toEqual([
    [15, 150],
    [3, 31],
    [1, 2],
  ]);
  stats.stop();
});
