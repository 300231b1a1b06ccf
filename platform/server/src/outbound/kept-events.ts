// The events that are kept for a webhook: looked at, sent again, and one made to try it. Sending: sender.ts.

import {
  BelfryError,
  notFound,
  type WebhookEventAnswer,
  type WebhookEventView,
  type WebhookTestAnswer,
} from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type {
  WebhookEventQuery,
  WebhookEventRecord,
  WebhookEventState,
  WebhookEventStore,
  WebhookRecord,
} from '../ports/stores/index.ts';
import type { BeforeMessages } from './before-messages.ts';
import { envelopeOf } from './intake.ts';
import type { Sender } from './sender.ts';
import { viewEvent } from './views.ts';
import { webhookJob, webhookQueue } from './webhook-job.ts';

export interface KeptEventsDeps {
  store: Pick<WebhookEventStore, 'add' | 'get' | 'list' | 'counts' | 'reopen'>;
  queue: Pick<Queue, 'add'>;
  sender: Pick<Sender, 'send'>;
  before: Pick<BeforeMessages, 'test'>;
  clock: Pick<Clock, 'now'>;
}

/** Of one call; whoever wants more asks again. */
const mostReplayed = 10_000;
const replayedAtOnce = 500;

export interface EventRange extends Omit<WebhookEventQuery, 'before' | 'limit' | 'state'> {
  state: WebhookEventState;
}

export class KeptEvents {
  readonly #deps: KeptEventsDeps;

  constructor(deps: KeptEventsDeps) {
    this.#deps = deps;
  }

  /** The newest first; `next` is where the following page begins. */
  async list(
    app: AppId,
    webhookId: string,
    query: WebhookEventQuery,
  ): Promise<{ events: WebhookEventView[]; counts: Partial<Record<WebhookEventState, number>>; next?: string }> {
    const { store } = this.#deps;
    // One more than asked for shows whether there is a next page.
    const [found, counts] = await Promise.all([
      store.list(app, webhookId, { ...query, limit: query.limit + 1 }),
      store.counts(app, webhookId),
    ]);
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    return { events: shown.map(viewEvent), counts, ...(last === undefined ? {} : { next: last.place }) };
  }

  /** Throws `not_found`. */
  async get(app: AppId, webhookId: string, id: string): Promise<WebhookEventAnswer['event']> {
    const found = await this.#deps.store.get(app, webhookId, id);
    if (found === undefined) throw notFound('webhook event');
    return { ...viewEvent(found), payload: JSON.parse(found.payload ?? '{}') as Record<string, unknown> };
  }

  /**
   * Sends one again, under its id of before. Throws `not_found`, and `conflict` for a webhook that is off.
   */
  async replay(app: AppId, webhook: WebhookRecord, id: string): Promise<void> {
    refuseOff(webhook);
    const { store, clock } = this.#deps;
    const event = await store.get(app, webhook.id, id);
    if (event === undefined) throw notFound('webhook event');
    await this.#reopen(app, webhook, { events: [event], nowMs: clock.now() });
  }

  /**
   * Sends all of a range again, the oldest of each part first. Throws `conflict` for a webhook that is off.
   */
  async replayAll(
    app: AppId,
    webhook: WebhookRecord,
    range: EventRange,
  ): Promise<{ replayed: number; hasMore: boolean }> {
    refuseOff(webhook);
    const { store, clock } = this.#deps;
    const nowMs = clock.now();
    let replayed = 0;
    let before: string | undefined;
    while (replayed < mostReplayed) {
      const events = await store.list(app, webhook.id, { ...range, before, limit: replayedAtOnce });
      if (events.length > 0) replayed += await this.#reopen(app, webhook, { events: events.toReversed(), nowMs });
      if (events.length < replayedAtOnce) return { replayed, hasMore: false };
      before = events.at(-1)?.place;
    }
    const left = await store.list(app, webhook.id, { ...range, before, limit: 1 });
    return { replayed, hasMore: left.length > 0 };
  }

  /** How many a replay of the range would send, counted as far as one replay goes. */
  async countOf(app: AppId, webhookId: string, range: EventRange): Promise<{ events: number; hasMore: boolean }> {
    let events = 0;
    let before: string | undefined;
    while (events < mostReplayed) {
      const found = await this.#deps.store.list(app, webhookId, { ...range, before, limit: replayedAtOnce });
      events += found.length;
      if (found.length < replayedAtOnce) return { events, hasMore: false };
      before = found.at(-1)?.place;
    }
    const left = await this.#deps.store.list(app, webhookId, { ...range, before, limit: 1 });
    return { events, hasMore: left.length > 0 };
  }

  /** An event of its own is sent now, or a question of its own asked; resolves with what came of it. */
  async test(app: AppId, webhook: WebhookRecord): Promise<WebhookTestAnswer> {
    refuseOff(webhook);
    const { store, sender, before, clock } = this.#deps;
    if (webhook.before !== undefined) return await before.test(app, webhook);
    const nowMs = clock.now();
    const id = uuidv7();
    const event = { type: 'webhook.test', atMs: nowMs, data: { webhookId: webhook.id } } as const;
    const row: WebhookEventRecord = {
      ...{ id, webhookId: webhook.id, place: uuidv7(), type: event.type, createdAt: nowMs, state: 'waiting' },
      ...{ dueAt: nowMs, batch: id, tries: 0, attempts: [], payload: JSON.stringify(envelopeOf(app, { event, id })) },
    };
    await store.add(app, [row]);
    // Also where it is paused: that is how one tries whether it may be resumed.
    await sender.send(app, { ...webhook, state: 'active' }, { batch: id, evenIfHeld: true });
    const sent = viewEvent((await store.get(app, webhook.id, id)) ?? row);
    const [attempt] = sent.attempts;
    // The app is off: nothing is sent for it.
    if (attempt === undefined) throw new BelfryError('conflict', { message: 'Nothing is sent for this app now.' });
    return { attempt, event: sent };
  }

  async #reopen(
    app: AppId,
    webhook: WebhookRecord,
    { events, nowMs }: { events: readonly WebhookEventRecord[]; nowMs: number },
  ): Promise<number> {
    const { store, queue } = this.#deps;
    const reopened = await store.reopen(app, webhook.id, { ids: events.map(({ id }) => id), nowMs });
    const batches = new Set(events.map(({ batch }) => batch));
    const jobs = [...batches].map((batch) => {
      const job = { webhookId: webhook.id, ...(batch === undefined ? {} : { batch }) };
      return webhookJob(app, job, { dueAtMs: nowMs });
    });
    await queue.add(webhookQueue, jobs);
    return reopened;
  }
}

function refuseOff({ state }: WebhookRecord): void {
  if (state === 'disabled')
    throw new BelfryError('conflict', { message: 'This webhook is switched off. Resume it first.' });
}
