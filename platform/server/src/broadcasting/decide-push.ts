// Decides which devices of a recipient get a push, and why not: pure functions of the facts. Connections are
// delivery/decide-realtime.ts.

import type { DeviceType, PushReason } from '@belfry/protocol';
import { chooseDevices } from '../notifications/devices/choose-devices.ts';
import type { Wish } from '../notifications/preferences/check-preferences.ts';
import type { Device, StoredPolicy } from '../ports/stores/index.ts';

export interface PushDecision {
  deviceId: string;
  provider: string;
  deviceType: DeviceType;
  reason: PushReason;
  /** With `waiting_for_ack`: how long at the most. With `quiet_hours_deferred`: until they end. */
  afterMs?: number;
}

export interface PushPlan {
  push: readonly PushDecision[];
  /** Says for the whole user why there is no push at all. */
  pushReason?: PushReason;
  /** When the push is to be claimed; absent: never. */
  when?: 'now' | 'wait';
}

const noPush: Readonly<Record<'policy_never' | 'no_device', PushPlan>> = {
  policy_never: { push: [], pushReason: 'policy_never' },
  no_device: { push: [], pushReason: 'no_device' },
};

export interface PushFacts {
  policy: StoredPolicy;
  waitMs: number;
  devices: readonly Device[] | undefined;
  /** Whether a provider of this id is configured and not switched off. */
  isServed: (provider: string) => boolean;
  /**
   * The end that a push to a served provider would come to at once, other than to be sent; none when left
   * out.
   */
  hindrance?: (provider: string) => ProviderHindrance | undefined;
  /** The answer of the user's preferences; left out where they are not asked. */
  wish?: Wish | undefined;
  nowMs?: number;
  /** Whether a connection of the user was sent the event, and so may acknowledge it. */
  isAwaited: boolean;
}

/**
 * Paused because of its credentials: its pushes are kept to be replayed. A quota that is used up: they are
 * lost.
 */
export type ProviderHindrance = Extract<PushReason, 'credentials_rejected' | 'quota'>;

/**
 * Decides for the devices of one recipient. Each has the first reason that holds it up; the next one is found
 * when its wait is over.
 */
export function decidePush(facts: PushFacts): PushPlan {
  const { policy, waitMs, devices, isServed, isAwaited } = facts;
  if (policy.push === 'never') return noPush.policy_never;
  if (devices === undefined || devices.length === 0) return noPush.no_device;
  const chosen = chooseDevices(devices, [policy]);
  if (chosen.length === 0) return noPush.no_device;
  const waits = isAwaited && policy.push === 'undelivered' && waitMs > 0;
  const push = chosen.map(({ id, provider, deviceType }): PushDecision => {
    const device = { deviceId: id, provider, deviceType };
    return isServed(provider)
      ? { ...device, ...decideServed(facts, { provider, waits }) }
      : { ...device, reason: 'no_provider_for_device' };
  });
  return push.some(({ reason }) => isClaimed.has(reason)) ? { push, when: waits ? 'wait' : 'now' } : { push };
}

/** The others are at their end: there is nothing to claim for. */
const isClaimed: ReadonlySet<PushReason> = new Set([
  'queued',
  'waiting_for_ack',
  'quiet_hours_deferred',
  'credentials_rejected',
]);

function decideServed(
  { wish, nowMs = 0, waitMs, hindrance }: PushFacts,
  { provider, waits }: { provider: string; waits: boolean },
): Pick<PushDecision, 'reason' | 'afterMs'> {
  if (wish?.push === 'no') return { reason: wish.reason };
  if (wish?.push === 'later') return { reason: 'quiet_hours_deferred', afterMs: Math.max(0, wish.untilMs - nowMs) };
  if (waits) return { reason: 'waiting_for_ack', afterMs: waitMs };
  return { reason: hindrance?.(provider) ?? 'queued' };
}
