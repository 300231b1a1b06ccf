// Last stage: what follows from a published broadcast: its plan, its push, its facts, its log line. Nobody
// waits for it, and nothing that fails here undoes what stands.

import type { Notifications } from '../notifications/notifications.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { MessageSent, MessageStored } from '../ports/message-facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { BeforeOutcome } from './ask-before.ts';
import type { ResolvedAudience } from './audience.ts';
import { builtInKindRows } from './kinds.ts';
import type { MessageAdditions } from './message-additions.ts';
import type { Plan, Planner, PushDevices } from './plan.ts';
import type { Published } from './publish.ts';
import type { ValidBroadcast } from './validate.ts';

export interface FollowUpDeps {
  planner: Pick<Planner, 'complete'>;
  additions: Pick<MessageAdditions, 'repliesChanged'>;
  notifications: Pick<Notifications, 'schedule'>;
  facts: Pick<Facts, 'record' | 'wants'>;
  limits: { journeyRecipients: number };
  surroundings: Surroundings;
}

export interface Accepted {
  broadcast: ValidBroadcast;
  audience: ResolvedAudience;
  devices: PushDevices;
  published: Published;
  /** What the webhook said that was asked before. */
  before?: BeforeOutcome | undefined;
  acceptedAtMs: number;
  /** `Clock.monotonic` of the same moment. */
  startedAt: number;
}

const builtInKinds: ReadonlySet<string> = new Set(builtInKindRows.map(({ kind }) => kind));

export class FollowUp {
  readonly #deps: FollowUpDeps;

  constructor(deps: FollowUpDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves with undefined when it failed, which is logged: the message is stored, the relay sees to its
   * push. Never rejects.
   */
  async run(app: AppId, accepted: Accepted): Promise<Plan | undefined> {
    const { planner, additions, facts, surroundings } = this.#deps;
    const { clock, log, metrics } = surroundings;
    const { broadcast, published, startedAt } = accepted;
    const { kind } = broadcast.row;
    const ms = clock.monotonic() - startedAt;
    metrics.observe('broadcast_duration_seconds', [builtInKinds.has(kind) ? kind : 'custom'], ms / 1000);
    const { message } = published;
    // Beside the plan: neither waits for the other.
    const counted = message === undefined ? undefined : additions.repliesChanged(app, message);
    try {
      if (facts.wants('message.stored')) {
        const stored = storedFact(accepted);
        if (stored !== undefined) facts.record(app, stored);
      }
      const plan = await planner.complete(app, { ...accepted, ...published });
      this.#schedule(app, published, plan);
      facts.record(app, this.#sentFact(accepted, plan));
      const { recipientCount: recipients, counts: decisions } = plan;
      const tookMs = Math.round(ms * 10) / 10;
      log.info('broadcast done', { app, kind, id: broadcast.id, recipients, decisions, ms: tookMs });
      this.#logRouting(plan);
      return plan;
    } catch (error) {
      log.error('broadcast not finished', { app, kind, id: broadcast.id, err: error });
      return undefined;
    } finally {
      await counted;
    }
  }

  #schedule(app: AppId, { message, copies }: Published, plan: Plan): void {
    const { notifications } = this.#deps;
    if (copies !== undefined) {
      for (const { userId, when } of plan.users) {
        const copy = copies.get(userId);
        if (copy?.outbox !== undefined) notifications.schedule(app, copy, when === undefined ? [] : [{ userId, when }]);
      }
    } else if (message?.outbox !== undefined) {
      const due = plan.users.flatMap(({ userId, when }) => (when === undefined ? [] : [{ userId, when }]));
      notifications.schedule(app, message, due);
    }
  }

  #sentFact({ broadcast, published, before, acceptedAtMs }: Accepted, plan: Plan): MessageSent {
    const { message, copies } = published;
    const storedAtMs = message?.storedAt ?? copies?.values().next().value?.storedAt;
    return {
      type: 'message.sent',
      atMs: this.#deps.surroundings.clock.now(),
      messageId: published.id,
      ...aboutOf(broadcast),
      ...(message === undefined ? {} : { stream: message.stream, seq: message.seq }),
      ...(before === undefined ? {} : { before }),
      acceptedAtMs,
      ...(storedAtMs === undefined ? {} : { storedAtMs }),
      recipients: plan.users.length > this.#deps.limits.journeyRecipients ? undefined : placed(plan, copies),
      recipientCount: plan.recipientCount,
      counts: plan.counts,
      policy: broadcast.policy,
      ...(plan.deliveredMeans === undefined ? {} : { deliveredMeans: plan.deliveredMeans }),
      ...(broadcast.origin.resendOf === undefined ? {} : { resendOf: broadcast.origin.resendOf }),
      ...(plan.mayPush === undefined ? {} : { mayPush: plan.mayPush }),
    };
  }

  #logRouting(plan: Plan): void {
    const { log } = this.#deps.surroundings;
    if (!log.isDebug()) return;
    for (const { userId, realtime, reason, pushReason } of plan.users) {
      log.debug('routing', {
        recipient: userId,
        connections: realtime.length,
        reason: reason ?? realtime.map((each) => each.reason),
        pushReason,
      });
    }
  }
}

/** Undefined of a broadcast that is in no log. */
export function storedFact({
  broadcast,
  published,
}: Pick<Accepted, 'broadcast' | 'published'>): MessageStored | undefined {
  const { message, copies } = published;
  const first = message ?? copies?.values().next().value;
  if (first === undefined) return undefined;
  return {
    type: 'message.stored',
    atMs: first.storedAt,
    messageId: published.id,
    ...aboutOf(broadcast),
    data: first.data,
    ...(message === undefined ? {} : { stream: message.stream, seq: message.seq }),
    ...(copies === undefined ? {} : { copies }),
  };
}

/** The part of each fact of a broadcast that names it. */
export function aboutOf({ row, audience, senderId }: ValidBroadcast) {
  return {
    kind: row.kind,
    action: row.action,
    ...('conversation' in audience ? { conversationId: audience.conversation } : {}),
    ...(senderId === undefined ? {} : { senderId }),
  };
}

/** The users of the plan, each with the place of their copy where there are copies. */
function placed({ users }: Plan, copies: Published['copies']): MessageSent['recipients'] {
  if (copies === undefined) return users;
  return users.map((user) => {
    const copy = copies.get(user.userId);
    return copy === undefined ? user : { ...user, stream: copy.stream, seq: copy.seq };
  });
}
