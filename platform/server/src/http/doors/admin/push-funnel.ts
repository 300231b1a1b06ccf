// What became of messages that may be pushed, person by person, as the steps of a funnel. Counting them: the facts
// `message.sent` and `push.ended`.

import { reasonOutcomes, type Reason } from '@belfry/protocol';
import * as z from 'zod';
import type { PushFigures, ReasonFigure } from '../../../ports/stores/index.ts';
import { isoOf } from './shown.ts';

/** In this order. `covered`: the notification of another message stands for it. */
const ends = ['seen', 'withheld', 'covered', 'pushed', 'failed'] as const;
type End = (typeof ends)[number];

const count = z.int().min(0);

/** Each person is counted once for each message. */
export const funnelSchema = z
  .object({
    /** Of before it nothing was counted. */
    since: z.string(),
    mayPush: count,
    /** The pushes of these waited for the end of quiet hours; their ends are among the others when they come. */
    deferred: count,
    ends: z.array(z.object({ end: z.enum(ends), count, reasons: z.array(z.object({ reason: z.string(), count })) })),
  })
  .meta({ id: 'PushFunnel' });

const deferral = 'quiet_hours_deferred';
const endOfReason = new Map<string, End>([
  ['cancelled_acked', 'seen'],
  ['cancelled_read', 'seen'],
  ['collapsed_into', 'covered'],
  ['accepted_by_provider', 'pushed'],
]);

export function funnelOf({ mayPush, ends: counted, sinceMs }: PushFigures): z.output<typeof funnelSchema> {
  // What lies in two steps counts in parts of one.
  const whole = counted.map(({ name, count: parts }) => ({ name, count: Math.round(parts) }));
  const byEnd = Map.groupBy(
    whole.filter(({ name, count: of }) => name !== deferral && of > 0),
    ({ name }) => endOf(name),
  );
  return {
    since: isoOf(sinceMs),
    mayPush: Math.round(mayPush),
    deferred: whole.find(({ name }) => name === deferral)?.count ?? 0,
    ends: ends.map((end) => {
      const reasons = byEnd.get(end) ?? [];
      return {
        end,
        count: sumOf(reasons),
        reasons: reasons.map(({ name, count: of }) => ({ reason: name, count: of })),
      };
    }),
  };
}

/** One that only a later version knows is no failure. */
function endOf(reason: string): End {
  return endOfReason.get(reason) ?? (reasonOutcomes[reason as Reason] === 'failed' ? 'failed' : 'withheld');
}

function sumOf(figures: readonly ReasonFigure[]): number {
  return figures.reduce((sum, { count: of }) => sum + of, 0);
}
