import { describe, expect, it } from 'vitest';
import { RecordedLog, RecordedMetrics } from '../sessions/test/sessions.fixture.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { asAppId } from '../ports/app-id.ts';
import type { Fact, ProviderPaused } from '../ports/facts.ts';
import { InProcessFacts } from './facts.ts';

const app = asAppId('demo');
const other = asAppId('other');
const paused = (provider: string): ProviderPaused => ({
  type: 'provider.paused',
  atMs: 1,
  provider,
  reason: 'refused',
});
const resumed = (provider: string): Fact => ({ type: 'provider.resumed', atMs: 2, provider });

function setUp(options: { maxWaiting?: number } = {}) {
  const clock = createVirtualClock();
  const log = new RecordedLog();
  const metrics = new RecordedMetrics();
  const facts = new InProcessFacts({ surroundings: { clock, log, metrics }, ...options });
  const heard: string[] = [];
  const hear = (name: string) => (of: string, batch: readonly { provider: string }[]) =>
    void heard.push(`${name} ${of}: ${batch.map(({ provider }) => provider).join(' ')}`);
  return { clock, log, metrics, facts, heard, hear };
}

describe('facts', () => {
  it('reach each listener in one batch an app, in the order in which they were recorded', async () => {
    const { clock, facts, heard, hear } = setUp();
    facts.subscribe('a', ['provider.paused', 'provider.resumed'], hear('a'));
    facts.subscribe('b', ['provider.resumed'], hear('b'));
    facts.record(app, paused('1'));
    facts.record(other, paused('2'));
    facts.record(app, resumed('3'));
    expect(heard).toEqual([]);
    await clock.advance(50);
    expect(heard).toEqual(['a demo: 1 3', 'a other: 2', 'b demo: 3']);
  });

  it('of a type that nobody wants set no timer', () => {
    const { clock, facts, hear } = setUp();
    const subscription = facts.subscribe('a', ['provider.paused'], hear('a'));
    expect([facts.wants('provider.paused'), facts.wants('provider.resumed')]).toEqual([true, false]);
    facts.record(app, resumed('1'));
    expect(clock.pending()).toBe(0);
    subscription.end();
    expect(facts.wants('provider.paused')).toBe(false);
  });

  it('are there after a flush, without waiting for the timer', async () => {
    const { facts, heard, hear } = setUp();
    const { flush } = facts.subscribe('a', ['provider.paused'], hear('a'));
    facts.record(app, paused('1'));
    await flush();
    facts.record(app, paused('2'));
    await facts.flush();
    expect(heard).toEqual(['a demo: 1', 'a demo: 2']);
  });

  it('reach the others when one listener throws, and that one again with the next batch', async () => {
    const { clock, facts, log, heard, hear } = setUp();
    let isBroken = true;
    facts.subscribe('broken', ['provider.paused'], (of, batch) => {
      if (isBroken) throw new Error('no');
      hear('broken')(of, batch);
    });
    facts.subscribe('rejecting', ['provider.paused'], () => Promise.reject(new Error('no')));
    facts.subscribe('b', ['provider.paused'], hear('b'));
    facts.record(app, paused('1'));
    await clock.advance(50);
    isBroken = false;
    facts.record(app, paused('2'));
    await clock.advance(50);
    expect(heard).toEqual(['b demo: 1', 'broken demo: 2', 'b demo: 2']);
    expect(log.lines.map(({ msg, fields }) => [msg, fields['listener']])).toEqual([
      ['a listener of facts failed', 'broken'],
      ['a listener of facts failed', 'rejecting'],
      ['a listener of facts failed', 'rejecting'],
    ]);
  });

  it('wait for a listener that is busy, up to the bound; what is dropped is counted by its name', async () => {
    const { clock, facts, log, metrics, heard, hear } = setUp({ maxWaiting: 2 });
    let { promise, resolve: release } = Promise.withResolvers<undefined>();
    facts.subscribe('slow', ['provider.paused'], async (of, batch) => {
      hear('slow')(of, batch);
      await promise;
    });
    facts.subscribe('quick', ['provider.paused'], hear('quick'));
    facts.record(app, paused('1'));
    await clock.advance(50);
    for (const id of ['2', '3', '4', '5']) {
      facts.record(app, paused(id));
      await clock.advance(50);
    }
    release(undefined);
    ({ promise, resolve: release } = Promise.withResolvers<undefined>());
    await clock.advance(50);
    expect(heard.filter((line) => line.startsWith('slow'))).toEqual(['slow demo: 1', 'slow demo: 2 3']);
    expect(heard.filter((line) => line.startsWith('quick'))).toHaveLength(5);
    expect(metrics.value('facts_dropped_total', ['slow'])).toBe(2);
    expect(log.lines.map(({ msg }) => msg)).toEqual(['facts are dropped: a listener is too slow']);
    release(undefined);
  });

  it('are delivered when they were recorded before the stop, later ones are not', async () => {
    const { clock, facts, heard, hear } = setUp();
    facts.subscribe('a', ['provider.paused'], hear('a'));
    facts.record(app, paused('1'));
    await facts.stop();
    facts.record(app, paused('2'));
    await clock.advance(50);
    expect(heard).toEqual(['a demo: 1']);
    expect(clock.pending()).toBe(0);
  });
});
