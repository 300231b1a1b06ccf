// What a tenant is told of a provider that some nodes call and others do not.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { asAppId } from '../../ports/app-id.ts';
import { Breaker, type BudgetState } from './breaker.ts';
import { BudgetsOfNodes } from './budgets-of-nodes.ts';

const app = asAppId('demo');

/** Nodes that answer with these states of the provider `hook`. */
function nodesOf(clock: ReturnType<typeof createVirtualClock>, states: readonly (() => BudgetState)[]) {
  const by = () => new Map(states.map((state, at) => [`n${at}`, { hook: state() }]));
  const line = { handle: () => undefined, ask: async () => ({ by: by() as never, silent: [] }) };
  return new BudgetsOfNodes({ own: () => ({ errors: {} }), line, clock });
}

test('of several nodes the calls are summed, and the longest quarantine and the soonest probe are told', async () => {
  const clock = createVirtualClock();
  const [first, second, third] = [new Breaker(clock), new Breaker(clock), new Breaker(clock)];
  const fail = (breaker: Breaker, reason: string): void => {
    for (let n = 0; n < 10; n += 1) breaker.record('demo/hook', 'unavailable', reason);
  };
  const begun = clock.now();
  fail(first, 'HTTP 503');
  await clock.advance(2000);
  fail(second, 'HTTP 502');
  third.record('demo/hook', 'accepted');
  const nodes = nodesOf(
    clock,
    [first, second, third].map((breaker) => () => breaker.state('demo/hook')),
  );
  await clock.advance(1000);
  expect((await nodes.of(app, ['hook'])).get('hook')).toEqual({
    errors: { accepted: 1, unavailable: 20 },
    quarantine: { since: begun, nextProbeAt: begun + 5000, reason: 'HTTP 502', nodes: 2 },
  });
});

test('a quarantine lasts from its beginning through probes that fail, and ends with one that is answered', async () => {
  const clock = createVirtualClock();
  const breaker = new Breaker(clock);
  for (let n = 0; n < 10; n += 1) breaker.record('demo/hook', 'unavailable', 'HTTP 503');
  await clock.advance(5000);
  breaker.admitMs('demo/hook');
  breaker.record('demo/hook', 'unavailable', 'HTTP 500');
  expect(breaker.state('demo/hook').quarantine).toEqual({ sinceMs: 5000, nextProbeMs: 10_000, reason: 'HTTP 500' });
  await clock.advance(10_000);
  breaker.admitMs('demo/hook');
  breaker.record('demo/hook', 'accepted');
  expect(breaker.state('demo/hook')).toEqual({ errors: {} });
});

test('a provider that nobody called has an empty budget', async () => {
  const nodes = nodesOf(createVirtualClock(), [() => ({ errors: {} })]);
  expect((await nodes.of(app, ['hook', 'other'])).get('other')).toEqual({ errors: {} });
});
