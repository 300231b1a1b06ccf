// Fourth stage: everything decided for a broadcast, per recipient, put together for its result, its push and
// its journey. Explain shows the same plan.

import type { ReasonCounts, Reason, RealtimeReason, PushReason } from '@belfry/protocol';
import { narrowingOf, withSender } from '../delivery/addressing.ts';
import { decideRealtime } from '../delivery/decide-realtime.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { ConnectionDecision, LocalDecisions } from '../delivery/session-state.ts';
import type { Notifications } from '../notifications/notifications.ts';
import {
  checkPreferences,
  sourceOfWish,
  type Wish,
  type WishSource,
} from '../notifications/preferences/check-preferences.ts';
import type { QuietUntil } from '../notifications/preferences/quiet-hours.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { MayPush } from '../ports/message-facts.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';
import type { Elsewhere } from '../sessions/elsewhere.ts';
import type { AppSettings, Device, DeviceStore, PreferenceStore } from '../ports/stores/index.ts';
import type { DeliveredMeans } from '../ports/stores/tenancy.ts';
import type { ResolvedAudience } from './audience.ts';
import { decidePush, type FallbackTerms, type ProviderHindrance, type PushDecision } from './decide-push.ts';
import { mayPushOf } from './may-push.ts';
import type { ValidBroadcast } from './validate.ts';

export interface PlannedUser {
  userId: string;
  /** The sender, whose other connections are shown but who is no recipient. */
  sender?: true;
  realtime: readonly ConnectionDecision[];
  /** Of a user without any connection, or who is not in the conversation. */
  reason?: RealtimeReason;
  push: readonly PushDecision[];
  pushReason?: PushReason;
  /** Among their preferences, where it decided about the push. */
  wish?: WishSource;
  when?: 'now' | 'wait';
}

export interface Plan {
  /** Recipients first, then the sender where they have connections, then strangers. */
  users: readonly PlannedUser[];
  recipientCount: number;
  counts: ReasonCounts;
  /** By what an acknowledgement holds a push back; undefined where nobody has a device. */
  deliveredMeans?: DeliveredMeans;
  mayPush?: MayPush;
}

/** By user; those without any device are not in it. */
export type PushDevices = ReadonlyMap<string, readonly Device[]>;

interface PlanFacts {
  broadcast: ValidBroadcast;
  audience: ResolvedAudience;
  devices: PushDevices;
  delivery: Delivery;
  /** Of this node's connections. */
  local: LocalDecisions;
}

/** The facts that the pushes of a broadcast are decided by, the same for every recipient. */
interface PushContext {
  devices: PushDevices;
  isServed: (provider: string) => boolean;
  hindrance?: (provider: string) => ProviderHindrance | undefined;
  wishOf: (userId: string) => Wish | undefined;
  nowMs?: number;
  waitMs: number;
  deliveredMeans?: DeliveredMeans;
  chain?: FallbackTerms;
}

export interface PlannerDeps {
  /** Of other nodes: this node's connections were decided by local delivery. */
  elsewhere: Pick<Elsewhere, 'of'>;
  presence: Pick<Presence, 'count' | 'page'>;
  devices: Pick<DeviceStore, 'ofUsers'>;
  preferences: Pick<PreferenceStore, 'ofUsers'>;
  notifications: Pick<Notifications, 'servedProviders'>;
  quietUntil: QuietUntil;
  /** Left out, what was decided for connections stands: a simulation changes the rights of pages. */
  adjust?: ((decisions: LocalDecisions, delivery: Delivery) => LocalDecisions) | undefined;
  settings: (app: AppId) => Promise<Pick<AppSettings, 'waitMs' | 'deliveredMeans' | 'fallbacks'>>;
  clock: Pick<Clock, 'now'>;
}

export class Planner {
  readonly #deps: PlannerDeps;
  /** Plans without a device, by what was decided for connections: the same again is the same plan. */
  readonly #shared = new WeakMap<LocalDecisions, { key: SharedKey; plan: Plan }>();

  /** The last decisions for connections here and elsewhere, by the latter: mostly the same again. */
  readonly #joined = new WeakMap<readonly ConnectionRecord[], Joined>();

