// How many pushes may be made: by app and provider, minute and day, over restarts and nodes, and what it
// costs the store.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { MemoryRates } from '../../drivers/rates/memory/memory-rates.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../../ports/app-id.ts';
import { silentLog } from '../../ports/log.ts';
import { Quotas } from './quotas.ts';
import { app, createWorld, now, scriptedProvider, startProcess } from '../test/push.fixture.ts';

function setUp() {
  const clock = createVirtualClock();
  const { usage } = createMemoryStores();
  let adds = 0;
  let down = false;
  const store = {
    read: usage.read,
    add: async (...args: Parameters<typeof usage.add>) => {
      adds += 1;
      if (down) throw new Error('away');
      return usage.add(...args);
    },
  };
  const rates = new MemoryRates(clock);
  const surroundings = { clock, log: silentLog };
  const node = () => new Quotas({ usage: store, rates, surroundings });
  return { clock, usage, node, adds: () => adds, setDown: (value: boolean) => void (down = value) };
}

const hook = (quota: { perMinute?: number; perDay?: number }) => ({
  provider: { id: 'hook', quota },
  appQuota: undefined,
});

describe('a quota', () => {
  it('of a minute is used up until the minute is over', async () => {
    const { clock, node } = setUp();
    const quotas = node();
    await quotas.load(app);
    const asked = hook({ perMinute: 2 });
    for (let n = 0; n < 2; n += 1) {
      expect(await quotas.spent(app, asked)).toBeUndefined();
      expect(await quotas.take(app, asked)).toBeUndefined();
    }
    expect(await quotas.spent(app, asked)).toBe('provider');
    await clock.advance(60_000);
    expect(await quotas.spent(app, asked)).toBeUndefined();
  });

  it('of a day is used up until midnight UTC, and over a restart', async () => {
    const { clock, node } = setUp();
    const first = node();
    await first.load(app);
    for (let n = 0; n < 3; n += 1) await first.take(app, hook({}));
    await first.stop();
    const second = node();
    await second.load(app);
    expect(await second.spent(app, hook({ perDay: 3 }))).toBe('provider');
    expect(await second.spent(app, hook({ perDay: 4 }))).toBeUndefined();
    expect(await second.spent(asAppId('other'), hook({ perDay: 1 }))).toBeUndefined();
    await clock.advance(24 * 3_600_000);
    await second.load(app);
    expect(await second.spent(app, hook({ perDay: 3 }))).toBeUndefined();
  });

  it('of the app is shared by its providers', async () => {
    const quotas = setUp().node();
    await quotas.load(app);
    await quotas.take(app, hook({}));
    await quotas.take(app, { provider: { id: 'mail' }, appQuota: undefined });
    const ask = (perDay: number) => quotas.spent(app, { provider: { id: 'other' }, appQuota: { perDay } });
    expect([await ask(2), await ask(3)]).toEqual(['app', undefined]);
    expect(await quotas.today(app)).toBe(2);
    expect(await quotas.today(app, 'mail')).toBe(1);
  });

  it('of a minute is shared by nodes, by the provider and the app alike', async () => {
    const { node } = setUp();
    const [here, there] = [node(), node()];
    await Promise.all([here.load(app), there.load(app)]);
    const ofApp = { provider: { id: 'hook' }, appQuota: { perMinute: 3 } };
    const taken = await Promise.all([here, there, here, there].map((quotas) => quotas.take(app, ofApp)));
    expect(taken).toEqual([undefined, undefined, undefined, 'app']);
    expect(await here.spent(app, ofApp)).toBe('app');
    expect(await here.spent(asAppId('other'), ofApp)).toBeUndefined();
  });

  it('counts a push that it refuses neither for the day nor for the minute', async () => {
    const { node } = setUp();
    const quotas = node();
    await quotas.load(app);
    expect(await quotas.take(app, hook({ perMinute: 1 }))).toBeUndefined();
    expect(await quotas.take(app, { ...hook({ perMinute: 1 }), appQuota: { perMinute: 2 } })).toBe('provider');
    expect(await quotas.today(app)).toBe(1);
    expect(await quotas.spent(app, { provider: { id: 'other' }, appQuota: { perMinute: 2 } })).toBeUndefined();
  });

  it('of a day is not exceeded by pushes that are made side by side', async () => {
    const quotas = setUp().node();
    await quotas.load(app);
    const taken = await Promise.all(
      Array.from({ length: 5 }, () => quotas.take(app, hook({ perDay: 2, perMinute: 9 }))),
    );
    expect(taken.filter((spent) => spent === undefined)).toHaveLength(2);
  });

  it('of 0 lets nothing through', async () => {
    const quotas = setUp().node();
    await quotas.load(app);
    expect(await quotas.spent(app, hook({ perMinute: 0 }))).toBe('provider');
    expect(await quotas.spent(app, hook({ perDay: 0 }))).toBe('provider');
  });
});

