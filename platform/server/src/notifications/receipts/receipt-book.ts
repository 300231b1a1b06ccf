// Takes the receipts of providers: finds the deliveries they are about, and records what is new. Receipts may
// come in any order, any number of times, and before the delivery itself was written down. How they come in is
// the door's, and polling.ts.
import { createHash } from 'node:crypto';
import { receiptSchema, type Receipt } from '@belfry/plugin-kit';
import type { PushReason } from '@belfry/protocol';
import { z } from 'zod';
import type { AppId } from '../../ports/app-id.ts';
import type { Job, JobResult, Queue } from '../../ports/queue.ts';
import type { DeliveryEvent, DeliveryStore, DeviceStore, KnownDelivery } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { PushFacts } from '../facts.ts';

export const receiptQueue = 'push_receipts';

export interface ReceiptBookDeps {
  deliveries: Pick<DeliveryStore, 'find' | 'addEvent'>;
  devices: Pick<DeviceStore, 'get' | 'remove'>;
  queue: Pick<Queue, 'add'>;
  facts: PushFacts;
  surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
}

/** The configuration that receipts come from. */
export interface ReceiptSource {
  provider: string;
  plugin: string;
}

const payloadSchema = z.object({
  provider: z.string(),
  plugin: z.string(),
  receipts: z.array(receiptSchema),
  /** Of the next look. */
  look: z.int().positive(),
});

/** The answer of a service and its first receipt may overtake each other, and so may the store that has one. */
const looksAgainMs = [2_000, 20_000, 120_000] as const;
/** Kept of what a service says of a failure. */
const mostDetailChars = 200;

export class ReceiptBook {
  readonly #deps: ReceiptBookDeps;

  constructor(deps: ReceiptBookDeps) {
    this.#deps = deps;
  }

  /** Resolves when all are recorded or queued; rejects with `unavailable`, and then all may come again. */
  async take(app: AppId, source: ReceiptSource, receipts: readonly Receipt[]): Promise<void> {
    const unknown = await this.#record(app, source, receipts);
    if (unknown.length === 0) return;
    const payload = { ...source, receipts: unknown, look: 1 };
    // Whoever sends the same again adds nothing.
    const id = createHash('sha256')
      .update(JSON.stringify([app, source.provider, unknown]))
      .digest('base64url');
    await this.#deps.queue.add(receiptQueue, [{ id, app, payload, delayMs: looksAgainMs[0] }]);
  }

  /** Looks again for deliveries that were not found. */
  async run({ id, app, payload }: Job): Promise<JobResult> {
    const { log, metrics } = this.#deps.surroundings;
    const parsed = payloadSchema.safeParse(payload);
    if (!parsed.success) {
      log.error('receipt job cannot be read', { app, job: id, reason: parsed.error.message });
      return { done: true };
    }
    const { receipts, look, ...source } = parsed.data;
    const unknown = await this.#record(app, source, receipts);
    if (unknown.length === 0) return { done: true };
    const delayMs = looksAgainMs[look];
    if (delayMs !== undefined) return { again: { delayMs, payload: { ...source, receipts: unknown, look: look + 1 } } };
    metrics.count('push_receipts_total', [source.plugin, 'unknown'], unknown.length);
    log.debug('receipts of no delivery', { app, provider: source.provider, receipts: unknown.length });
    return { done: true };
  }

  /** What is left are those of no delivery. */
  async #record(app: AppId, source: ReceiptSource, receipts: readonly Receipt[]): Promise<Receipt[]> {
    const { deliveries, surroundings } = this.#deps;
    const { provider, plugin } = source;
    const ids = [...new Set(receipts.flatMap(({ deliveryId }) => deliveryId ?? []))];
    const providerMessageIds = [...new Set(receipts.flatMap(({ providerMessageId }) => providerMessageId ?? []))];
    const found = await deliveries.find(app, { ids, of: { provider, providerMessageIds } });
    // One service says nothing about the deliveries of another.
    const own = found.filter((delivery) => delivery.provider === provider);
    const byId = new Map(own.map((delivery) => [delivery.id, delivery]));
    const byName = new Map(own.map((delivery) => [delivery.providerMessageId, delivery]));
    const unknown: Receipt[] = [];
    for (const receipt of receipts) {
      const { deliveryId, providerMessageId } = receipt;
      const delivery =
        (deliveryId === undefined ? undefined : byId.get(deliveryId)) ??
        (providerMessageId === undefined ? undefined : byName.get(providerMessageId));
      if (delivery === undefined) {
        unknown.push(receipt);
        continue;
      }
      await this.#tell(app, delivery, receipt);
    }
    const known = receipts.length - unknown.length;
    if (known > 0) surroundings.metrics.count('push_receipts_total', [plugin, 'known'], known);
    return unknown;
  }

  async #tell(app: AppId, delivery: KnownDelivery, { event, atMs, detail }: Receipt): Promise<void> {
    const { deliveries, facts, surroundings } = this.#deps;
    // Before the event is written: a kill in between does this once more.
    if (event === 'target_gone') await this.#removeDevice(app, delivery);
    if (!(await deliveries.addEvent(app, delivery.id, eventOf(event)))) return;
    const { userId, about, provider, acceptedAt, device } = delivery;
    const nowMs = surroundings.clock.now();
    const fact = facts.make({ ...about, userId }, reasonOf[event], {
      device: { ...device, provider },
      ...(detail === undefined || detail === '' ? {} : { detail: detail.slice(0, mostDetailChars) }),
    });
    // The service's clock is not ours: what it says came after it took the delivery, and before now.
    facts.record(app, [{ ...fact, atMs: Math.min(nowMs, Math.max(acceptedAt, atMs ?? nowMs)) }]);
  }

  /** Unless it was registered again since: then it may be another target. */
  async #removeDevice(app: AppId, { device: { id }, acceptedAt }: KnownDelivery): Promise<void> {
    const { devices, facts } = this.#deps;
    const device = await devices.get(app, id);
    if (device === undefined || device.updatedAt > acceptedAt) return;
    if (await devices.remove(app, id)) facts.targetGone(app, device);
  }
}

function eventOf(event: Receipt['event']): DeliveryEvent {
  return event === 'target_gone' ? 'failed' : event;
}

const reasonOf = {
  delivered: 'delivered',
  opened: 'opened',
  failed: 'delivery_failed',
  target_gone: 'target_gone',
} as const satisfies Record<Receipt['event'], PushReason>;
