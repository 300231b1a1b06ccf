// G10: a process is killed between any two steps of a push, another takes over. Nothing is lost, and what is
// said twice replaces itself.
import { describe, expect, it } from 'vitest';
import { app, createWorld, startProcess, stream } from './push.fixture.ts';
import type { KillAt, World } from './push.fixture.ts';

const effects: KillAt[] = (['heads', 'claim', 'add', 'send', 'clearOutbox'] as const).flatMap((effect) => [
  { effect, when: 'before' as const },
  { effect, when: 'after' as const },
]);
const whens = ['now', 'wait', 'mixed'] as const;
const cases = effects.flatMap((killAt) => whens.map((when) => ({ ...killAt, whom: when })));

async function worldOfTwo(): Promise<World> {
  const world = createWorld();
  world.recipientsOf = () => ['bob', 'carol', 'nodevice'];
  await world.device({ userId: 'bob' });
  await world.device({ userId: 'carol' });
  return world;
}

const recipients = (whom: (typeof whens)[number]) => [
  { userId: 'bob', when: whom === 'wait' ? ('wait' as const) : ('now' as const) },
  { userId: 'carol', when: whom === 'now' ? ('now' as const) : ('wait' as const) },
];

describe.each(cases)('killed $when $effect, with recipients $whom', ({ effect, when, whom }) => {
  it('everybody is notified once, or again under the same key and id', async () => {
    const world = await worldOfTwo();
    const doomed = await startProcess(world, { killAt: { effect, when } });
    doomed.schedule(app, await world.append({ seq: 1 }), recipients(whom));
    await world.clock.advance(6000);
    doomed.kill();
    await startProcess(world);
    await world.clock.advance(60_000);

    for (const userId of ['bob', 'carol']) {
      const mine = world.sent.filter(({ delivery }) => delivery.userId === userId);
      expect(mine.length).toBeGreaterThanOrEqual(1);
      // The kill may come between a send and its record: then, and then alone, it is sent twice.
      expect(mine.length).toBeLessThanOrEqual(2);
      expect(new Set(mine.map(({ delivery }) => delivery.id)).size).toBe(1);
      expect(new Set(mine.map(({ delivery }) => delivery.notification.collapseKey)).size).toBe(1);
    }
    expect(await world.stores.outbox.take({ nowMs: Number.MAX_SAFE_INTEGER, limit: 10, leaseMs: 0 })).toEqual([]);
  });

  it('nobody is notified who acknowledged before the other took over', async () => {
    const world = await worldOfTwo();
    const doomed = await startProcess(world, { killAt: { effect, when }, work: false });
    doomed.schedule(app, await world.append({ seq: 1 }), recipients(whom));
    await world.clock.advance(6000);
    doomed.kill();
    await world.stores.cursors.advance(
      app,
      ['bob', 'carol'].map((userId) => ({ userId, stream, delivered: 1, seen: 1 })),
    );
    await startProcess(world);
    await world.clock.advance(60_000);
    expect(world.sent).toEqual([]);
    expect(await world.stores.outbox.take({ nowMs: Number.MAX_SAFE_INTEGER, limit: 10, leaseMs: 0 })).toEqual([]);
  });
});

it('a message that comes after the kill covers what the dead process had claimed', async () => {
  const world = await worldOfTwo();
  const doomed = await startProcess(world, { killAt: { effect: 'claim', when: 'after' } });
  doomed.schedule(app, await world.append({ seq: 1 }), recipients('now'));
  await world.clock.advance(100);
  const next = await startProcess(world);
  next.schedule(app, await world.append({ seq: 2 }), recipients('now'));
  await world.clock.advance(60_000);
  expect(world.sent.map(({ delivery }) => [delivery.userId, delivery.notification.count])).toEqual([
    ['bob', 2],
    ['carol', 2],
  ]);
});

it('the relay leaves alone what this process is still waiting with, and what is not due', async () => {
  const world = await worldOfTwo();
  const { schedule } = await startProcess(world);
  const { policy } = await world.append({ seq: 1, outbox: { dueAt: Infinity } });
  await world.stores.messages.clearOutbox(app, [{ stream, seq: 1 }]);
  schedule(app, await world.append({ seq: 2, policy: { ...policy, waitMs: 60_000 } }), recipients('wait'));
  await world.clock.advance(30_000);
  expect(world.sent).toEqual([]);
  await world.clock.advance(31_000);
  expect(world.sent).toHaveLength(2);
});

it('a store that is away delays a push and does not lose it', async () => {
  const world = await worldOfTwo();
  const { schedule } = await startProcess(world);
  const message = await world.append({ seq: 1 });
  world.stores.fail('*');
  schedule(app, message, recipients('now'));
  await world.clock.advance(60_000);
  expect(world.sent).toEqual([]);
  world.stores.fail(undefined);
  await world.clock.advance(120_000);
  expect(world.sent).toHaveLength(2);
  expect(await world.stores.outbox.take({ nowMs: Number.MAX_SAFE_INTEGER, limit: 10, leaseMs: 0 })).toEqual([]);
});

it('a message whose recipients cannot be found does not stand in the way of others', async () => {
  const world = await worldOfTwo();
  world.recipientsOf = ({ seq }) => {
    if (seq === 1) throw new Error('defect');
    return ['bob'];
  };
  await world.append({ seq: 1 });
  await world.append({ seq: 2 });
  await startProcess(world);
  await world.clock.advance(20_000);
  expect(world.sent).toHaveLength(1);
});
