// What became of a message for somebody, in words: each reason with its tone. What is withheld on purpose is grey:
// a healthy system does not look broken.
import { m } from '#texts';

export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'off';

interface Words {
  tone: Tone;
  text: () => string;
  /** Why that is so, and what it means. */
  why: () => string;
}

const reasons = new Map<string, Words>([
  ['sent', { tone: 'info', text: () => m.reason_sent(), why: () => m.why_sent() }],
  ['acked', { tone: 'good', text: () => m.reason_acked(), why: () => m.why_acked() }],
  ['acked_hidden', { tone: 'info', text: () => m.reason_acked_hidden(), why: () => m.why_acked_hidden() }],
  ['no_connection', { tone: 'off', text: () => m.reason_no_connection(), why: () => m.why_no_connection() }],
  ['device_type_excluded', { tone: 'off', text: () => m.reason_device_type(), why: () => m.why_device_type() }],
  ['feature_off_on_page', { tone: 'off', text: () => m.reason_feature_off(), why: () => m.why_feature_off() }],
  ['slow_consumer', { tone: 'warn', text: () => m.reason_slow(), why: () => m.why_slow() }],
  ['excluded_sender', { tone: 'off', text: () => m.reason_sender(), why: () => m.why_sender() }],
  ['not_a_member', { tone: 'off', text: () => m.reason_not_a_member(), why: () => m.why_not_a_member() }],
  ['waiting_for_ack', { tone: 'info', text: () => m.reason_waiting(), why: () => m.why_waiting() }],
  ['cancelled_acked', { tone: 'good', text: () => m.reason_cancelled_acked(), why: () => m.why_cancelled_acked() }],
  ['cancelled_read', { tone: 'good', text: () => m.reason_cancelled_read(), why: () => m.why_cancelled_read() }],
  ['queued', { tone: 'info', text: () => m.reason_queued(), why: () => m.why_queued() }],
  ['accepted_by_provider', { tone: 'good', text: () => m.reason_accepted(), why: () => m.why_accepted() }],
  ['delivered', { tone: 'good', text: () => m.reason_delivered(), why: () => m.why_delivered() }],
  ['delivery_failed', { tone: 'bad', text: () => m.reason_delivery_failed(), why: () => m.why_delivery_failed() }],
  ['opened', { tone: 'good', text: () => m.reason_opened(), why: () => m.why_opened() }],
  ['retrying', { tone: 'warn', text: () => m.reason_retrying(), why: () => m.why_retrying() }],
  ['expired_ttl', { tone: 'bad', text: () => m.reason_expired(), why: () => m.why_expired() }],
  ['no_device', { tone: 'off', text: () => m.reason_no_device(), why: () => m.why_no_device() }],
  ['no_provider_for_device', { tone: 'bad', text: () => m.reason_no_provider(), why: () => m.why_no_provider() }],
  ['target_gone', { tone: 'bad', text: () => m.reason_target_gone(), why: () => m.why_target_gone() }],
  ['payload_rejected', { tone: 'bad', text: () => m.reason_payload(), why: () => m.why_payload() }],
  ['credentials_rejected', { tone: 'bad', text: () => m.reason_credentials(), why: () => m.why_credentials() }],
  ['quota', { tone: 'bad', text: () => m.reason_quota(), why: () => m.why_quota() }],
  ['muted', { tone: 'off', text: () => m.reason_muted(), why: () => m.why_muted() }],
  ['mentions_only', { tone: 'off', text: () => m.reason_mentions_only(), why: () => m.why_mentions_only() }],
  ['quiet_hours_deferred', { tone: 'info', text: () => m.reason_quiet_hours(), why: () => m.why_quiet_hours() }],
  ['preference_off', { tone: 'off', text: () => m.reason_preference_off(), why: () => m.why_preference_off() }],
  ['policy_never', { tone: 'off', text: () => m.reason_policy_never(), why: () => m.why_policy_never() }],
  ['collapsed_into', { tone: 'off', text: () => m.reason_collapsed(), why: () => m.why_collapsed() }],
  ['fallback_waiting', { tone: 'info', text: () => m.reason_fallback_waiting(), why: () => m.why_fallback_waiting() }],
  ['fallback_from', { tone: 'info', text: () => m.reason_fallback_from(), why: () => m.why_fallback_from() }],
  [
    'fallback_not_needed',
    { tone: 'off', text: () => m.reason_fallback_not_needed(), why: () => m.why_fallback_not_needed() },
  ],
]);

export const reasonIds: readonly string[] = [...reasons.keys()];

/** Those that were found first, as they are, and after them all others that there are. */
export function withOtherReasons<V extends { value: string; text: string }>(
  found: readonly V[],
): (V | { value: string; text: string })[] {
  const known = new Set(found.map(({ value }) => value));
  const others = reasonIds.filter((id) => !known.has(id)).map((id) => ({ value: id, text: reasonWords(id).text }));
  return [...found, ...others];
}

/** A reason that a newer server has is shown as its code. */
export function reasonWords(reason: string): { tone: Tone; text: string; why: string } {
  const words = reasons.get(reason);
  return words === undefined
    ? { tone: 'off', text: reason, why: '' }
    : { tone: words.tone, text: words.text(), why: words.why() };
}
