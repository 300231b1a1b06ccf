// The one entrance: carries a broadcast through its stages, in order, each a file of its own. Commands come
// by the named actions of chat-actions.ts; routes, hooks and the console call this.

import {
  BelfryError,
  isBelfryError,
  type BroadcastRequest,
  type BroadcastResult,
  type DecidingPreference,
  type ExplainResult,
} from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { WishSource } from '../notifications/preferences/check-preferences.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { MessageStored } from '../ports/message-facts.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { traced } from '../ports/tracing.ts';
import type { UploadReferences } from '../uploads/references.ts';
import type { BeforeStage } from './ask-before.ts';
import type { ResolveAudience, ResolvedAudience } from './audience.ts';
import type { Explained, Explainer } from './explainer.ts';
import { aboutOf, storedFact, type FollowUp } from './follow-up.ts';
import { hashOf, type Idempotent } from './idempotent.ts';
import type { Plan, PlannedUser, Planner } from './plan.ts';
import type { Publisher } from './publish.ts';
import type { ReadState } from './read-state.ts';
import type { Typing } from './typing.ts';
import { keepingUploads } from './uploads.ts';
import type { Origin, ValidBroadcast, Validator } from './validate.ts';

export interface BroadcastingDeps {
  validator: Validator;
  resolveAudience: ResolveAudience;
  uploads: Pick<UploadReferences, 'use'>;
  planner: Planner;
  publisher: Publisher;
  /** Left out, nobody is asked before messages. */
  before?: Pick<BeforeStage, 'run'>;
  followUp: FollowUp;
  idempotent: Idempotent;
  readState: ReadState;
  typing: Typing;
  explainer: Pick<Explainer, 'plan'>;
  facts: Pick<Facts, 'record' | 'wants'>;
  /**
   * Keeps a stored message for those outside who are promised it: a sender has their answer when it is kept.
   * Undefined at once where there is nobody. Left out, there never is.
   */
  keepStored?: (app: AppId, factOf: () => MessageStored | undefined) => Promise<void> | undefined;
  surroundings: Surroundings;
}

/** The outcome of one broadcast. */
export interface Carried {
  id: string;
  /** The one message it was appended as; undefined when it went to no log, or to several inboxes. */
  message?: StoredMessage;
  duplicate: boolean;
  /**
   * Resolves when the rest of its stages is done, and never rejects. Undefined for a duplicate, and when a
   * stage after the append failed (the relay then redoes the push).
   */
  planned: Promise<Plan | undefined>;
}

