// What a decision comes to for the person: seen, on its way, or not got. Words: texts/reasons.ts.
import type { Decision } from '#lib/api/shapes.ts';

export type Outcome = 'got' | 'pending' | 'not' | 'own' | 'unknown';

const got = new Set(['acked', 'cancelled_acked', 'cancelled_read', 'accepted_by_provider', 'opened']);
const pending = new Set(['waiting_for_ack', 'queued', 'retrying', 'quiet_hours_deferred']);

/** `userId`: of the one whose decisions these are. */
export function outcomeOf({ senderId, decided }: Decision, userId: string): Outcome {
  if (senderId === userId) return 'own';
  if (decided === undefined) return 'unknown';
  const { realtime, push } = decided;
  const reasons: string[] = [...realtime, ...push].map(({ reason }) => reason);
  if (reasons.some((reason) => got.has(reason))) return 'got';
  return reasons.some((reason) => pending.has(reason)) ? 'pending' : 'not';
}