describe('counting', () => {
  it('writes once a second, whatever was pushed', async () => {
    const { clock, node, adds, usage } = setUp();
    const quotas = node();
    await quotas.load(app);
    for (let n = 0; n < 1000; n += 1) await quotas.take(app, hook({}));
    await clock.advance(1000);
    expect(adds()).toBe(1);
    expect(await usage.read(app, '2026-01-01')).toEqual(
      new Map([
        ['push', 1000],
        ['push:hook', 1000],
      ]),
    );
    await clock.advance(60_000);
    expect(adds()).toBe(1);
  });

  it('learns what other nodes count', async () => {
    const { clock, node } = setUp();
    const [here, there] = [node(), node()];
    await Promise.all([here.load(app), there.load(app)]);
    for (let n = 0; n < 5; n += 1) await there.take(app, hook({}));
    await clock.advance(10_000);
    await here.load(app);
    expect(await here.spent(app, hook({ perDay: 5 }))).toBe('provider');
  });

  it('loses nothing while the store is away', async () => {
    const { clock, node, setDown, usage } = setUp();
    const quotas = node();
    await quotas.load(app);
    setDown(true);
    await quotas.take(app, hook({}));
    await clock.advance(3000);
    await quotas.take(app, hook({}));
    expect(await quotas.spent(app, hook({ perDay: 2 }))).toBe('provider');
    setDown(false);
    await clock.advance(3000);
    expect((await usage.read(app, '2026-01-01')).get('push:hook')).toBe(2);
  });
});

describe('a push over a quota', () => {
  it('is not sent, and is reported and counted', async () => {
    const world = createWorld();
    world.providers.set('hook', scriptedProvider(world, 'hook', { quota: { perDay: 2 } }));
    await world.device();
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2, 3]) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    expect(world.sent).toHaveLength(2);
    expect(world.told().at(-1)).toBe('quota@3 device-1');
    expect(world.counts.get('deliveries_total quota')).toBe(1);
    expect(world.counts.get('push_quota_refused_total webhook provider')).toBe(1);
  });

  it('is one whatever its attempts', async () => {
    const world = createWorld();
    world.settings.pushQuota = { perDay: 2 };
    await world.device();
    const answers = [
      { outcome: 'retry' as const, reason: 'busy' },
      { outcome: 'retry' as const, reason: 'busy' },
    ];
    world.answer = () => answers.shift() ?? { outcome: 'accepted' };
    const process = await startProcess(world);
    process.schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(60_000);
    expect(world.sent).toHaveLength(3);
    expect(await process.usedToday(app)).toBe(1);
    expect((await process.servedProviders(app)).get('hook')?.hindrance).toBeUndefined();
    process.schedule(app, await world.append({ seq: 2 }), now);
    await world.clock.advance(1000);
    expect((await process.servedProviders(app)).get('hook')?.hindrance).toBe('quota');
  });
});