export class Broadcasting {
  readonly #deps: BroadcastingDeps;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(deps: BroadcastingDeps) {
    this.#deps = deps;
  }

  /**
   * Carries out a request of any kind; a repeated idempotency key is answered as the first time. Resolves
   * when all stages are done. Throws what a stage refuses, see validate.ts and audience.ts, and
   * `idempotency_conflict`, `overloaded`, `unavailable`.
   */
  async broadcast(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult> {
    if (request.kind === 'read') {
      // It looks first at the head of the log.
      await origin.after;
      return await this.#read(app, request, origin);
    }
    if (request.kind === 'typing') return await this.#typing(app, request, origin);
    return await this.#answer(app, request, origin);
  }

  /** The decisions `broadcast` would make now. No effect. */
  async explain(app: AppId, request: BroadcastRequest, origin: Origin): Promise<ExplainResult> {
    const { plan } = await this.plan(app, request, origin);
    return { recipients: plan.users.map(explained), counts: plan.counts };
  }

  /** As `explain`, with the broadcast as it would be carried out. No effect. */
  plan(app: AppId, request: BroadcastRequest, origin: Origin): Promise<Explained> {
    return this.#deps.explainer.plan(app, request, origin);
  }

  /**
   * The stages alone, for callers with an answer of their own: resolves when the broadcast is stored and
   * published. Throws as `broadcast` does.
   */
  carry(app: AppId, request: BroadcastRequest, origin: Origin): Promise<Carried> {
    return this.#counted(() => this.#carry(app, request, { origin }));
  }

  /** Resolves when all that was begun is planned. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  async #carry(app: AppId, request: BroadcastRequest, given: { origin: Origin; id?: string }): Promise<Carried> {
    const { validator, resolveAudience, uploads, planner, publisher, followUp, facts, surroundings } = this.#deps;
    const acceptedAtMs = surroundings.clock.now();
    const startedAt = surroundings.clock.monotonic();
    const valid = await validator.validate(app, request, given.origin);
    // Under an idempotency key a redo goes by the id of the first try, so that what that one stored is found
    // again.
    const named = given.id === undefined ? valid : { ...valid, id: given.id };
    const audience = await resolveAudience(app, named);
    const asked = await this.#deps.before?.run(app, request, named);
    const { broadcast, before } = asked ?? { broadcast: named };
    const devices = await planner.findDevices(app, broadcast, audience);
    if (facts.wants('message.accepted')) {
      const about = aboutOf(broadcast);
      facts.record(app, { type: 'message.accepted', atMs: acceptedAtMs, messageId: broadcast.id, ...about });
    }
    const published = await keepingUploads(app, { broadcast: referring(broadcast, audience), uploads }, () =>
      publisher.publish(app, { broadcast, audience, mayPush: devices.size > 0 }),
    );
    const { id, message, duplicate } = published;
    // A redo finds what it stored before it was cut off, and does the rest.
    const isDone = duplicate && id !== given.id;
    const planned = isDone
      ? Promise.resolve(undefined)
      : this.#track(followUp.run(app, { broadcast, before, audience, devices, published, acceptedAtMs, startedAt }));
    // A duplicate too: whoever sends again may do so because the first was cut off right here.
    const kept = this.#deps.keepStored?.(app, () => storedFact({ broadcast, published }));
    if (kept !== undefined) await kept;
    return { id, ...(message === undefined ? {} : { message }), duplicate, planned };
  }

  #answer(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult> {
    return this.#counted(async () => {
      const { idempotencyKey } = request;
      if (idempotencyKey === undefined) return await resultOf(await this.#carry(app, request, { origin }));
      const asked = { key: `broadcast:${idempotencyKey}`, bodyHash: hashOf(request), path: ['idempotencyKey'] };
      const { answer, isRepeated } = await this.#deps.idempotent.once(
        app,
        asked,
        async (id) => await resultOf(await this.#carry(app, request, { origin, id })),
      );
      return isRepeated ? { ...answer, duplicate: true } : answer;
    });
  }

  /** Moves the reader's cursor before it is published, as the command does; its recipients are the others. */
  async #read(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult> {
    const { audience, sender: userId, data } = request;
    // Validates it as any other.
    const { recipients, counts } = await this.explain(app, request, origin);
    const { seq } = data;
    if (!('conversation' in audience) || userId === undefined || typeof seq !== 'number')
      throw new BelfryError('invalid_body');
    const { broadcasts } = await this.#deps.readState.move(app, audience.conversation, { userId, seq, origin });
    // A read that moves nothing is no news to anybody.
    if (broadcasts.length === 0) return nothingDone();
    await Promise.all(broadcasts.map((each) => this.carry(app, each, origin)));
    const others = recipients.filter((recipient) => recipient.userId !== userId);
    return {
      id: uuidv7(),
      duplicate: false,
      recipients: others.length,
      connections: counts.sent ?? 0,
      decisions: counts,
    };
  }

  async #typing(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult> {
    const { audience, sender, data } = request;
    const { isTyping } = data;
    // A wrong request is refused like any other.
    if (!('conversation' in audience) || sender === undefined || typeof isTyping !== 'boolean')
      return await this.#answer(app, request, origin);
    // A change within a second of the one before is published at the end of that second, or not at all.
    let result = nothingDone();
    const change = { conversationId: audience.conversation, userId: sender, isTyping };
    await this.#deps.typing.change(app, change, async (now) => {
      result = await this.#answer(app, { ...request, data: { ...data, isTyping: now } }, origin);
    });
    return result;
  }

  async #counted<T>(run: () => Promise<T>): Promise<T> {
    const { log, metrics, tracing } = this.#deps.surroundings;
    try {
      return await this.#track(traced(tracing, ['broadcast'], run));
    } catch (error) {
      const code = isBelfryError(error) ? error.code : 'internal';
      metrics.count('broadcasts_failed_total', [code]);
      if (code === 'internal' || code === 'unavailable') log.error('broadcast failed', { code, err: error });
      else log.debug('broadcast refused', { code });
      throw error;
    }
  }

  #track<T>(promise: Promise<T>): Promise<T> {
    this.#underWay.add(promise);
    promise.then(
      () => this.#underWay.delete(promise),
      () => this.#underWay.delete(promise),
    );
    return promise;
  }
}

function referring({ id, uploadIds, audience, addressing }: ValidBroadcast, { members }: ResolvedAudience) {
  return {
    ...{ id, uploadIds, addressing, members },
    conversationId: 'conversation' in audience ? audience.conversation : undefined,
  };
}

async function resultOf({ id, message, duplicate, planned }: Carried): Promise<BroadcastResult> {
  const plan = await planned;
  return {
    id,
    ...(message === undefined ? {} : { stream: message.stream, seq: message.seq }),
    duplicate,
    recipients: plan?.recipientCount ?? 0,
    connections: plan?.counts.sent ?? 0,
    decisions: plan?.counts ?? {},
  };
}

function nothingDone(): BroadcastResult {
  return { id: uuidv7(), duplicate: false, recipients: 0, connections: 0, decisions: {} };
}

export function explained({
  userId,
  realtime,
  reason,
  push,
  pushReason,
  wish,
}: PlannedUser): ExplainResult['recipients'][number] {
  return {
    userId,
    realtime: realtime.map((each) => ({ ...each })),
    ...(reason === undefined ? {} : { reason }),
    push: push.map((each) => ({ ...each })),
    ...(pushReason === undefined ? {} : { pushReason }),
    ...(wish === undefined ? {} : { preference: shownPreference(wish) }),
  };
}

function shownPreference({ untilMs, ...rest }: WishSource): DecidingPreference {
  return { ...rest, ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }) };
}
