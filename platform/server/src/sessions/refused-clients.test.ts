import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { RefusedClients } from './refused-clients.ts';

test('one line in ten seconds says app, origin and reason, and how many there were since the one before', async () => {
  const clock = createVirtualClock();
  const lines: unknown[] = [];
  const refused = new RefusedClients({
    clock,
    log: { ...silentLog, warn: (msg, fields) => lines.push([msg, fields]) },
  });
  const evil = { app: 'demo', origin: 'https://evil.example', reason: 'origin_not_allowed' } as const;
  refused.record(evil);
  refused.record(evil);
  refused.record({ ...evil, app: 'other' });
  refused.record({ app: 'a'.repeat(999), origin: undefined, reason: 'unknown_app' });
  refused.record({ app: 'guess-2', origin: undefined, reason: 'unknown_app' });
  await clock.advance(10_000);
  refused.record(evil);
  expect(lines).toEqual([
    ['client refused', { ...evil, count: 1 }],
    ['client refused', { ...evil, app: 'other', count: 1 }],
    ['client refused', { app: 'a'.repeat(200), origin: undefined, reason: 'unknown_app', count: 1 }],
    ['client refused', { ...evil, count: 2 }],
  ]);
});
