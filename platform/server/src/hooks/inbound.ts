// A webhook that was verified becomes one broadcast (docs/guarantees.md, G13), and the outcome is kept.
// Verifying it: intake.ts; the mapping: map-payload.ts.

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  BelfryError,
  hookAcceptedSchema,
  hookRequestSchema,
  isBelfryError,
  notFound,
  parseWith,
  type BroadcastRequest,
  type ExplainResult,
  type HookAccepted,
} from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { Broadcasting } from '../broadcasting/broadcast.ts';
import type { Idempotent } from '../broadcasting/idempotent.ts';
import type { Origin } from '../broadcasting/validate.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts, HookReceived } from '../ports/facts.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { HookDelivery, HookDeliveryStore, HookRecord } from '../ports/stores/index.ts';
import { acceptedRow, reasonOf } from './deliveries.ts';
import type { VerifiedWebhook } from './intake.ts';
import { asMappingFailure, type MapPayload } from './map-payload.ts';

export interface InboundDeps {
  deliveries: Pick<HookDeliveryStore, 'put' | 'get'>;
  /** Keeps an id for as long as it is promised (docs/guarantees.md, G13). */
  idempotent: Pick<Idempotent, 'once'>;
  broadcasting: Pick<Broadcasting, 'broadcast' | 'explain'>;
  mapPayload: MapPayload;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'debug' | 'warn'>;
  metrics: Pick<Metrics, 'count'>;
  facts: Pick<Facts, 'record'>;
}

/**
 * A little longer than a broadcast's own lease: a process that has said nothing for this long was killed, and
 * another may do it under the same id.
 */
const leaseMs = 35_000;
/** A repetition is one by its id, whatever it says: the body is not compared. */
const anyBody = '';
const origin: Origin = { via: 'hook' };

export class Inbound {
  readonly #deps: InboundDeps;
  /**
   * Webhooks at work in this process: the same one a second time waits for the first instead of being sent
   * away.
   */
  readonly #atWork = new Map<string, Promise<unknown>>();

  constructor(deps: InboundDeps) {
    this.#deps = deps;
  }

  /**
   * Broadcasts what the hook's mapping makes of it; the same id again is answered as the first time. Throws
   * `mapping_failed` (kept, to be replayed), `bad_request` for a body that is not JSON, `conflict` while
   * another node is at it, and `overloaded`, `unavailable` as broadcasting does.
   */
  async accept({ app, hook, webhookId, body }: VerifiedWebhook): Promise<HookAccepted> {
    if (!isUtf8(body)) throw new BelfryError('bad_request', { message: 'The body is not UTF-8.' });
    const delivery: HookDelivery = {
      id: uuidv7(),
      hookId: hook.id,
      webhookId,
      receivedAt: this.#deps.clock.now(),
      outcome: 'failed',
      payloadBytes: body.length,
      // A byte order mark is signed like the rest, and no part of the JSON (RFC 8259, 8.1).
      payload: body.toString('utf8').replace(/^\uFEFF/, ''),
    };
    const accepted = await this.#alone(app, delivery, () => this.#once(app, hook, delivery));
    this.#deps.metrics.count('hook_deliveries_total', [accepted.duplicate ? 'duplicate' : 'accepted']);
    return accepted;
  }