  constructor(deps: PlannerDeps) {
    this.#deps = deps;
  }

  /**
   * The devices it may be pushed to, looked up before it is stored: a message to people who have none owes no
   * push, and carries no flag for the relay.
   */
  async findDevices(app: AppId, { policy }: ValidBroadcast, { recipients }: ResolvedAudience): Promise<PushDevices> {
    // A broadcast without recipients goes to connections alone, and is never pushed.
    if (policy.push === 'never' || recipients === undefined) return noDevices;
    return await this.#deps.devices.ofUsers(app, recipients);
  }

  async complete(app: AppId, facts: PlanFacts): Promise<Plan> {
    const { broadcast, audience, devices } = facts;
    const found = await this.#withOtherNodes(app, facts);
    const decisions = this.#deps.adjust?.(found, facts.delivery) ?? found;
    const push = await this.#pushContext(app, broadcast, devices);
    // Nobody has a device: the plan is that of the last broadcast for which the same was decided.
    const isShared = push.devices.size === 0 && audience.strangers.length === 0;
    const known = isShared ? this.#shared.get(decisions) : undefined;
    const key = {
      recipients: audience.recipients,
      senderId: broadcast.senderId,
      sender: broadcast.row.sender,
      push: broadcast.policy.push,
    };
    if (known !== undefined && isSameKey(known.key, key)) return known.plan;
    const plan = planOf(broadcast, { audience, decisions, push });
    if (isShared) this.#shared.set(decisions, { key, plan });
    return plan;
  }

  async #pushContext(app: AppId, broadcast: ValidBroadcast, devices: PushDevices): Promise<PushContext> {
    // The rest only says what becomes of a push to a device.
    if (devices.size === 0) return { devices, isServed: () => false, wishOf: () => undefined, waitMs: 0 };
    const { notifications, preferences, quietUntil, clock } = this.#deps;
    const [served, settings] = await Promise.all([notifications.servedProviders(app), this.#deps.settings(app)]);
    const { deliveredMeans, fallbacks } = settings;
    const { audience, data, policy } = broadcast;
    // Nobody is asked for their wishes about a push that they cannot get.
    const wishes = policy.respectPreferences ? await preferences.ofUsers(app, [...devices.keys()]) : undefined;
    const nowMs = clock.now();
    const about = { data, policy, storedAt: nowMs };
    const message = 'conversation' in audience ? { ...about, conversationId: audience.conversation } : about;
    return {
      devices,
      isServed: (provider) => served.has(provider),
      hindrance: (provider) => served.get(provider)?.hindrance,
      wishOf: (userId) =>
        checkPreferences({ preferences: wishes?.get(userId)?.preferences, userId, message, nowMs, quietUntil }),
      nowMs,
      waitMs: policy.waitMs ?? settings.waitMs,
      deliveredMeans,
      ...(fallbacks === undefined || fallbacks.length === 0
        ? {}
        : {
            chain: {
              fallbacks,
              terms: { kind: broadcast.row.kind, priority: policy.priority },
              channelOf: (provider: string) => served.get(provider)?.channel,
            },
          }),
    };
  }

  /** Adds what other nodes will decide by the same rules for the connections that presence knows there. */
  async #withOtherNodes(app: AppId, { broadcast, audience, delivery, local }: PlanFacts): Promise<LocalDecisions> {
    // Only the node of a connection knows its topics.
    if ('topic' in delivery.to) return local;
    const { members, recipients } = audience;
    const users = recipients === undefined ? undefined : withSender(recipients, members, broadcast.senderId);
    const { presence, elsewhere } = this.#deps;
    const records = users === undefined ? await everyoneElsewhere(presence, app) : await elsewhere.of(app, users);
    if (records.length === 0) return local;
    const isFor = narrowingOf(delivery);
    const reasons = records.map((record) =>
      isFor?.(record.userId) === false ? undefined : decideRealtime(record, delivery),
    );
    const last = this.#joined.get(records);
    if (last?.local === local && last.reasons.every((reason, at) => reason === reasons[at])) return last.all;
    const all = joined(local, records, reasons);
    this.#joined.set(records, { local, reasons, all });
    return all;
  }
}

