// The effect of users' preferences on their pushes: levels, mutes, quiet hours that put off, over
// restarts. The rules alone: check-preferences.test.ts.
import type { Preferences } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { app, bodies, createWorld, now, startProcess, stream, wait } from '../test/push.fixture.ts';
import type { World } from '../test/push.fixture.ts';

const hour = 3_600_000;
/** The world begins at midnight UTC, so it is quiet for seven hours. */
const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };

let version = 0;
async function prefer(world: World, preferences: Partial<Preferences>, userId = 'bob'): Promise<void> {
  version = ((await world.stores.preferences.ofUsers(app, [userId])).get(userId)?.version ?? 0) + 1;
  const whole = { level: 'all' as const, conversations: {}, ...preferences };
  await world.stores.preferences.put(app, { userId, version, preferences: whole });
}

async function quietWorld(): Promise<World> {
  const world = createWorld();
  await world.device();
  await prefer(world, { quietHours });
  return world;
}

describe('levels and mutes', () => {
  it.each([
    ['preference_off', { level: 'none' }],
    ['mentions_only', { level: 'mentions' }],
    ['muted', { conversations: { c1: { muteUntil: '2030-01-01T00:00:00.000Z' } } }],
  ] as const)('%s: nothing is sent, and the journey says why', async (reason, preferences) => {
    const world = createWorld();
    await world.device();
    await prefer(world, preferences);
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    expect(world.sent).toEqual([]);
    expect(world.told()).toEqual(['queued@1', `${reason}@1`]);
  });

  it('count only wanted messages, and report the reason for the rest', async () => {
    const world = createWorld();
    await world.device();
    await prefer(world, { level: 'mentions' });
    const { schedule } = await startProcess(world);
    const data = (text: string, mentions: string[] = []) => ({ type: 'text', content: { text }, mentions });
    const first = await world.append({ seq: 1, data: data('a', ['bob']) });
    await world.append({ seq: 2, data: data('b') });
    await world.append({ seq: 3, data: data('c', ['bob']) });
    await world.append({ seq: 4, data: data('d') });
    schedule(app, first, now);
    await world.clock.advance(1000);
    expect(world.sent).toMatchObject([{ delivery: { notification: { body: 'c', count: 2 } } }]);
    expect(world.told()).toEqual([
      'queued@1',
      'mentions_only@4',
      'mentions_only@2',
      'collapsed_into(3)@1',
      'accepted_by_provider@3 device-1',
    ]);
  });

  it('do not let what nobody wants cover what is owed', async () => {
    const world = createWorld();
    await world.device();
    await prefer(world, { level: 'mentions' });
    const gateway = await startProcess(world, { work: false });
    const mentions = { type: 'text', content: { text: 'for bob' }, mentions: ['bob'] };
    gateway.schedule(app, await world.append({ seq: 1, data: mentions }), now);
    await world.clock.advance(100);
    gateway.schedule(app, await world.append({ seq: 2 }), now);
    await world.clock.advance(100);
    await startProcess(world);
    await world.clock.advance(100);
    expect(bodies(world)).toEqual(['for bob']);
    expect(world.told()).toContain('mentions_only@2');
  });

  it('stop a push that is being tried again', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'busy', afterMs: 60_000 });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    await prefer(world, { level: 'none' });
    await world.clock.advance(2 * 60_000);
    expect(world.sent).toHaveLength(1);
    expect(world.told().at(-1)).toBe('preference_off@1');
  });

  it('are ignored where the policy says so', async () => {
    const world = createWorld();
    await world.device();
    await prefer(world, { level: 'none', quietHours });
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    schedule(app, await world.append({ seq: 2, policy: { ...policy, respectPreferences: false } }), now);
    await world.clock.advance(1000);
    expect(world.sent).toMatchObject([{ delivery: { notification: { body: 'text 2', count: 1 } } }]);
  });
});

