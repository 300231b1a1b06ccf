import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { RefusedClients } from './refused-clients.ts';

test('one line in ten seconds says app, origin and reason, and how many there were since the one before', async () => {
  const clock = createVirtualClock();
  const lines: unknown[] = [];
  const kept: unknown[] = [];
  const surroundings = {
    clock,
    log: { ...silentLog, warn: (msg: string, fields?: object) => lines.push([msg, fields]) },
  };
  const refused = new RefusedClients(surroundings, { record: (app, { reason }) => kept.push([app, reason]) });
  const evil = { app: 'demo', origin: 'https://evil.example', reason: 'origin_not_allowed' } as const;
  const stage = 'upgrade';
  refused.record({ ...evil, stage });
  refused.record({ ...evil, stage });
  refused.record({ ...evil, app: 'other', stage });
  refused.record({ app: 'a'.repeat(999), origin: undefined, reason: 'unknown_app', stage });
  refused.record({ app: 'guess-2', origin: undefined, reason: 'unknown_app', stage });
  await clock.advance(10_000);
  refused.record({ ...evil, stage });
  expect(lines).toEqual([
    ['client refused', { ...evil, count: 1 }],
    ['client refused', { ...evil, app: 'other', count: 1 }],
    ['client refused', { app: 'a'.repeat(200), origin: undefined, reason: 'unknown_app', count: 1 }],
    ['client refused', { ...evil, count: 2 }],
  ]);
  const same = ['demo', 'origin_not_allowed'];
  // Apps that nobody has are texts from outside.
  expect(kept).toEqual([same, same, ['other', 'origin_not_allowed'], same]);
});
