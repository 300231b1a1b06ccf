// Asks services what became of deliveries, where they do not say so by themselves: those that were accepted
// within one stretch of time together, by a job of the queue. What is made of the answers: receipt-book.ts.
import { leastUsed } from '../../caching/least-used.ts';
import { z } from 'zod';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Job, JobResult, Queue } from '../../ports/queue.ts';
import type { DeliveryStore, KnownDelivery } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { ReceiptBook } from './receipt-book.ts';

export const pollQueue = 'push_receipt_polls';

const payloadSchema = z.object({
  provider: z.string(),
  /** ms since the epoch: accepted from then on, and before then. */
  from: z.number(),
  before: z.number(),
  /** The page of them that is next. */
  after: z.string().optional(),
  /** Nothing final is known of one of the pages before. */
  isOpen: z.boolean().default(false),
});

/** Services have most receipts after some minutes, and keep them for about a day. */
const everyMs = 15 * 60_000;
const longestMs = 24 * 3_600_000;
/** Asked for in one call. */
const mostAtOnce = 500;
/** Stretches whose job was added by this process. */
const rememberedStretches = 10_000;

export interface PollingDeps {
  deliveries: Pick<DeliveryStore, 'accepted'>;
  plugins: Pick<PluginHost, 'providers'>;
  queue: Pick<Queue, 'add'>;
  book: Pick<ReceiptBook, 'take'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  signal: AbortSignal;
}

export class Polling {
  readonly #deps: PollingDeps;
  readonly #added = leastUsed<true>(rememberedStretches);

  constructor(deps: PollingDeps) {
    this.#deps = deps;
  }

  /** A delivery was written down whose service has to be asked. The same stretch again adds nothing. */
  async expect(app: AppId, provider: string, acceptedAt: number): Promise<void> {
    const from = Math.floor(acceptedAt / everyMs) * everyMs;
    const id = JSON.stringify([app, provider, from]);
    if (this.#added.has(id)) return;
    const payload = { provider, from, before: from + everyMs };
    const delayMs = from + 2 * everyMs - acceptedAt;
    await this.#deps.queue.add(pollQueue, [{ id, app, payload, delayMs }]);
    this.#added.set(id, true);
  }

  async run({ id, app, payload }: Job): Promise<JobResult> {
    const { deliveries, plugins, book, surroundings, signal } = this.#deps;
    const parsed = payloadSchema.safeParse(payload);
    if (!parsed.success) {
      surroundings.log.error('job of polled receipts cannot be read', { app, job: id, reason: parsed.error.message });
      return { done: true };
    }
    const { provider: providerId, from, before, after, isOpen } = parsed.data;
    const provider = (await plugins.providers(app)).find((each) => each.id === providerId);
    if (provider?.pollReceipts === undefined || provider.state !== 'on')
      return this.#again({ ...parsed.data, after: undefined, isOpen: false }, provider?.state === 'paused');
    const { items, next } = await deliveries.accepted(app, providerId, { from, before, after, limit: mostAtOnce });
    const awaited = items.filter(isAwaited);
    if (awaited.length > 0) {
      const asked = awaited.map(({ id: deliveryId, providerMessageId, acceptedAt: acceptedAtMs }) => ({
        ...{ deliveryId, acceptedAtMs },
        ...(providerMessageId === undefined ? {} : { providerMessageId }),
      }));
      const receipts = await provider.pollReceipts(asked, signal);
      await book.take(app, { provider: providerId, plugin: provider.plugin }, receipts);
    }
    const stillOpen = isOpen || awaited.length > 0;
    if (next !== undefined)
      return { again: { delayMs: 0, payload: { ...parsed.data, after: next, isOpen: stillOpen } } };
    return this.#again({ ...parsed.data, after: undefined, isOpen: false }, stillOpen);
  }

  #again(payload: z.infer<typeof payloadSchema>, isOpen: boolean): JobResult {
    const isOld = this.#deps.surroundings.clock.now() >= payload.before + longestMs;
    return isOpen && !isOld ? { again: { delayMs: everyMs, payload } } : { done: true };
  }
}

function isAwaited({ events }: KnownDelivery): boolean {
  return events.length === 0;
}