  /**
   * Once more, by the mapping of today; a delivery that became a broadcast does not become another. Throws as
   * `accept`, `not_found`, and `conflict` when the payload was not kept.
   */
  async replay(app: AppId, hook: HookRecord, deliveryId: string): Promise<HookAccepted> {
    const delivery = await this.#deps.deliveries.get(app, hook.id, deliveryId);
    if (delivery === undefined) throw notFound('webhook delivery');
    if (delivery.broadcast !== undefined) return { ...delivery.broadcast, duplicate: true };
    if (delivery.payload === undefined) {
      throw new BelfryError('conflict', { message: 'The payload of this delivery was not kept.' });
    }
    const again = { ...delivery, replayedAt: this.#deps.clock.now() };
    return await this.#alone(app, delivery, () => this.#once(app, hook, again));
  }

  /** The broadcast that a payload would become, and to whom. No effect, nothing kept. Throws as `accept`. */
  async attempt(
    app: AppId,
    { mapping, payload }: { mapping: string; payload: unknown },
  ): Promise<{ request: BroadcastRequest; explain: ExplainResult }> {
    const { mapPayload, broadcasting } = this.#deps;
    const request = await mapPayload(app, { mapping, payload: JSON.stringify(payload) });
    try {
      return { request, explain: await broadcasting.explain(app, request, origin) };
    } catch (error) {
      throw isRefusal(error) ? asMappingFailure(error) : error;
    }
  }

  /** One after the other for one webhook of one hook. */
  async #alone<T>(app: AppId, { hookId, webhookId }: HookDelivery, run: () => Promise<T>): Promise<T> {
    const name = JSON.stringify([app, hookId, webhookId]);
    const before = this.#atWork.get(name);
    const mine = before === undefined ? run() : before.then(run);
    const done = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#atWork.set(name, done);
    try {
      return await mine;
    } finally {
      if (this.#atWork.get(name) === done) this.#atWork.delete(name);
    }
  }

  async #once(app: AppId, hook: HookRecord, delivery: HookDelivery): Promise<HookAccepted> {
    const progress = { isAsked: false };
    const asked = {
      key: `hook:${hook.id}:${delivery.webhookId}`,
      bodyHash: anyBody,
      path: [],
      id: delivery.id,
      leaseMs,
      // Until a broadcast is asked for nothing has happened: whatever goes wrong, the next may try.
      isUndone: (error: unknown) => !progress.isAsked || isUndone(error),
    };
    const { answer, isRepeated } = await this.#deps.idempotent.once<unknown>(app, asked, async (id) => {
      const row = await this.#rowOf(app, delivery, id);
      const request = await this.#requestOf(app, hook, row);
      progress.isAsked = true;
      return await this.#broadcast(app, row, request);
    });
    const accepted = hookAcceptedSchema.parse(answer);
    return isRepeated ? await this.#repeated(app, delivery, accepted) : accepted;
  }

  /** Taken over from a process that was killed, it is the row that process left. */
  async #rowOf(app: AppId, delivery: HookDelivery, id: string): Promise<HookDelivery> {
    const cutOff = id === delivery.id ? undefined : await this.#deps.deliveries.get(app, delivery.hookId, id);
    return cutOff ?? { ...delivery, id };
  }

  /**
   * A request that a killed process was about to broadcast is kept, and not made anew by a mapping changed
   * since.
   */
  async #requestOf(app: AppId, { mapping }: HookRecord, row: HookDelivery): Promise<BroadcastRequest> {
    if (row.request !== undefined) return parseWith(hookRequestSchema, row.request);
    try {
      return await this.#deps.mapPayload(app, { mapping, payload: row.payload ?? '' });
    } catch (error) {
      await this.#keepFailure(app, row, error);
      throw error;
    }
  }

  async #broadcast(app: AppId, row: HookDelivery, request: BroadcastRequest): Promise<HookAccepted> {
    const { deliveries, broadcasting } = this.#deps;
    const begunRow = { ...row, reason: { code: 'unavailable', detail: 'It was cut off.' }, request };
    try {
      await deliveries.put(app, begunRow);
      const idempotencyKey = broadcastKey(row.hookId, row.webhookId);
      const { id, recipients } = await broadcasting.broadcast(app, { ...request, idempotencyKey }, origin);
      // It is done, whether or not that could be recorded: a repetition does it again under the same key, and
      // finds it done.
      await deliveries.put(app, acceptedRow(row, { id, recipients })).catch(this.#forget);
      this.#recordReceived(app, row, { outcome: 'accepted', messageId: id });
      return { id, duplicate: false, recipients };
    } catch (error) {
      const { request: _undone, ...unasked } = row;
      await this.#keepFailure(app, isUndone(error) ? unasked : begunRow, error);
      throw isRefusal(error) ? asMappingFailure(error) : error;
    }
  }

  /** With the reason why it was refused or failed. */
  async #keepFailure(app: AppId, row: HookDelivery, error: unknown): Promise<void> {
    const { deliveries, metrics, log } = this.#deps;
    const known = isBelfryError(error) ? error : new BelfryError('internal');
    const outcome = isRefusal(known) ? 'refused' : 'failed';
    metrics.count('hook_deliveries_total', [outcome]);
    log.debug('webhook not taken', { app, hookId: row.hookId, outcome, code: known.code });
    const reason = reasonOf(isBelfryError(known.cause) ? known.cause : known);
    await deliveries.put(app, { ...row, outcome, reason }).catch(this.#forget);
    this.#recordReceived(app, row, { outcome, code: reason.code });
  }

  /** The first result stands. A row says that it came again; its content this time is of no account. */
  async #repeated(app: AppId, delivery: HookDelivery, first: HookAccepted): Promise<HookAccepted> {
    const { id, recipients } = first;
    const { payload: _ignored, reason: _mended, request: _done, ...row } = delivery;
    const duplicate: HookDelivery = { ...row, outcome: 'duplicate', broadcast: { id, recipients } };
    await this.#deps.deliveries.put(app, duplicate).catch(this.#forget);
    this.#recordReceived(app, delivery, { outcome: 'duplicate', messageId: id });
    return { id, duplicate: true, recipients };
  }

  #recordReceived(
    app: AppId,
    { id: deliveryId, hookId, webhookId }: HookDelivery,
    end: Pick<HookReceived, 'outcome' | 'messageId' | 'code'>,
  ): void {
    const { clock, facts } = this.#deps;
    facts.record(app, { type: 'hook.received', atMs: clock.now(), hookId, webhookId, deliveryId, ...end });
  }

  readonly #forget = (err: unknown): void => {
    this.#deps.log.warn('a webhook could not be recorded', { err });
  };
}

/** The request itself is refused, as opposed to a moment in which it cannot be carried out. */
function isRefusal(error: unknown): error is BelfryError {
  return isBelfryError(error) && error.status < 500 && error.status !== 429 && error.code !== 'conflict';
}

/** Otherwise the outcome is unknown, and the lease keeps the id for a redo of the same request. */
function isUndone(error: unknown): boolean {
  return isRefusal(error) || (isBelfryError(error) && error.code === 'overloaded');
}

const maxCidChars = 128;

/** The broadcast's idempotency key, and with it the cid that clients see, which has an end. */
function broadcastKey(hookId: string, webhookId: string): string {
  const plain = `hook:${hookId}:${webhookId}`;
  if (plain.length <= maxCidChars) return plain;
  return `hook:${hookId}:${createHash('sha256').update(webhookId).digest('base64url')}`;
}