describe('quiet hours', () => {
  it('put a push off until they end, and report it once', async () => {
    const world = await quietWorld();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(7 * hour - 1);
    expect(world.sent).toEqual([]);
    expect(world.told()).toEqual(['queued@1', 'quiet_hours_deferred@1']);
    expect(world.facts[1]?.afterMs).toBe(7 * hour);
    await world.clock.advance(1000);
    expect(bodies(world)).toEqual(['text 1']);
    expect(world.sent[0]?.atMs).toBeLessThan(Date.UTC(2026, 0, 1, 7, 0, 1));
    expect(world.told().at(-1)).toBe('accepted_by_provider@1 device-1');
  });

  it('make one notification of all that came, with the right count', async () => {
    const world = await quietWorld();
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2, 3]) {
      schedule(app, await world.append({ seq }), seq === 2 ? wait : now);
      await world.clock.advance(30 * 60_000);
    }
    await world.clock.advance(7 * hour);
    expect(world.sent).toMatchObject([{ delivery: { notification: { body: 'text 3', count: 3 } } }]);
    const told = world.told();
    expect(told).toContain('collapsed_into(2)@1');
    expect(told).toContain('collapsed_into(3)@2');
    expect(told.at(-1)).toBe('accepted_by_provider@3 device-1');
  });

  it('push nothing that was read or acknowledged by their end', async () => {
    const world = await quietWorld();
    await world.device({ userId: 'carol' });
    await prefer(world, { quietHours }, 'carol');
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), [...now, { userId: 'carol', when: 'now' }]);
    await world.clock.advance(hour);
    await world.stores.cursors.advance(app, [
      { userId: 'bob', stream, read: 1 },
      { userId: 'carol', stream, seen: 1 },
    ]);
    await world.clock.advance(10 * hour);
    expect(world.sent).toEqual([]);
    expect(world.told().slice(-2).toSorted()).toEqual(['cancelled_acked@1', 'cancelled_read@1']);
  });

  it('are kept over a kill, also when the next process starts after their end', async () => {
    for (const restartAfterMs of [hour, 9 * hour]) {
      const world = await quietWorld();
      const first = await startProcess(world);
      first.schedule(app, await world.append({ seq: 1 }), now);
      await world.clock.advance(60_000);
      first.kill();
      await world.clock.advance(restartAfterMs);
      await startProcess(world);
      await world.clock.advance(10 * hour);
      expect(bodies(world)).toEqual(['text 1']);
      expect(world.sent[0]?.atMs).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 1, 7));
    }
  });

  it('put off some users of a job and not the others, by each one’s own clock', async () => {
    const world = await quietWorld();
    await world.device({ userId: 'carol' });
    await world.device({ userId: 'dave' });
    await prefer(world, { quietHours: { ...quietHours, timeZone: 'Asia/Shanghai' } }, 'carol');
    await prefer(world, { quietHours: { ...quietHours, timeZone: 'America/New_York' } }, 'dave');
    const { schedule } = await startProcess(world);
    await world.clock.advance(4 * hour);
    schedule(
      app,
      await world.append({ seq: 1 }),
      ['bob', 'carol', 'dave'].map((userId) => ({ userId, when: 'now' as const })),
    );
    await world.clock.advance(9 * hour);
    expect(world.sent.map(({ delivery, atMs }) => [delivery.userId, new Date(atMs).getUTCHours()])).toEqual([
      ['carol', 4],
      ['bob', 7],
      ['dave', 12],
    ]);
  });

  it('are passed by what is urgent, which takes along what waited', async () => {
    const world = await quietWorld();
    const { schedule } = await startProcess(world);
    const first = await world.append({ seq: 1 });
    schedule(app, first, now);
    await world.clock.advance(hour);
    schedule(app, await world.append({ seq: 2, policy: { ...first.policy, priority: 'urgent' } }), now);
    await world.clock.advance(1000);
    expect(world.sent).toMatchObject([{ delivery: { notification: { priority: 'urgent', count: 2 } } }]);
    await world.clock.advance(10 * hour);
    expect(world.sent).toHaveLength(1);
    expect(world.told()).toContain('collapsed_into(2)@1');
  });

  it('do not let what waits take along what is urgent', async () => {
    const world = await quietWorld();
    const gateway = await startProcess(world, { work: false });
    const { policy } = await world.append({ seq: 1 });
    gateway.schedule(app, await world.append({ seq: 2, policy: { ...policy, priority: 'urgent' } }), now);
    await world.clock.advance(100);
    gateway.schedule(app, await world.append({ seq: 3 }), now);
    await world.clock.advance(100);
    await startProcess(world);
    await world.clock.advance(1000);
    expect(bodies(world)).toEqual(['text 2']);
    await world.clock.advance(8 * hour);
    expect(bodies(world)).toEqual(['text 2', 'text 3']);
    expect(world.sent[1]?.delivery.notification.count).toBe(3);
  });

  it('put off further attempts of a push that began before them, for the devices that are still without it', async () => {
    const world = createWorld();
    await world.device();
    await world.device();
    await prefer(world, { quietHours: { ...quietHours, from: '00:30' } });
    world.answer = ({ delivery, attempt }) =>
      delivery.device.id === 'device-2' && attempt === 1
        ? { outcome: 'retry', reason: 'busy', afterMs: hour }
        : { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(7 * hour - 1);
    expect(world.sent).toHaveLength(2);
    expect(world.told().filter((line) => line.startsWith('quiet'))).toEqual(['quiet_hours_deferred@1']);
    await world.clock.advance(1000);
    expect(world.sent.slice(2)).toMatchObject([{ attempt: 2, delivery: { device: { id: 'device-2' } } }]);
  });

  it('let go within the hour when the user takes them back, and a wall clock that was wrong holds nothing longer', async () => {
    for (const change of [(world: World) => prefer(world, {}), async (world: World) => world.clock.jump(8 * hour)]) {
      const world = await quietWorld();
      const { schedule } = await startProcess(world);
      schedule(app, await world.append({ seq: 1 }), now);
      await world.clock.advance(60_000);
      await change(world);
      await world.clock.advance(hour);
      expect(bodies(world)).toEqual(['text 1']);
    }
  });

  it('outlast a push that is not worth as much', async () => {
    const world = await quietWorld();
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    schedule(app, await world.append({ seq: 2, policy: { ...policy, ttlSeconds: 60 } }), now);
    await world.clock.advance(8 * hour);
    expect(world.sent).toEqual([]);
    expect(world.told().at(-1)).toBe('expired_ttl@2 device-1');
  });
});
