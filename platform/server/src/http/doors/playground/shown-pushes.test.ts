import { expect, test } from 'vitest';
import { createShownPushes } from './shown-pushes.ts';

const line = {
  app: 'demo',
  deviceId: 'd1',
  userId: 'bob',
  provider: 'logging',
  title: 'Alice',
  body: 'hello',
  count: 1,
  collapseKey: 'c-1',
  priority: 'normal',
  data: { conversationId: 'c1' },
};

function listening() {
  const pushes = createShownPushes({ now: () => Date.UTC(2026, 0, 1) });
  pushes.of('demo', 'd1');
  return pushes;
}

test('a phone is shown what was pushed to it after it was first asked about', () => {
  const pushes = createShownPushes({ now: () => Date.UTC(2026, 0, 1) });
  pushes.record('push', line);
  expect(pushes.of('demo', 'd1')).toEqual([]);
  pushes.record('push', line);
  expect(pushes.of('demo', 'd1')).toEqual([
    {
      number: 1,
      at: '2026-01-01T00:00:00.000Z',
      title: 'Alice',
      body: 'hello',
      count: 1,
      collapseKey: 'c-1',
      priority: 'normal',
      data: { conversationId: 'c1' },
      cleared: false,
    },
  ]);
});

test.each([
  ['another phone', { ...line, deviceId: 'd2' }],
  ['a phone of the same id in another app', { ...line, app: 'other' }],
  ['a provider that does not say what was in it', { app: 'demo', deviceId: 'd1', provider: 'hook' }],
])('a push of %s is not shown', (_what, fields) => {
  const pushes = listening();
  pushes.record('push', fields);
  expect(pushes.of('demo', 'd1')).toEqual([]);
});

test('a push whose message was read elsewhere is marked as taken away', () => {
  const pushes = listening();
  pushes.record('push', line);
  pushes.record('push', { ...line, collapseKey: 'c-2' });
  pushes.record('push cleared', { app: 'demo', deviceId: 'd1', userId: 'bob', collapseKey: 'c-1' });
  expect(pushes.of('demo', 'd1').map(({ collapseKey, cleared }) => [collapseKey, cleared])).toEqual([
    ['c-1', true],
    ['c-2', false],
  ]);
});

test('a phone keeps the newest 20', () => {
  const pushes = listening();
  for (let n = 0; n < 25; n += 1) pushes.record('push', { ...line, body: String(n) });
  const bodies = pushes.of('demo', 'd1').map(({ body }) => body);
  expect([bodies.length, bodies[0], bodies.at(-1)]).toEqual([20, '5', '24']);
});

test('of more than 100 phones the one least recently used is forgotten', () => {
  const pushes = listening();
  for (let n = 0; n < 100; n += 1) pushes.of('demo', `more-${n}`);
  pushes.record('push', line);
  pushes.record('push', { ...line, deviceId: 'more-99' });
  expect([pushes.of('demo', 'd1').length, pushes.of('demo', 'more-99').length]).toEqual([0, 1]);
});
