// The rows of the push funnel, and what each asks the list of messages for.
import { expect, test } from 'vitest';
import type { PushFunnel } from '#lib/api/shapes.ts';
import { funnelRows } from './funnel-rows.ts';

const end = (of: PushFunnel['ends'][number]['end'], counts: Record<string, number> = {}) => ({
  ...{ end: of, count: Object.values(counts).reduce((sum, count) => sum + count, 0) },
  reasons: Object.entries(counts).map(([reason, count]) => ({ reason, count })),
});

function funnel(mayPush: number, change: Partial<PushFunnel> = {}): PushFunnel {
  return {
    ...{ since: '2026-01-01T00:00:00.000Z', mayPush, deferred: 0 },
    ends: [
      end('seen', { cancelled_acked: 50, cancelled_read: 10 }),
      end('withheld', { muted: 20, no_device: 5 }),
      end('covered'),
      end('pushed', { accepted_by_provider: 8 }),
      end('failed', { target_gone: 2 }),
    ],
    ...change,
  };
}

test('each row has its part of the whole, and what is not decided is the rest', () => {
  expect(funnelRows(funnel(100)).map(({ id, count, share }) => [id, count, share])).toEqual([
    ['may', 100, 1],
    ['seen', 60, 0.6],
    ['withheld', 25, 0.25],
    ['pushed', 8, 0.08],
    ['failed', 2, 0.02],
    ['open', 5, 0.05],
  ]);
  // What was decided of earlier messages is no rest below nothing, and no bar is longer than its place.
  const late = funnelRows(funnel(50));
  expect(late.map(({ id }) => id)).not.toContain('open');
  expect(Math.max(...late.map(({ share }) => share))).toBeLessThanOrEqual(1);
});

test('messages that are part of another push have a row where there are any', () => {
  const ends = [...funnel(0).ends.filter((each) => each.end !== 'covered'), end('covered', { collapsed_into: 3 })];
  expect(funnelRows(funnel(100, { ends })).find(({ id }) => id === 'covered')).toMatchObject({
    ...{ count: 3, asks: { reasons: ['collapsed_into'] }, reasons: [] },
  });
});

test('reasons are told where there may be several, and a row asks for all of its own', () => {
  const rows = new Map(funnelRows(funnel(100, { deferred: 7 })).map((row) => [row.id, row]));
  expect(rows.get('may')).toMatchObject({ asks: {}, reasons: [{ reason: 'quiet_hours_deferred', count: 7 }] });
  expect(rows.get('withheld')).toMatchObject({
    ...{ asks: { reasons: ['muted', 'no_device'] } },
    reasons: [
      { reason: 'muted', count: 20 },
      { reason: 'no_device', count: 5 },
    ],
  });
  expect(rows.get('pushed')?.asks).toEqual({ reasons: ['accepted_by_provider', 'delivered', 'opened'] });
  expect(rows.get('open')?.asks).toEqual({ state: 'moving' });
});
