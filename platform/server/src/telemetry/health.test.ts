import { expect, test } from 'vitest';
import { createHealth } from './health.ts';

test('ready when started and every part is up', () => {
  const health = createHealth();
  health.check('stores', () => 'up');
  expect(health.ready()).toEqual({ ok: false, body: { status: 'starting', checks: { stores: 'up' } } });
  health.setStarted();
  expect(health.ready()).toEqual({ ok: true, body: { status: 'ready', checks: { stores: 'up' } } });
});

test('a part that is down, or whose check throws, is named', () => {
  const health = createHealth();
  health.setStarted();
  health.check('bus', () => ({ state: 'down', detail: 'no answer' }));
  health.check('queue', () => {
    throw new Error('boom');
  });
  expect(health.ready()).toEqual({
    ok: false,
    body: {
      status: 'not_ready',
      checks: { bus: { state: 'down', detail: 'no answer' }, queue: { state: 'down', detail: 'boom' } },
    },
  });
});

test('draining is not ready, and does not end by starting', () => {
  const health = createHealth();
  health.setStarted();
  health.setDraining();
  health.setStarted();
  expect(health.ready()).toEqual({ ok: false, body: { status: 'draining', checks: {} } });
});