/** `reasons` of the records in their order; undefined for a connection that it does not concern. */
function joined(
  local: LocalDecisions,
  records: readonly ConnectionRecord[],
  reasons: readonly (RealtimeReason | undefined)[],
): LocalDecisions {
  const all = new Map([...local].map(([userId, decided]) => [userId, [...decided]]));
  for (const [at, record] of records.entries()) {
    const { userId, connectionId, deviceType, page, pattern: pagePattern, policyVersion, visible, attended } = record;
    const reason = reasons[at];
    if (reason === undefined) continue;
    const decision = {
      ...{ connectionId, deviceType, page, reason, pagePattern, visible, attended },
      ...(policyVersion !== undefined && { pageVersion: policyVersion }),
    };
    const known = all.get(userId);
    if (known === undefined) all.set(userId, [decision]);
    else known.push(decision);
  }
  return all;
}

interface Joined {
  local: LocalDecisions;
  reasons: readonly (RealtimeReason | undefined)[];
  all: LocalDecisions;
}

const recordsAtOnce = 1000;

/**
 * Page by page, so that a hundred thousand connections hold nobody up. Nothing is read where no other node
 * has any.
 */
async function everyoneElsewhere(
  presence: Pick<Presence, 'count' | 'page'>,
  app: AppId,
): Promise<readonly ConnectionRecord[]> {
  if ((await presence.count(app)).elsewhere === 0) return [];
  const records: ConnectionRecord[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await presence.page(app, { after, limit: recordsAtOnce, elsewhere: true });
    records.push(...page);
    if (page.length < recordsAtOnce) return records;
    after = page.at(-1)?.connectionId;
  }
}

const noDevices: PushDevices = new Map();

/** A plan without any device depends on these, beside what was decided for connections. */
interface SharedKey {
  /** Undefined: those of the decisions. */
  recipients: readonly string[] | undefined;
  senderId: string | undefined;
  sender: ValidBroadcast['row']['sender'];
  push: ValidBroadcast['policy']['push'];
}

/**
 * By identity: local delivery gives the same decisions, and the audience the same recipients, as long as they
 * are.
 */
function isSameKey(a: SharedKey, b: SharedKey): boolean {
  return a.recipients === b.recipients && a.senderId === b.senderId && a.sender === b.sender && a.push === b.push;
}

function planOf(
  { senderId, policy, row }: ValidBroadcast,
  given: { audience: ResolvedAudience; decisions: LocalDecisions; push: PushContext },
): Plan {
  const { audience, decisions, push } = given;
  const recipients = audience.recipients ?? [...decisions.keys()];
  const users = recipients.map((userId): PlannedUser => {
    const realtime = decisions.get(userId) ?? [];
    const isAwaited = realtime.some(({ reason }) => reason === 'sent' || reason === 'slow_consumer');
    const devices = push.devices.get(userId);
    const wish = devices === undefined ? undefined : push.wishOf(userId);
    const plan = userId === senderId ? ownNotice : decidePush({ ...push, policy, devices, wish, isAwaited });
    const source = userId === senderId || plan.push.length === 0 ? undefined : sourceOfWish(wish);
    return {
      ...{ userId, realtime, ...(realtime.length === 0 ? { reason: 'no_connection' } : {}), ...plan },
      ...(source !== undefined && { wish: source }),
    };
  });
  const recipientCount = users.length;
  // Without recipients it goes to connections alone.
  const isNeverPushed = policy.push === 'never' || audience.recipients === undefined;
  const mayPush = isNeverPushed ? undefined : mayPushOf(users, senderId);
  const ofSender = senderId === undefined || row.sender === 'like_anybody' ? undefined : decisions.get(senderId);
  if (senderId !== undefined && ofSender !== undefined)
    users.push({ userId: senderId, sender: true, realtime: ofSender, push: [] });
  for (const userId of audience.strangers) users.push({ userId, realtime: [], reason: 'not_a_member', push: [] });
  const { deliveredMeans } = push;
  return {
    users,
    recipientCount,
    counts: countReasons(users),
    ...(deliveredMeans !== undefined && { deliveredMeans }),
    ...(mayPush !== undefined && { mayPush }),
  };
}

/** Nobody is notified of what they sent themselves, even where it is delivered to them like to anybody. */
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
