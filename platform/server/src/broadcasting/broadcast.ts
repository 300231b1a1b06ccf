// The one entrance: carries a broadcast through its stages, in order, each a file of its own. Commands, routes, hooks and the console all call this.

import {
  conversationStream,
  inboxStream,
  isBelfryError,
  type BroadcastRequest,
  type BroadcastResult,
  type ExplainResult,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { UploadReferences } from '../uploads/references.ts';
import type { ResolveAudience, ResolvedAudience } from './audience.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { LocalDecisions } from '../delivery/session-state.ts';
import { builtInKindRows } from './kinds.ts';
import { keepingUploads } from './uploads.ts';
import type { Idempotent } from './idempotent.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { CompletePlan, Plan, PlannedUser } from './plan.ts';
import type { Origin, Validate, ValidBroadcast } from './validate.ts';
import type { FindPushDevices, PushDevices } from './push-devices.ts';
import { usersOf } from '../delivery/addressing.ts';
import { ephemeralOrder, type Publish, type Published } from './publish.ts';

export interface BroadcastDeps {
  validate: Validate;
  resolveAudience: ResolveAudience;
  uploads: Pick<UploadReferences, 'use'>;
  findPushDevices: FindPushDevices;
  publish: Publish;
  completePlan: CompletePlan;
  once: Idempotent;
  fanOut: Pick<FanOut, 'preview'>;
  notifications: {
    schedule(app: AppId, message: StoredMessage, recipients: readonly { userId: string; when: 'now' | 'wait' }[]): void;
  };
  journey: { planned(app: AppId, plan: RecordedPlan): void };
  clock: Clock;
  logger: Log;
  metrics: Metrics;
  limits: { journeyRecipients: number };
}

/** What journey is told of a broadcast; see journey/facts.ts. */
export interface RecordedPlan {
  messageId: string;
  kind: string;
  action: string;
  conversationId?: string;
  stream?: string;
  seq?: number;
  senderId?: string;
  acceptedAtMs: number;
  storedAtMs?: number;
  resolvedAtMs?: number;
  recipients: readonly (PlannedUser & { stream?: string; seq?: number })[] | undefined;
  recipientCount: number;
  counts: Plan['counts'];
}

/** What came of one broadcast. `planned` settles when the rest of its stages is done; it never rejects. */
export interface Carried {
  id: string;
  /** The one message it was appended as; undefined when it went to no log, or to several inboxes. */
  message?: StoredMessage;
  duplicate: boolean;
  /** Undefined for a duplicate, and when a stage after the append failed (the relay then redoes the push). */
  planned: Promise<Plan | undefined>;
}

export interface Broadcasting {
  /** Throws what a stage refuses, see validate.ts and audience.ts, and `idempotency_conflict`, `overloaded`, `unavailable`. Resolves when it is stored and told. */
  carry(app: AppId, request: BroadcastRequest, origin: Origin): Promise<Carried>;
  /** `carry`, with its result as the HTTP API answers it; a repeated idempotency key is answered as the first time. */
  broadcast(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult>;
  /** The decisions `broadcast` would make now. No effect. */
  explain(app: AppId, request: BroadcastRequest, origin: Origin): Promise<ExplainResult>;
  /** Resolves when all that was begun is planned. */
  settled(): Promise<void>;
}

const builtInKinds: ReadonlySet<string> = new Set(builtInKindRows.map(({ kind }) => kind));

export function createBroadcasting(deps: BroadcastDeps): Broadcasting {
  const {
    validate: prepare,
    resolveAudience,
    findPushDevices,
    uploads,
    publish: tell,
    completePlan,
    once,
    fanOut,
    notifications,
    journey,
    clock,
    logger,
    metrics,
    limits,
  } = deps;
  const underWay = new Set<Promise<unknown>>();

  return {
    carry: (app, request, origin) => counted(() => carry(app, request, { origin })),

    broadcast: (app, request, origin) =>
      counted(async () => {
        const { idempotencyKey } = request;
        if (idempotencyKey === undefined) return await resultOf(await carry(app, request, { origin }));
        return await once(
          app,
          { request, key: idempotencyKey },
          async (id) => await resultOf(await carry(app, request, { origin, id })),
        );
      }),

    async explain(app, request, origin) {
      const prepared = await prepare(app, request, origin);
      const audience = await resolveAudience(app, prepared);
      const devices = await findPushDevices(app, prepared, audience);
      const order = ephemeralOrder(prepared, clock.now());
      const plan = await completePlan(app, {
        prepared,
        audience,
        devices,
        order,
        local: preview(app, prepared, { audience, order }),
      });
      return { recipients: plan.users.map(explained), counts: plan.counts };
    },

    async settled() {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
  };

  async function carry(
    app: AppId,
    request: BroadcastRequest,
    given: { origin: Origin; id?: string },
  ): Promise<Carried> {
    const acceptedAtMs = clock.now();
    const startedAt = clock.monotonic();
    const fresh = await prepare(app, request, given.origin);
    // Under an idempotency key a redo goes by the id of the first try, so that what that one stored is found again.
    const prepared = given.id === undefined ? fresh : { ...fresh, id: given.id };
    const audience = await resolveAudience(app, prepared);
    const devices = await findPushDevices(app, prepared, audience);
    const told = await keepingUploads(app, { prepared, audience, uploads }, () =>
      tell(app, { prepared, audience, mayPush: devices.size > 0 }),
    );
    const { message, duplicate } = told;
    // A redo finds what it stored before it was cut off, and does the rest.
    const isDone = duplicate && told.id !== given.id;
    const planned = isDone
      ? Promise.resolve(undefined)
      : track(finish(app, { prepared, audience, devices, told, acceptedAtMs, startedAt }));
    return { id: told.id, ...(message === undefined ? {} : { message }), duplicate, planned };
  }

  /** As the fan-out of the broadcast would decide for this node's connections; the stream it would go to says whether a connection is behind in it. */
  function preview(
    app: AppId,
    { row, audience: form }: ValidBroadcast,
    { audience, order }: { audience: ResolvedAudience; order: Delivery },
  ): LocalDecisions {
    const inStream = (stream: string): Delivery => ({ ...order, event: { ...order.event, stream } });
    if (row.durable === false) return fanOut.preview(app, order, usersOf(order, audience.members));
    if ('conversation' in form && row.durable !== 'inbox')
      return fanOut.preview(app, inStream(conversationStream(form.conversation)), audience.members);
    const inboxes = (audience.recipients ?? []).map((userId) =>
      fanOut.preview(app, { ...inStream(inboxStream(userId)), to: { users: [userId] } }, [userId]),
    );
    return new Map(inboxes.flatMap((decisions) => [...decisions]));
  }

  /** The stages after the append. A failure here is logged, and never undoes what stands: the message is stored, the relay sees to its push. */
  async function finish(
    app: AppId,
    done: {
      prepared: ValidBroadcast;
      audience: ResolvedAudience;
      devices: PushDevices;
      told: Published;
      acceptedAtMs: number;
      startedAt: number;
    },
  ): Promise<Plan | undefined> {
    const { prepared, audience, devices, told, acceptedAtMs, startedAt } = done;
    const ms = clock.monotonic() - startedAt;
    const kind = builtInKinds.has(prepared.row.kind) ? prepared.row.kind : 'custom';
    metrics.observe('broadcast_duration_seconds', [kind], ms / 1000);
    try {
      const { order, local } = told;
      const plan = await completePlan(app, { prepared, audience, devices, order, local });
      schedule(app, told, plan);
      journey.planned(app, recordOf(prepared, { told, plan, acceptedAtMs, resolvedAtMs: clock.now() }));
      for (const [reason, count] of Object.entries(plan.counts)) metrics.count('deliveries_total', [reason], count);
      const { recipientCount: recipients, counts: decisions } = plan;
      logger.info('broadcast done', {
        app,
        kind: prepared.row.kind,
        id: prepared.id,
        recipients,
        decisions,
        ms: Math.round(ms * 10) / 10,
      });
      logRouting(plan);
      return plan;
    } catch (error) {
      logger.error('broadcast not finished', { app, kind: prepared.row.kind, id: prepared.id, err: error });
      return undefined;
    }
  }

  function schedule(app: AppId, { message, copies }: Published, plan: Plan): void {
    if (copies !== undefined) {
      for (const { userId, when } of plan.users) {
        const copy = copies.get(userId);
        if (copy?.outbox !== undefined) notifications.schedule(app, copy, when === undefined ? [] : [{ userId, when }]);
      }
    } else if (message?.outbox !== undefined) {
      notifications.schedule(
        app,
        message,
        plan.users.flatMap(({ userId, when }) => (when === undefined ? [] : [{ userId, when }])),
      );
    }
  }

  function recordOf(
    prepared: ValidBroadcast,
    done: { told: Published; plan: Plan; acceptedAtMs: number; resolvedAtMs: number },
  ): RecordedPlan {
    const { told, plan, acceptedAtMs, resolvedAtMs } = done;
    const { message, copies } = told;
    const placed =
      copies === undefined
        ? plan.users
        : plan.users.map((user) => {
            const copy = copies.get(user.userId);
            return copy === undefined ? user : { ...user, stream: copy.stream, seq: copy.seq };
          });
    const storedAtMs = message?.storedAt ?? copies?.values().next().value?.storedAt;
    const conversationId = 'conversation' in prepared.audience ? prepared.audience.conversation : undefined;
    return {
      messageId: told.id,
      kind: prepared.row.kind,
      action: prepared.row.action,
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(message === undefined ? {} : { stream: message.stream, seq: message.seq }),
      ...(prepared.senderId === undefined ? {} : { senderId: prepared.senderId }),
      acceptedAtMs,
      ...(storedAtMs === undefined ? {} : { storedAtMs }),
      resolvedAtMs,
      recipients: plan.users.length > limits.journeyRecipients ? undefined : placed,
      recipientCount: plan.recipientCount,
      counts: plan.counts,
    };
  }

  async function resultOf(carried: Carried): Promise<BroadcastResult> {
    const plan = await carried.planned;
    const { id, message, duplicate } = carried;
    return {
      id,
      ...(message === undefined ? {} : { stream: message.stream, seq: message.seq }),
      duplicate,
      recipients: plan?.recipientCount ?? 0,
      decisions: plan?.counts ?? {},
    };
  }

  async function counted<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await track(run());
    } catch (error) {
      const code = isBelfryError(error) ? error.code : 'internal';
      metrics.count('broadcasts_failed_total', [code]);
      if (code === 'internal' || code === 'unavailable') logger.error('broadcast failed', { code, err: error });
      else logger.debug('broadcast refused', { code });
      throw error;
    }
  }

  function track<T>(promise: Promise<T>): Promise<T> {
    underWay.add(promise);
    promise.then(
      () => underWay.delete(promise),
      () => underWay.delete(promise),
    );
    return promise;
  }

  function logRouting(plan: Plan): void {
    if (!logger.isDebug()) return;
    for (const { userId, realtime, reason, pushReason } of plan.users) {
      logger.debug('routing', {
        recipient: userId,
        connections: realtime.length,
        reason: reason ?? realtime.map((each) => each.reason),
        pushReason,
      });
    }
  }
}

function explained({ userId, realtime, reason, push, pushReason }: PlannedUser): ExplainResult['recipients'][number] {
  return {
    userId,
    realtime: realtime.map((each) => ({ ...each })),
    ...(reason === undefined ? {} : { reason }),
    push: push.map((each) => ({ ...each })),
    ...(pushReason === undefined ? {} : { pushReason }),
  };
}
