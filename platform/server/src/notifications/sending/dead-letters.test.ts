// Pushes that are given up: which are kept, and what comes of replaying and dropping them.
import { describe, expect, it } from 'vitest';
import { createMemoryQueue } from '../../drivers/queue/memory/create-memory-queue.ts';
import { asAppId } from '../../ports/app-id.ts';
import { DeadLetters } from './dead-letters.ts';
import { app, createWorld, now, scriptedProvider, startProcess, stream } from '../test/push.fixture.ts';
import type { KillAt, World } from '../test/push.fixture.ts';

const day = 24 * 3_600_000;

/** Over the jobs that the world's processes share, with a queue of its own that does no work. */
function lettersOf(world: World): DeadLetters {
  const { clock, jobs, stores } = world;
  return new DeadLetters({ queue: createMemoryQueue({ clock, kept: jobs }), store: stores.deadLetters, clock });
}

/** Everything the provider does fails; resolves when the push was given up. */
async function exhausted(world: World): Promise<Awaited<ReturnType<typeof startProcess>>> {
  world.answer = () => ({ outcome: 'retry', reason: 'HTTP 503' });
  const process = await startProcess(world);
  const { policy } = await world.append({ seq: 1 });
  process.schedule(app, await world.append({ seq: 2, policy: { ...policy, ttlSeconds: 14 * 86_400 } }), now);
  await world.clock.advance(day);
  return process;
}

describe('a push becomes a dead letter', () => {
  it('when its attempts are used up', async () => {
    const world = createWorld();
    await world.device();
    await exhausted(world);
    const { deadLetters } = await lettersOf(world).list(app, { limit: 9 });
    expect(deadLetters).toEqual([
      {
        id: expect.stringMatching(/^[\w-]+$/),
        at: expect.any(String),
        cause: 'attempts_exhausted',
        detail: expect.stringContaining('HTTP 503'),
        ...{ provider: 'hook', userId: 'bob', deviceId: 'device-1', deviceType: 'mobile', recipients: 1 },
        ...{ stream, seq: 2, messageId: world.facts.at(-1)?.messageId },
      },
    ]);
    expect(world.told().at(-1)).toBe('expired_ttl@2 device-1');
    expect(world.counts.get('push_dead_letters_total webhook attempts_exhausted')).toBe(1);
  });

  it('when the credentials are refused, and while the provider is paused because of it', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'rejected', reason: 'credentials', detail: 'HTTP 401' });
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2]) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(1000);
    }
    expect(world.sent).toHaveLength(1);
    const { deadLetters } = await lettersOf(world).list(app, { limit: 9, provider: 'hook' });
    expect(deadLetters.map(({ cause, seq, detail }) => [cause, seq, detail])).toEqual([
      ['credentials_rejected', 2, 'HTTP 401'],
      ['credentials_rejected', 1, 'HTTP 401'],
    ]);
  });

  it('with all of its recipients when Belfry fails at it', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    world.stores.fail('cursors.get');
    schedule(app, await world.append({ seq: 2, policy: { ...policy, ttlSeconds: 14 * 86_400 } }), now);
    await world.clock.advance(2 * day);
    const { deadLetters } = await lettersOf(world).list(app, { limit: 9 });
    expect(deadLetters).toMatchObject([{ cause: 'failed', seq: 2, recipients: 1 }]);
    world.stores.fail(undefined);
    await lettersOf(world).replay(app, deadLetters[0]?.id ?? '');
    await startProcess(world);
    await world.clock.advance(1000);
    expect(world.told().at(-1)).toBe('accepted_by_provider@2 device-1');
    expect((await lettersOf(world).counts(app)).dead).toBe(0);
  });

  it.each([
    ['target_gone', { outcome: 'rejected', reason: 'target_gone', detail: '410' }],
    ['payload_rejected', { outcome: 'rejected', reason: 'payload', detail: '400' }],
    ['quota', { outcome: 'rejected', reason: 'quota', detail: '429' }],
  ] as const)('not when trying again would change nothing: %s', async (_reason, answer) => {
    const world = createWorld();
    await world.device();
    world.answer = () => answer;
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    expect((await lettersOf(world).counts(app)).dead).toBe(0);
  });

  it('not when it is too old', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    schedule(app, await world.append({ seq: 2, policy: { ...policy, ttlSeconds: 5 } }), now);
    await world.clock.advance(day);
    expect(world.told().at(-1)).toBe('expired_ttl@2 device-1');
    expect((await lettersOf(world).counts(app)).dead).toBe(0);
  });

  it.each<KillAt>([
    { effect: 'deadLetter', when: 'before' },
    { effect: 'deadLetter', when: 'after' },
  ])('once, also when the process is killed $when $effect', async (killAt) => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'rejected', reason: 'credentials', detail: 'HTTP 401' });
    const doomed = await startProcess(world, { killAt });
    doomed.schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    await startProcess(world);
    await world.clock.advance(60_000);
    expect((await lettersOf(world).counts(app)).dead).toBe(1);
  });
});

