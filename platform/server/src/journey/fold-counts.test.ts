// The counts of a large broadcast whose pushes are put off or held up still add up to what was planned.

import type { PushReason } from '@belfry/protocol';
import { expect, test } from 'vitest';
import type { FactAbout } from './facts-about.ts';
import { foldCounts } from './fold-counts.ts';

const push = (userId: string, reason: PushReason, deviceId?: string): FactAbout => ({
  about: 'push',
  atMs: 1,
  fact: { userId, reason, atMs: 1, ...(deviceId === undefined ? {} : { deviceId }) },
});

test.each<[string, Record<string, number>, FactAbout[], Record<string, number>]>([
  [
    'put off, then sent',
    { quiet_hours_deferred: 2 },
    [push('bob', 'queued'), push('bob', 'quiet_hours_deferred'), push('bob', 'accepted_by_provider', 'd1')],
    { quiet_hours_deferred: 1, accepted_by_provider: 1 },
  ],
  [
    'put off, then read',
    { quiet_hours_deferred: 2 },
    [push('bob', 'queued'), push('bob', 'quiet_hours_deferred'), push('bob', 'cancelled_read')],
    { quiet_hours_deferred: 1, cancelled_read: 1 },
  ],
  [
    'to a paused provider',
    { credentials_rejected: 2 },
    [push('bob', 'queued'), push('bob', 'credentials_rejected', 'd1')],
    { credentials_rejected: 2 },
  ],
  ['muted', { muted: 2, queued: 1 }, [push('carol', 'queued')], { muted: 2, queued: 1 }],
])('%s', (_name, planned, facts, counts) => {
  expect(foldCounts(planned, facts)).toEqual(counts);
});
