// The error budget of one configuration: what uses it up, how a service comes back, and what is told of it.
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { app, createWorld, now, startProcess } from '../test/push.fixture.ts';
import { Breaker, type CallClass } from './breaker.ts';

function setUp() {
  const clock = createVirtualClock();
  const breaker = new Breaker(clock);
  const say = (...all: CallClass[]) => all.map((said) => breaker.record('app/hook', said)).filter(Boolean);
  const times = (count: number, ...all: CallClass[]) => Array.from({ length: count }, () => all).flat();
  return { clock, breaker, say, times, heldMs: () => breaker.admitMs('app/hook') };
}

describe('an error budget', () => {
  test('is used up by ten failures in a row, and by nothing that a service answers', () => {
    const { say, times, heldMs } = setUp();
    expect(say(...times(30, 'target', 'payload', 'credentials', 'quota'))).toEqual([]);
    expect(say(...times(9, 'unavailable'), 'accepted', ...times(9, 'unavailable'))).toEqual([]);
    expect(heldMs()).toBe(0);
    expect(say('unavailable')).toEqual(['opened']);
    expect(heldMs()).toBe(5000);
  });

  test('is used up by more failures than answers within five minutes, though never ten in a row', async () => {
    const { say, times, clock, heldMs } = setUp();
    expect(say(...times(6, 'unavailable', 'accepted', 'unavailable'))).toEqual([]);
    expect(say('unavailable', 'unavailable')).toEqual(['opened']);
    expect(heldMs()).toBe(5000);
    const other = setUp();
    other.say(...times(6, 'unavailable', 'accepted', 'unavailable'));
    await other.clock.advance(6 * 60_000);
    expect(other.say('unavailable', 'accepted')).toEqual([]);
    await clock.advance(0);
  });

  test('is new when one probe was answered, and each that fails doubles the quarantine', async () => {
    const { say, times, clock, heldMs, breaker } = setUp();
    say(...times(10, 'unavailable'));
    await clock.advance(5000);
    expect(heldMs()).toBe(0);
    // One call alone.
    expect(heldMs()).toBeGreaterThan(0);
    expect(say('unavailable')).toEqual([]);
    expect(heldMs()).toBe(10_000);
    await clock.advance(10_000);
    heldMs();
    expect(say('target')).toEqual(['closed']);
    expect([breaker.isOpen('app/hook'), breaker.counts('app/hook')]).toEqual([false, {}]);
  });
});

test('the tenant is told when a provider is quarantined and when it is back, once each', async () => {
  const world = createWorld();
  for (let n = 1; n <= 12; n += 1) await world.device({ id: `d${n}`, targetHash: `h${n}` });
  let isDown = true;
  world.answer = () => (isDown ? { outcome: 'retry', reason: 'HTTP 503' } : { outcome: 'accepted' });
  const { schedule } = await startProcess(world);
  schedule(app, await world.append({ seq: 1 }), now);
  await world.clock.advance(30_000);
  expect(world.recorded.of('provider.quarantined')).toMatchObject([
    { provider: 'hook', reason: 'HTTP 503', errors: { unavailable: 10 } },
  ]);
  expect(world.recorded.of('provider.recovered')).toEqual([]);
  isDown = false;
  await world.clock.advance(10 * 60_000);
  expect(world.recorded.of('provider.recovered')).toMatchObject([{ provider: 'hook' }]);
  expect(world.lines.filter(({ msg }) => /provider (quarantined|recovered)/.test(msg))).toHaveLength(2);
});
