// The counts of a large broadcast still add up to what was planned: pushes that are put off or held up,
// connections that catch up.

import type { PushReason } from '@belfry/protocol';
import { expect, test } from 'vitest';
import type { FactAbout } from './facts-about.ts';
import { foldCounts } from './fold-counts.ts';

const push = (userId: string, reason: PushReason, deviceId?: string): FactAbout => ({
  about: 'push',
  atMs: 1,
  fact: { userId, reason, atMs: 1, ...(deviceId === undefined ? {} : { deviceId }) },
});

const caughtUp = (connectionId: string): FactAbout => ({
  about: 'caught_up',
  atMs: 1,
  fact: { userId: 'bob', connectionId, from: 1, to: 9, atMs: 1, deviceType: 'desktop', page: '/chat' },
});
const ack = (connectionId: string): FactAbout => ({
  about: 'ack',
  atMs: 2,
  fact: { userId: 'bob', connectionId, from: 1, to: 9, atMs: 2, visible: true, deviceType: undefined, page: undefined },
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
  ['behind, then caught up', { sent: 2, slow_consumer: 2 }, [caughtUp('1')], { sent: 3, slow_consumer: 1 }],
  [
    'caught up twice, then acknowledged',
    { sent: 2, slow_consumer: 2 },
    [caughtUp('1'), caughtUp('1'), ack('1')],
    { sent: 2, slow_consumer: 1, acked: 1 },
  ],
  ['away, then resumed', { no_connection: 2 }, [caughtUp('1')], { no_connection: 1, sent: 1 }],
  ['sent, then asked for again', { sent: 1 }, [caughtUp('1'), ack('1')], { acked: 1 }],
  ['acknowledged by all, then asked for again', { sent: 1 }, [ack('1'), caughtUp('2')], { acked: 1 }],
  [
    'opened, before the service says that it was delivered',
    { queued: 2 },
    [push('bob', 'opened', 'd1'), push('bob', 'accepted_by_provider', 'd1'), push('bob', 'delivered', 'd1')],
    { queued: 1, opened: 1 },
  ],
  ['muted', { muted: 2, queued: 1 }, [push('carol', 'queued')], { muted: 2, queued: 1 }],
])('counts of what was %s', (_name, planned, facts, counts) => {
  expect(foldCounts(planned, facts)).toEqual(counts);
});
