// A node whose event loop is late refuses newcomers, names the time to come back, and takes them again once
// it is relieved.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { RecordedLog, RecordedMetrics } from '../sessions/test/sessions.fixture.ts';
import { Overload } from './overload.ts';
import { startGateway } from './test/gateway.fixture.ts';

const limitMs = 250;

/** A clock whose one timer runs as late as the test says. */
function setUp(limit = limitMs) {
  let nowMs = 0;
  let due: { atMs: number; run: () => void } | undefined;
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    after(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      due = timer;
      return { cancel: () => void (due = due === timer ? undefined : due) };
    },
  };
  const log = new RecordedLog();
  const metrics = new RecordedMetrics();
  const overload = new Overload(limit, { clock, log, metrics });
  overload.start();
  const late = (ms: number): boolean => {
    if (due === undefined) throw new Error('nothing is measured');
    const { atMs, run } = due;
    nowMs = atMs + ms;
    run();
    return overload.isOverloaded;
  };
  /** How many measurements it takes. */
  const countUntil = (isOverloaded: boolean, ms: number): number => {
    for (let count = 1; count <= 1000; count += 1) if (late(ms) === isOverloaded) return count;
    return Infinity;
  };
  return { overload, log, metrics, late, countUntil, elapsedMs: () => nowMs, isMeasuring: () => due !== undefined };
}

describe('a node', () => {
  it('is overloaded when it has been later than the limit for seconds, and not when it stays just below', () => {
    const { countUntil, elapsedMs } = setUp();
    expect(countUntil(true, limitMs - 1)).toBe(Infinity);
    const beforeMs = elapsedMs();
    expect(countUntil(true, limitMs * 1.5)).toBeLessThan(10);
    expect(elapsedMs() - beforeMs).toBeLessThan(5000);
  });

  it('is not overloaded by a single pause of a second', () => {
    const { late, countUntil } = setUp();
    expect(countUntil(true, 2)).toBe(Infinity);
    expect(late(1000)).toBe(false);
    expect(countUntil(true, 2)).toBe(Infinity);
  });

  it('stays overloaded between half of the limit and the limit, so that it does not flap', () => {
    const { countUntil } = setUp();
    countUntil(true, 400);
    expect(countUntil(false, limitMs * 0.6)).toBe(Infinity);
    expect(countUntil(false, limitMs * 0.4)).toBeLessThan(60);
    expect(countUntil(true, limitMs * 0.9)).toBe(Infinity);
  });

  it('is relieved within 3 s of a pause, however long the pause was', () => {
    const { late, countUntil, elapsedMs } = setUp();
    expect(late(600_000)).toBe(true);
    const beforeMs = elapsedMs();
    expect(countUntil(false, 1)).toBeLessThan(Infinity);
    expect(elapsedMs() - beforeMs).toBeLessThan(3000);
  });

  it('says once in the log that it begins to refuse, and once that it is over', async () => {
    const { log, metrics, countUntil } = setUp();
    countUntil(true, 400);
    countUntil(false, 300);
    await metrics.collect();
    expect(metrics.value('overload_delay_seconds')).toBeCloseTo(0.3, 2);
    countUntil(false, 1);
    expect(log.lines.map(({ level, msg, fields }) => [level, msg, fields['state']])).toEqual([
      ['warn', 'overload', 'refusing'],
      ['info', 'overload', 'over'],
    ]);
  });

  it('measures nothing with a limit of 0, nor after it has stopped', () => {
    expect(setUp(0).isMeasuring()).toBe(false);
    const { overload, isMeasuring } = setUp();
    expect(isMeasuring()).toBe(true);
    overload.stop();
    expect(isMeasuring()).toBe(false);
  });
});

describe('a gateway whose event loop is blocked', () => {
  it('refuses upgrades with 503, keeps the connections it has, and takes new ones again later', async () => {
    const { dial, metrics } = await startGateway({ limits: { eventLoopDelayMs: 100 } });
    const before = await dial().connect();
    const next = async () => await dial().open();
    let client = await next();
    while (client.refused === undefined) {
      for (const endMs = performance.now() + 400; performance.now() < endMs;);
      await turn();
      client = await next();
    }
    expect(client.refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(client.refused.body)).toMatchObject({ code: 'overloaded' });
    expect(metrics.value('upgrades_refused_total', ['overloaded'])).toBe(1);
    before.send({ id: 2, action: 'heartbeat' });
    expect((await before.received(2))[1]).toMatchObject({ id: 2, ok: true });
    while (client.refused !== undefined) client = await next();
    expect(await client.connect()).toMatchObject({ frames: [{ id: 1, ok: true }] });
  });
});
