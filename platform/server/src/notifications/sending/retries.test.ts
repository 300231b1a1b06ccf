// When a provider is called again, when it is not any more, and what a service that is down costs. Over
// engines in memory.
import { describe, expect, it } from 'vitest';
import { app, createWorld, now, startProcess, stream } from '../test/push.fixture.ts';

describe('retries', () => {
  it('back off, obey Retry-After as a lower bound, and end with the first acceptance', async () => {
    const world = createWorld();
    await world.device();
    const answers = [
      { outcome: 'retry' as const, reason: 'HTTP 500' },
      { outcome: 'retry' as const, reason: 'HTTP 429', afterMs: 60_000 },
      { outcome: 'accepted' as const },
    ];
    world.answer = () => answers.shift() ?? { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(30_000);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
    await world.clock.advance(60_000);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const [first, second, third] = world.sent.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(500);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(new Set(world.sent.map(({ delivery }) => delivery.id)).size).toBe(1);
    expect(world.told()).toEqual([
      'queued@1',
      'retrying@1 device-1',
      'retrying@1 device-1',
      'accepted_by_provider@1 device-1',
    ]);
    expect(world.facts[1]).toMatchObject({
      afterMs: 500,
      attempt: { number: 1, outcome: 'retry', detail: 'HTTP 500' },
    });
  });

  it('of one device do not repeat the others', async () => {
    const world = createWorld();
    await world.device();
    await world.device();
    world.answer = ({ delivery, attempt }) =>
      delivery.device.id === 'device-2' && attempt < 3 ? { outcome: 'retry', reason: 'busy' } : { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(60_000);
    expect(world.sent.map(({ delivery, attempt }) => `${delivery.device.id} ${attempt}`)).toEqual([
      'device-1 1',
      'device-2 1',
      'device-2 2',
      'device-2 3',
    ]);
  });

  it('keep the wait that each device was answered with', async () => {
    const world = createWorld();
    await world.device();
    await world.device();
    const waits = new Map([
      ['device-1', 2_000],
      ['device-2', 9_000],
    ]);
    world.answer = ({ delivery }) => ({ outcome: 'retry', reason: 'busy', afterMs: waits.get(delivery.device.id) });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(8_900);
    expect(world.sent.map(({ delivery }) => delivery.device.id)).toEqual([
      'device-1',
      'device-2',
      'device-1',
      'device-1',
      'device-1',
    ]);
    await world.clock.advance(500);
    expect(world.sent.at(-1)).toMatchObject({ attempt: 2, delivery: { device: { id: 'device-2' } } });
  });

  it('end after the last attempt', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(24 * 3_600_000);
    expect(world.sent).toHaveLength(10);
    expect(world.told().at(-1)).toBe('expired_ttl@1 device-1');
    expect(world.lines.at(-1)).toMatchObject({ level: 'warn', msg: 'push failed' });
  });

  it('end when the message is too old', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    schedule(app, await world.append({ seq: 2, policy: { ...policy, waitMs: 0, ttlSeconds: 3 } }), now);
    await world.clock.advance(60_000);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(world.told().at(-1)).toBe('expired_ttl@2 device-1');
  });

  it('are cancelled by an acknowledgement, and by a later claim', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'busy', afterMs: 10_000 });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    schedule(app, await world.append({ seq: 2 }), now);
    await world.clock.advance(1000);
    expect(world.sent).toHaveLength(2);
    await world.clock.advance(8500);
    expect(world.told().at(-1)).toBe('collapsed_into(2)@1');
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, seen: 2 }]);
    await world.clock.advance(60_000);
    expect(world.sent).toHaveLength(2);
    expect(world.told().at(-1)).toBe('cancelled_acked@2');
  });

  it('stop while a service is down, without using attempts, and all are delivered when it is back', async () => {
    const world = createWorld();
    const users = Array.from({ length: 40 }, (_, n) => `user-${n}`);
    for (const userId of users) await world.device({ userId });
    let up = false;
    world.answer = () => (up ? { outcome: 'accepted' } : { outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    schedule(
      app,
      await world.append({ seq: 1 }),
      users.map((userId) => ({ userId, when: 'now' as const })),
    );
    await world.clock.advance(30 * 60_000);
    // 32 side by side before anything is known, then a probe now and then: without the breaker it were 400.
    expect(world.sent.length).toBeLessThan(80);
    up = true;
    await world.clock.advance(30 * 60_000);
    const delivered = world.facts.filter(({ reason }) => reason === 'accepted_by_provider');
    expect(new Set(delivered.map(({ userId }) => userId)).size).toBe(40);
  });
});
