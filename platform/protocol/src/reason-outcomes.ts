// What each reason means for whether a message has come to somebody. The reasons themselves: reasons.ts.
import type { Reason } from './reasons.ts';

/**
 * `reached`: somebody saw it, or a push was taken for it. `open`: a push is under way. `failed`: something went
 * wrong. `withheld`: they did not want a push. `none`: says nothing of the kind, or that it was not meant to.
 */
export type ReasonOutcome = 'reached' | 'open' | 'failed' | 'withheld' | 'none';

export const reasonOutcomes: Readonly<Record<Reason, ReasonOutcome>> = {
  sent: 'none',
  acked: 'reached',
  acked_hidden: 'none',
  no_connection: 'none',
  device_type_excluded: 'none',
  feature_off_on_page: 'none',
  slow_consumer: 'none',
  excluded_sender: 'none',
  not_a_member: 'none',
  waiting_for_ack: 'open',
  cancelled_acked: 'reached',
  cancelled_read: 'reached',
  queued: 'open',
  accepted_by_provider: 'reached',
  delivered: 'reached',
  delivery_failed: 'failed',
  opened: 'reached',
  retrying: 'open',
  expired_ttl: 'failed',
  no_device: 'none',
  no_provider_for_device: 'failed',
  target_gone: 'failed',
  payload_rejected: 'failed',
  credentials_rejected: 'failed',
  quota: 'failed',
  muted: 'withheld',
  mentions_only: 'withheld',
  quiet_hours_deferred: 'open',
  preference_off: 'withheld',
  policy_never: 'none',
  collapsed_into: 'reached',
  fallback_waiting: 'open',
  fallback_from: 'open',
  fallback_not_needed: 'none',
};

export function reasonsThatAre(outcome: ReasonOutcome): Reason[] {
  // Of an object literal that nobody can add to.
  return (Object.keys(reasonOutcomes) as Reason[]).filter((reason) => reasonOutcomes[reason] === outcome);
}
