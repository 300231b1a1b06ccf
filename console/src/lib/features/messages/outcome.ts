// What a message comes to, in one chip: of a whole broadcast, and for one person. Words of reasons: texts/reasons.ts.
import type { JourneyRow, Recipient } from '#lib/api/shapes.ts';
import { reasonWords, type Tone } from '#lib/texts/reasons.ts';
import { m } from '#texts';

// These are as the protocol has them, which a test compares.
export const openReasons: ReadonlySet<string> = new Set([
  ...['retrying', 'quiet_hours_deferred', 'waiting_for_ack', 'fallback_waiting', 'fallback_from', 'queued'],
]);
/** The gravest first. */
export const failedReasons: readonly string[] = [
  ...['credentials_rejected', 'payload_rejected', 'target_gone', 'delivery_failed', 'quota'],
  ...['no_provider_for_device', 'expired_ttl'],
];
export const reachedBy: ReadonlySet<string> = new Set([
  ...['acked', 'cancelled_acked', 'cancelled_read', 'accepted_by_provider', 'delivered', 'opened', 'collapsed_into'],
]);
export const withheldReasons: readonly string[] = ['muted', 'mentions_only', 'preference_off'];

export interface Outcome {
  tone: Tone;
  text: string;
}

export function outcomeOf({
  state,
  counts,
  sums,
  recipients,
}: Pick<JourneyRow, 'state' | 'counts' | 'sums' | 'recipients'>): Outcome {
  const byReason = new Map<string, number>(Object.entries(counts));
  const has = (reasons: Iterable<string>): string | undefined => [...reasons].find((each) => byReason.has(each));
  if (state === 'moving') return chipOf(has(openReasons) ?? 'queued');
  const failed = has(failedReasons);
  if (failed !== undefined) return chipOf(failed);
  if (recipients === 0) return { tone: 'off', text: m.msg_nobody() };
  if (sums.seen >= recipients) return { tone: 'good', text: m.msg_seen_by_all() };
  if (sums.seen > 0 && sums.pushed === 0) {
    return { tone: 'good', text: m.msg_seen_by({ seen: sums.seen, of: recipients }) };
  }
  // Somebody may have both seen it and got a push.
  const reached = Math.min(recipients, sums.seen + sums.pushed);
  if (reached > 0) return { tone: 'good', text: m.msg_reached({ reached, of: recipients }) };
  const [most] = [...byReason].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
  const withheld = has([...withheldReasons, 'acked_hidden', 'slow_consumer', 'sent']);
  return chipOf(withheld ?? most ?? 'no_connection');
}

function chipOf(reason: string): Outcome {
  const { tone, text } = reasonWords(reason);
  return { tone, text };
}

export type PersonOutcome = 'failed' | 'missed' | 'moving' | 'reached' | 'none';

/** `none`: it was not to reach them. */
export function personOutcome(recipient: Recipient): PersonOutcome {
  const reasons = reasonsOf(recipient);
  if (reasons.some((reason) => reason === 'excluded_sender' || reason === 'not_a_member')) return 'none';
  if (recipient.push.some(({ reason }) => openReasons.has(reason))) return 'moving';
  if (reasons.some((reason) => reachedBy.has(reason))) return 'reached';
  return reasons.some((reason) => failedReasons.includes(reason)) ? 'failed' : 'missed';
}

export function reasonsOf({ realtime, push, reason, pushReason }: Recipient): string[] {
  const own = [reason, pushReason].flatMap((each) => each ?? []);
  return [...[...realtime, ...push].map((each) => each.reason), ...own];
}

const order: readonly PersonOutcome[] = ['failed', 'missed', 'moving', 'reached', 'none'];

/** The worst first; those who fare alike in the order of the plan. */
export function worstFirst(recipients: readonly Recipient[]): Recipient[] {
  const ranked = recipients.map((recipient) => ({ recipient, rank: order.indexOf(personOutcome(recipient)) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ recipient }) => recipient);
}

export function isMissed(recipient: Recipient): boolean {
  const outcome = personOutcome(recipient);
  return outcome === 'failed' || outcome === 'missed';
}
