// Fourth stage: everything decided for a broadcast, per recipient, put together for its result, its push and its journey. Explain shows the same plan.

import type { ReasonCounts, Reason, RealtimeReason, PushReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Presence } from '../ports/presence.ts';
import type { Clock } from '../ports/clock.ts';
import type { PreferenceRecord } from '../ports/stores/index.ts';
import { narrowingOf, withSender } from '../delivery/addressing.ts';
import type { ResolvedAudience } from './audience.ts';
import { checkPreferences, type Wish } from '../notifications/preferences/check-preferences.ts';
import type { QuietUntil } from '../notifications/preferences/quiet-hours.ts';
import { decideRealtime } from '../delivery/decide-realtime.ts';
import { decidePush, type ProviderHindrance, type PushDecision } from './decide-push.ts';
import type { ConnectionDecision, LocalDecisions } from '../delivery/session-state.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { ValidBroadcast } from './validate.ts';
import type { PushDevices } from './push-devices.ts';

export interface PlannedUser {
  userId: string;
  /** The sender, whose other connections are shown but who is no recipient. */
  sender?: true;
  realtime: readonly ConnectionDecision[];
  /** Of a user without any connection, or who is not in the conversation. */
  reason?: RealtimeReason;
  push: readonly PushDecision[];
  pushReason?: PushReason;
  when?: 'now' | 'wait';
}

export interface Plan {
  /** Recipients first, then the sender where he has connections, then strangers. */
  users: readonly PlannedUser[];
  recipientCount: number;
  counts: ReasonCounts;
}

export type CompletePlan = (app: AppId, facts: PlanFacts) => Promise<Plan>;

interface PlanFacts {
  prepared: ValidBroadcast;
  audience: ResolvedAudience;
  devices: PushDevices;
  order: Delivery;
  local: LocalDecisions;
}

