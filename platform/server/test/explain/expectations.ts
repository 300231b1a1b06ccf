// The outcome that a broadcast must have when explain was right about it: who gets it, which devices are
// pushed and when, how the journey ends. Pure.

import type { ExplainResult, PushReason, RealtimeReason } from '@belfry/protocol';
import type { PushSettings } from '../../src/notifications/push-settings.ts';
import type { Case, Connection } from './cases.ts';

type Recipient = ExplainResult['recipients'][number];

/** One push that has to be sent. */
export interface ExpectedPost {
  userId: string;
  deviceId: string;
  provider: string;
  /** Not before so many ms after the broadcast. */
  notBeforeMs: number;
}

export interface PushEnd {
  reason: PushReason;
  post?: ExpectedPost;
}

/** The end that a push by each provider comes to when its time has come. */
const endsOf: Readonly<Record<string, PushReason>> = {
  hook: 'accepted_by_provider',
  paused: 'credentials_rejected',
  spent: 'quota',
};

/**
 * The end of the push of one device, by what explain said of it: `isHeld` when a connection acknowledged
 * before it was due, `isAwaited` when the claim was made after the wait for that, and not at once;
 * `elapsedMs` is the time that has passed.
 */
export function endOfPush(
  userId: string,
  { deviceId, provider, reason, afterMs = 0 }: Recipient['push'][number],
  { isHeld, isAwaited, elapsedMs }: { isHeld: boolean; isAwaited: boolean; elapsedMs: number },
): PushEnd {
  const isPending = reason === 'waiting_for_ack' || reason === 'quiet_hours_deferred';
  if (!isPending && reason !== 'queued') return { reason };
  const isOver = afterMs <= elapsedMs;
  if (isPending && isHeld && (isOver || isAwaited)) return { reason: 'cancelled_acked' };
  if (!isOver) return { reason };
  const end = endsOf[provider] ?? reason;
  if (end !== 'accepted_by_provider') return { reason: end };
  return { reason: end, post: { userId, deviceId, provider, notBeforeMs: afterMs } };
}

/** Whether an acknowledgement of this connection means that the user has it. */
export function holds(connection: Connection, settings: PushSettings): boolean {
  return settings.deliveredMeans === 'any' || isSeen(connection, settings);
}

function isSeen({ deviceType, visible, attended }: Connection, { deliveredMeans }: PushSettings): boolean {
  return deviceType === 'mobile' || (visible && (attended || deliveredMeans !== 'attended'));
}

/** The reason that the journey gives for a connection that acknowledged. */
export function endOfAck(connection: Connection, settings: PushSettings): RealtimeReason {
  return isSeen(connection, settings) ? 'acked' : 'acked_hidden';
}

/** Whether a push waits for those who are connected. Kinds that Belfry brings do. */
export function awaits(given: Case): boolean {
  const own = policyOf(given);
  if (own === undefined) return true;
  return own.push === 'undelivered' && (own.waitMs ?? given.settings.waitMs) > 0;
}

/** Whether it is pushed to whom has it on screen, too; when quiet hours put it off, then after them. */
export function pushesAlways(given: Case): boolean {
  return policyOf(given)?.push === 'always';
}

/** Undefined for kinds that Belfry brings. */
function policyOf({ request, kind }: Case) {
  return request.policy ?? (request.kind === kind.kind ? kind.policy : undefined);
}
