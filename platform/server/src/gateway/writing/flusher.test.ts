// When the flusher writes: at the end of the turn, and after a costly flush a little later.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import { RecordedMetrics } from '../../sessions/test/sessions.fixture.ts';
import { createJoin, Flusher } from './flusher.ts';

function setUp() {
  const clock = createVirtualClock();
  const metrics = new RecordedMetrics();
  const deferred: (() => void)[] = [];
  const flusher = new Flusher({ clock, metrics }, (run) => deferred.push(run));
  const endTurn = (): void => deferred.splice(0).forEach((run) => run());
  const flushed: string[] = [];
  const buffer = (name: string, tookMs = 0) => ({
    flush(): number {
      flushed.push(name);
      if (tookMs > 0) void clock.advance(tookMs);
      return 1;
    },
  });
  return { clock, metrics, flusher, endTurn, flushed, buffer, deferred };
}

describe('Flusher', () => {
  it('writes all that fell due in a turn at its end, in order, and counts the writes', () => {
    const { flusher, endTurn, flushed, buffer, deferred, metrics } = setUp();
    flusher.add(buffer('a'));
    flusher.add(buffer('b'));
    expect([deferred.length, flushed]).toEqual([1, []]);
    endTurn();
    expect(flushed).toEqual(['a', 'b']);
    expect(metrics.value('socket_writes_total')).toBe(2);
    flusher.add(buffer('c'));
    endTurn();
    expect(flushed).toEqual(['a', 'b', 'c']);
  });

  it('rests after a costly flush for as long as it took, 8 ms at most', async () => {
    const clock = { ms: 0 };
    const timers: { delayMs: number; run: () => void }[] = [];
    const deferred: (() => void)[] = [];
    const handTurned: Clock = {
      now: () => 0,
      monotonic: () => clock.ms,
      after: (delayMs, run) => {
        timers.push({ delayMs, run });
        return { cancel: () => undefined };
      },
    };
    const surroundings = { clock: handTurned, metrics: new RecordedMetrics() };
    const flusher = new Flusher(surroundings, (run) => deferred.push(run));
    const costing = (ms: number) => ({ flush: () => ((clock.ms += ms), 1) });
    flusher.add(costing(3));
    deferred.pop()?.();
    flusher.add(costing(50));
    expect([deferred.length, timers.map(({ delayMs }) => delayMs)]).toEqual([0, [3]]);
    timers.pop()?.run();
    flusher.add(costing(0));
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([8]);
    timers.pop()?.run();
    flusher.add(costing(0));
    expect([deferred.length, timers.length]).toEqual([1, 0]);
  });
});

describe('join', () => {
  it('gives the same bytes for the same frames, and others for others', () => {
    const join = createJoin();
    const [a, b, c] = [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')];
    expect(join([a])).toBe(a);
    const ab = join([a, b]);
    expect(ab.toString()).toBe('ab');
    expect(join([a, b])).toBe(ab);
    expect(join([a, c]).toString()).toBe('ac');
    expect(join([a, c, b]).toString()).toBe('acb');
  });

  it('gives the same bytes again where sockets of two protocols take turns', () => {
    const join = createJoin();
    const [a, b, c, d] = [Buffer.from('a'), Buffer.from('b'), Buffer.from('c'), Buffer.from('d')];
    const [ab, cd] = [join([a, b]), join([c, d])];
    expect([join([a, b]), join([c, d]), join([a, b])]).toEqual([ab, cd, ab]);
    expect(join([a, b])).toBe(ab);
    expect(join([c, d])).toBe(cd);
  });
});