export function createCompletePlan(deps: {
  /** Of other nodes: this node's connections were decided by the fan-out. */
  presence: Pick<Presence, 'elsewhere'>;
  /** The providers that are configured and not switched off, each with what is in its way. */
  servedProviders: (app: AppId) => Promise<ReadonlyMap<string, ProviderHindrance | undefined>>;
  preferencesOf: (app: AppId, userIds: readonly string[]) => Promise<ReadonlyMap<string, PreferenceRecord>>;
  quietUntil: QuietUntil;
  waitMs: (app: AppId) => Promise<number>;
  clock: Pick<Clock, 'now'>;
}): CompletePlan {
  const { presence, servedProviders, preferencesOf, quietUntil, waitMs, clock } = deps;

  const shared = new WeakMap<LocalDecisions, { key: SharedKey; plan: Plan }>();

  return async (app, { prepared, audience, devices, order, local }) => {
    const decisions = await withOtherNodes(app, { prepared, audience, order, local });
    const recipients = audience.recipients ?? [...decisions.keys()];
    const push = await pushContext(app, prepared, devices);
    // Nobody has a device: the plan is that of the last broadcast for which the same was decided.
    const isShared = push.devices.size === 0 && audience.strangers.length === 0;
    const known = isShared ? shared.get(decisions) : undefined;
    const key = {
      recipients: audience.recipients,
      senderId: prepared.senderId,
      sender: prepared.row.sender,
      push: prepared.policy.push,
    };
    if (known !== undefined && isSameKey(known.key, key)) return known.plan;
    const plan = planOf(prepared, { audience, recipients, decisions, push });
    if (isShared) shared.set(decisions, { key, plan });
    return plan;
  };

  function planOf(
    prepared: ValidBroadcast,
    given: {
      audience: ResolvedAudience;
      recipients: readonly string[];
      decisions: LocalDecisions;
      push: Awaited<ReturnType<typeof pushContext>>;
    },
  ): Plan {
    const { audience, recipients, decisions, push } = given;
    const users = recipients.map((userId): PlannedUser => {
      const realtime = decisions.get(userId) ?? [];
      const isAwaited = realtime.some(({ reason }) => reason === 'sent' || reason === 'slow_consumer');
      const devices = push.devices.get(userId);
      const plan =
        userId === prepared.senderId
          ? ownNotice
          : decidePush({ ...push, policy: prepared.policy, devices, wish: push.wishOf(userId), isAwaited });
      return { userId, realtime, ...(realtime.length === 0 ? { reason: 'no_connection' } : {}), ...plan };
    });
    const recipientCount = users.length;
    const { senderId, row } = prepared;
    const ofSender = senderId === undefined || row.sender === 'like_anybody' ? undefined : decisions.get(senderId);
    if (senderId !== undefined && ofSender !== undefined)
      users.push({ userId: senderId, sender: true, realtime: ofSender, push: [] });
    for (const userId of audience.strangers) users.push({ userId, realtime: [], reason: 'not_a_member', push: [] });
    return { users, recipientCount, counts: countReasons(users) };
  }

  async function pushContext(app: AppId, prepared: ValidBroadcast, devices: PushDevices) {
    // The rest only says what becomes of a push to a device.
    if (devices.size === 0) return { devices, isServed: () => false, wishOf: noWish, waitMs: 0 };
    const [served, appWaitMs] = await Promise.all([servedProviders(app), waitMs(app)]);
    // Nobody is asked what he wants of a push that he cannot get.
    const preferences = prepared.policy.respectPreferences ? await preferencesOf(app, [...devices.keys()]) : undefined;
    const nowMs = clock.now();
    const { audience, data, policy } = prepared;
    const about = { data, policy, storedAt: nowMs };
    const message = 'conversation' in audience ? { ...about, conversationId: audience.conversation } : about;
    return {
      devices,
      isServed: (provider: string) => served.has(provider),
      hindrance: (provider: string) => served.get(provider),
      wishOf: (userId: string) =>
        checkPreferences({ preferences: preferences?.get(userId)?.preferences, userId, message, nowMs, quietUntil }),
      nowMs,
      waitMs: prepared.policy.waitMs ?? appWaitMs,
    };
  }

  /** Adds what other nodes will decide by the same rules for the connections that presence knows there. */
  async function withOtherNodes(
    app: AppId,
    given: { prepared: ValidBroadcast; audience: ResolvedAudience; order: Delivery; local: LocalDecisions },
  ): Promise<LocalDecisions> {
    const { prepared, audience, order, local } = given;
    // Who subscribed to a topic on another node, only that node knows.
    if ('topic' in order.to) return local;
    const users =
      audience.recipients === undefined
        ? undefined
        : withSender(audience.recipients, audience.members, prepared.senderId);
    const records = await presence.elsewhere(app, users);
    if (records.length === 0) return local;
    const isFor = narrowingOf(order);
    const all = new Map([...local].map(([userId, decided]) => [userId, [...decided]]));
    for (const record of records) {
      if (isFor?.(record.userId) === false) continue;
      const { connectionId, deviceType, page } = record;
      const decision = { connectionId, deviceType, page, reason: decideRealtime(record, order) };
      const known = all.get(record.userId);
      if (known === undefined) all.set(record.userId, [decision]);
      else known.push(decision);
    }
    return all;
  }
}

/** What a plan without any device depends on, beside what was decided for connections. */
interface SharedKey {
  /** Undefined: those of the decisions. */
  recipients: readonly string[] | undefined;
  senderId: string | undefined;
  sender: ValidBroadcast['row']['sender'];
  push: ValidBroadcast['policy']['push'];
}

/** By identity: the fan-out gives the same decisions, and the audience the same recipients, as long as they are. */
function isSameKey(a: SharedKey, b: SharedKey): boolean {
  return a.recipients === b.recipients && a.senderId === b.senderId && a.sender === b.sender && a.push === b.push;
}

const noWish = (): Wish | undefined => undefined;

/** Nobody is notified of what he sent himself, even where he is told of it like anybody. */
const ownNotice = { push: [], pushReason: 'policy_never' } as const;

function countReasons(users: readonly PlannedUser[]): ReasonCounts {
  const counts: Partial<Record<Reason, number>> = {};
  const add = (reason: Reason): void => {
    counts[reason] = (counts[reason] ?? 0) + 1;
  };
  for (const { realtime, reason, push, pushReason } of users) {
    for (const connection of realtime) add(connection.reason);
    for (const device of push) add(device.reason);
    if (reason !== undefined) add(reason);
    if (pushReason !== undefined) add(pushReason);
  }
  return counts;
}
