// Decides which devices of a recipient get a push, and why not: pure functions of the facts. Connections are
// delivery/decide-realtime.ts.

import type { DeviceType, Fallback, FallbackCause, PushReason } from '@belfry/protocol';
import { chainOf, type ChainTerms, type ChannelOf, type Step } from '../notifications/fallbacks/chain.ts';
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
  /** With `fallback_waiting`: after what the step is taken. */
  from?: FallbackCause;
}

/** The fall-back chain of the app, and what of a message its steps are chosen by. */
export interface FallbackTerms {
  fallbacks: readonly Fallback[] | undefined;
  terms: ChainTerms;
  channelOf: ChannelOf;
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
  /** Left out where the app has no chain. */
  chain?: FallbackTerms | undefined;
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
  const { first, steps } = facts.chain === undefined ? { first: devices, steps: [] } : chainOf(devices, facts.chain);
  const chosen = chooseDevices(first, [policy]);
  const waiting = waitingOf(steps, facts, chosen);
  if (chosen.length === 0 && waiting.length === 0) return noPush.no_device;
  const waits = isAwaited && policy.push === 'undelivered' && waitMs > 0;
  const sent = chosen.map(({ id, provider, deviceType }): PushDecision => {
    const device = { deviceId: id, provider, deviceType };
    return isServed(provider)
      ? { ...device, ...decideServed(facts, { provider, waits }) }
      : { ...device, reason: 'no_provider_for_device' };
  });
  const push = [...sent, ...waiting];
  return push.some(({ reason }) => isClaimed.has(reason)) ? { push, when: waits ? 'wait' : 'now' } : { push };
}

/** The others are at their end: there is nothing to claim for. */
const isClaimed: ReadonlySet<PushReason> = new Set([
  'queued',
  'waiting_for_ack',
  'quiet_hours_deferred',
  'credentials_rejected',
  'fallback_waiting',
]);

/** Each device in the first step that can be taken, as looks.ts finds them. */
function waitingOf(steps: readonly Step[], facts: PushFacts, chosen: readonly Device[]): PushDecision[] {
  const { policy, isServed, wish } = facts;
  const hadDevice = chosen.some(({ provider }) => isServed(provider));
  const decided = new Map<string, PushDecision>();
  for (const { fallback, devices } of steps) {
    const { after: from, afterMs } = fallback;
    const isPossible = from !== 'no_device' || !hadDevice;
    for (const { id, provider, deviceType } of chooseDevices(devices, [policy])) {
      const known = decided.get(id);
      if (known !== undefined && known.reason !== 'fallback_not_needed') continue;
      const device = { deviceId: id, provider, deviceType };
      if (!isServed(provider)) decided.set(id, { ...device, reason: 'no_provider_for_device' });
      else if (wish?.push === 'no') decided.set(id, { ...device, reason: wish.reason });
      else if (isPossible) decided.set(id, { ...device, reason: 'fallback_waiting', afterMs, from });
      else decided.set(id, { ...device, reason: 'fallback_not_needed' });
    }
  }
  return [...decided.values()];
}

function decideServed(
  { wish, nowMs = 0, waitMs, hindrance }: PushFacts,
  { provider, waits }: { provider: string; waits: boolean },
): Pick<PushDecision, 'reason' | 'afterMs'> {
  if (wish?.push === 'no') return { reason: wish.reason };
  if (wish?.push === 'later') return { reason: 'quiet_hours_deferred', afterMs: Math.max(0, wish.untilMs - nowMs) };
  if (waits) return { reason: 'waiting_for_ack', afterMs: waitMs };
  return { reason: hindrance?.(provider) ?? 'queued' };
}
