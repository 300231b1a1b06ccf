// Two workers over one store, each with a queue of its own, as two nodes of a cluster: what they may not do
// to each other's pushes.
import { expect, it } from 'vitest';
import { MemoryJobs } from '../../drivers/queue/memory/memory-jobs.ts';
import { app, bodies, createWorld, now, startProcess, stream } from './push.fixture.ts';
import type { Process, World } from './push.fixture.ts';

/** The embedded queue has one process to its jobs; the second node's are its own. */
async function startTwo(world: World): Promise<[Process, Process]> {
  return [await startProcess(world), await startProcess({ ...world, jobs: new MemoryJobs() })];
}

it('a job that was begun before a newer claim does not put its notification over the newer one', async () => {
  const world = createWorld();
  await world.device();
  const [slow, quick] = await startTwo(world);
  const { promise: held, resolve: letGo } = Promise.withResolvers<undefined>();
  // The slow worker has read the cursor, and waits for the log.
  world.readsWaitFor.push(held);
  slow.schedule(app, await world.append({ seq: 1 }), now);
  await world.clock.advance(10);
  quick.schedule(app, await world.append({ seq: 2 }), now);
  await world.clock.advance(10);
  expect(bodies(world)).toEqual(['text 2']);
  letGo(undefined);
  await world.clock.advance(10);
  expect(bodies(world)).toEqual(['text 2']);
  expect(world.told()).toContain('collapsed_into(2)@1');
});

it('a job of an older claim that comes to its turn after the newer one is covered by it, whichever worker sent that', async () => {
  const world = createWorld();
  await world.device();
  const [one, other] = await startTwo(world);
  const answers = [{ outcome: 'retry' as const, reason: 'busy', afterMs: 5000 }];
  world.answer = () => answers.shift() ?? { outcome: 'accepted' };
  one.schedule(app, await world.append({ seq: 1 }), now);
  await world.clock.advance(100);
  other.schedule(app, await world.append({ seq: 2 }), now);
  await world.clock.advance(60_000);
  // The second attempt for 1 is not made: the notification of 2 counts it.
  expect(bodies(world)).toEqual(['text 1', 'text 2']);
  expect(world.sent.at(-1)?.delivery.notification.count).toBe(2);
});

it('the messages that a dead node left are claimed by the others, each message by one', async () => {
  const world = createWorld();
  world.recipientsOf = () => ['bob'];
  await world.device();
  for (const seq of [1, 2, 3, 4, 5]) await world.append({ seq });
  await startTwo(world);
  await world.clock.advance(60_000);
  expect(world.sent.at(-1)?.delivery.notification.body).toBe('text 5');
  expect(world.told().filter((fact) => fact.startsWith('queued')).length).toBeLessThanOrEqual(5);
  expect(await world.stores.outbox.take({ nowMs: Number.MAX_SAFE_INTEGER, limit: 9, leaseMs: 0 })).toEqual([]);
  expect((await world.stores.cursors.get(app, stream, ['bob'])).get('bob')?.pushed).toBe(5);
});