describe('a dead letter', () => {
  it('is sent when it is replayed, with its attempts before it, under the same id', async () => {
    const world = createWorld();
    await world.device();
    await exhausted(world);
    const letters = lettersOf(world);
    const [letter] = (await letters.list(app, { limit: 9 })).deadLetters;
    world.answer = () => ({ outcome: 'accepted' });
    await letters.replay(app, letter?.id ?? '');
    // The letters' queue is nobody's who works: it is for the next process to find.
    await startProcess(world);
    await world.clock.advance(10 * 60_000);
    expect(world.told().at(-1)).toBe('accepted_by_provider@2 device-1');
    expect(world.sent.at(-1)).toMatchObject({ attempt: 1 });
    expect(new Set(world.sent.map(({ delivery }) => delivery.id)).size).toBe(1);
    await expect(letters.replay(app, letter?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is a dead letter again when it is replayed in vain, as often as that happens', async () => {
    const world = createWorld();
    await world.device();
    world.providers.set('hook', scriptedProvider(world, 'hook', { state: 'paused', reason: 'HTTP 401' }));
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    const letters = lettersOf(world);
    const seen = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      const { deadLetters } = await letters.list(app, { limit: 9 });
      expect(deadLetters).toHaveLength(1);
      for (const { id } of deadLetters) seen.add(id);
      expect(await letters.replayAll(app, 'hook')).toBe(1);
      await startProcess(world);
      await world.clock.advance(1000);
    }
    expect(seen.size).toBe(3);
    world.providers.set('hook', scriptedProvider(world, 'hook'));
    expect(await letters.replayAll(app, 'hook')).toBe(1);
    await startProcess(world);
    await world.clock.advance(1000);
    expect(world.sent).toHaveLength(1);
  });

  it('of what was read meanwhile comes to nothing, and several of one stream to one notification', async () => {
    const world = createWorld();
    await world.device();
    await world.device({ userId: 'carol' });
    world.providers.set('hook', scriptedProvider(world, 'hook', { state: 'paused', reason: 'HTTP 401' }));
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2, 3]) {
      schedule(app, await world.append({ seq }), [...now, { userId: 'carol', when: 'now' }]);
      await world.clock.advance(1000);
    }
    await world.stores.cursors.advance(app, [{ userId: 'carol', stream, read: 3 }]);
    world.providers.set('hook', scriptedProvider(world, 'hook'));
    expect(await lettersOf(world).replayAll(app, 'hook')).toBe(6);
    await startProcess(world);
    await world.clock.advance(1000);
    expect(world.sent).toMatchObject([{ delivery: { userId: 'bob', notification: { count: 3, body: 'text 3' } } }]);
  });

  it('is gone when it is dropped, and another app can neither replay nor drop it', async () => {
    const world = createWorld();
    await world.device();
    await exhausted(world);
    const letters = lettersOf(world);
    const [letter] = (await letters.list(app, { limit: 9 })).deadLetters;
    const { id } = letter ?? { id: '' };
    const other = asAppId('other');
    expect(await letters.list(other, { limit: 9 })).toEqual({ deadLetters: [] });
    await expect(letters.replay(other, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(letters.drop(other, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await letters.replayAll(other, 'hook')).toBe(0);
    expect((await letters.counts(other)).dead).toBe(0);
    await letters.drop(app, id);
    await expect(letters.drop(app, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await letters.list(app, { limit: 9 })).toEqual({ deadLetters: [] });
  });
});
