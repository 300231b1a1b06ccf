// The rows of the push funnel: from whom messages may be pushed to, to what became of that. How they look:
// push-funnel.svelte.
import type { PushFunnel } from '#lib/api/shapes.ts';
import { m } from '#texts';

export interface FunnelRow {
  id: 'may' | PushFunnel['ends'][number]['end'] | 'open';
  text: string;
  count: number;
  /** Of the whole, 0 to 1. */
  share: number;
  /** What a list of messages is asked for to have them: reasons, or a state; the time alone where it knows neither. */
  asks: { reasons?: readonly string[]; state?: string };
  /** Told one by one, where there may be several. */
  reasons: readonly { reason: string; count: number }[];
}

const texts = {
  seen: () => m.funnel_seen(),
  withheld: () => m.funnel_withheld(),
  covered: () => m.funnel_covered(),
  pushed: () => m.funnel_pushed(),
  failed: () => m.funnel_failed(),
} as const;

/** A message whose push was taken may have come further since. */
const reasonsOfPushed = ['accepted_by_provider', 'delivered', 'opened'];
const reasonsOfSeen = ['cancelled_acked', 'cancelled_read'];

export function funnelRows({ mayPush, deferred, ends }: PushFunnel): FunnelRow[] {
  const sum = ends.reduce((before, { count }) => before + count, 0);
  // What began before the time may have ended within it.
  const whole = Math.max(1, mayPush, sum);
  const open = Math.max(0, mayPush - sum);
  const may: FunnelRow = {
    ...{ id: 'may', text: m.funnel_may(), count: mayPush, share: mayPush / whole, asks: {} },
    reasons: deferred === 0 ? [] : [{ reason: 'quiet_hours_deferred', count: deferred }],
  };
  const rows = ends
    .filter(({ end, count }) => end !== 'covered' || count > 0)
    .map(({ end, count, reasons }): FunnelRow => {
      const isTold = end === 'withheld' || end === 'failed';
      return {
        ...{ id: end, text: texts[end](), count, share: count / whole },
        asks: { reasons: askedOf(end, reasons) },
        reasons: isTold ? reasons : [],
      };
    });
  const still: FunnelRow = {
    ...{ id: 'open', text: m.funnel_open(), count: open, share: open / whole, reasons: [] },
    asks: { state: 'moving' },
  };
  return [may, ...rows, ...(open === 0 ? [] : [still])];
}

function askedOf(end: PushFunnel['ends'][number]['end'], reasons: FunnelRow['reasons']): readonly string[] {
  if (end === 'pushed') return reasonsOfPushed;
  if (end === 'seen') return reasonsOfSeen;
  return reasons.map(({ reason }) => reason);
}
