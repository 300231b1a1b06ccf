// Takes what happened and keeps it for the webhooks that want it, before anything is sent
// (docs/guarantees.md, G17). Sending it: sender.ts.

import type { WebhookEnvelope } from '@belfry/protocol';
import { webhookEvents } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import { BackOff } from '../concurrency/back-off.ts';
import { partsOf } from '../concurrency/parts-of.ts';
import { pause } from '../concurrency/pause.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts, FactOf, FactSubscription } from '../ports/facts.ts';
import type { MessageStored } from '../ports/message-facts.ts';
import type { NewJob, Queue } from '../ports/queue.ts';
import type { WebhookEventRecord, WebhookEventStore, WebhookRecord } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { eventOf, storedEvent, wantedFacts, type NewEvent } from './events-of.ts';
import { pausedMs } from './retry-plan.ts';
import type { Subscriptions } from './subscriptions.ts';
import { connectionFacts, type UserPresence } from './user-presence.ts';
import { webhookJob, webhookQueue } from './webhook-job.ts';

export interface IntakeDeps {
  subscriptions: Pick<Subscriptions, 'of' | 'peek'>;
  store: Pick<WebhookEventStore, 'add'>;
  queue: Pick<Queue, 'add'>;
  facts: Pick<Facts, 'subscribe'>;
  presence: UserPresence;
  surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
}

/** Rows of one call of the store. */
const rowsAtOnce = 500;
/** Longest pause while the store is away. */
const maxPauseMs = 5_000;
/** What is gathered leaves a little after its window, when the last event of it is surely stored. */
const afterWindowMs = 100;

type Wanted = FactOf<(typeof wantedFacts)[number] | (typeof connectionFacts)[number]>;

interface Identified {
  event: NewEvent;
  id: string;
  place: string;
}

export class Intake {
  readonly #deps: IntakeDeps;
  #following: FactSubscription | undefined;
  #isStopped = false;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  start(): void {
    const types = [...wantedFacts, ...connectionFacts];
    this.#following = this.#deps.facts.subscribe('webhooks', types, (app, facts) => this.#take(app, facts));
  }

  /** Keeps what happened until now. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#following?.flush();
    this.#following?.end();
  }

  /**
   * For the broadcast whose message it is: it is acknowledged when this has resolved, and then the event is
   * not lost any more. Undefined when nobody wants it. Rejects with `unavailable`; asked again, the event is
   * there once.
   */
  keepStored(app: AppId, factOf: () => MessageStored | undefined): Promise<void> | undefined {
    const known = this.#deps.subscriptions.peek(app);
    if (known !== undefined && !known.byType.has('message.stored')) return undefined;
    return this.#keepStored(app, factOf);
  }

  async #keepStored(app: AppId, factOf: () => MessageStored | undefined): Promise<void> {
    const { byType } = await this.#deps.subscriptions.of(app);
    const fact = byType.has('message.stored') ? factOf() : undefined;
    if (fact === undefined) return;
    // Under the message's own id: a redo of the broadcast finds the event that was kept.
    await this.keep(app, [{ event: storedEvent(fact), id: fact.messageId, place: uuidv7() }]);
  }

  async #take(app: AppId, facts: readonly Wanted[]): Promise<void> {
    const { subscriptions, presence } = this.#deps;
    const known = subscriptions.peek(app);
    if (known?.byType.size === 0) return;
    const { byType } = known ?? (await this.#tryOn(() => subscriptions.of(app)));
    if (byType.size === 0) return;
    const [connections, others] = [facts.filter(isOfConnection), facts.filter((fact) => !isOfConnection(fact))];
    const isPresenceWanted = byType.has('user.online') || byType.has('user.offline');
    const comings = isPresenceWanted ? await presence.eventsOf(app, connections) : [];
    const events = [...others.map((fact) => eventOf(fact as FactOf<(typeof wantedFacts)[number]>)), ...comings];
    const identified = events
      .filter((event): event is NewEvent => event !== undefined && byType.has(event.type))
      .map((event): Identified => ({ event, id: uuidv7(), place: uuidv7() }));
    await this.#tryOn(() => this.keep(app, identified));
  }

  /** Stores them for each webhook that wants them, and wakes the workers. */
  async keep(app: AppId, events: readonly Identified[]): Promise<void> {
    const { subscriptions, store, queue, surroundings } = this.#deps;
    const { byType } = await subscriptions.of(app);
    const nowMs = surroundings.clock.now();
    const rows: WebhookEventRecord[] = [];
    const jobs = new Map<string, NewJob>();
    for (const each of events) {
      const payload = JSON.stringify(envelopeOf(app, each));
      for (const webhook of byType.get(each.event.type) ?? []) {
        const { row, job } = keptFor(app, webhook, { ...each, payload, nowMs });
        rows.push(row);
        if (webhook.state === 'active') jobs.set(job.id, job);
      }
    }
    for (const part of partsOf(rows, rowsAtOnce)) await this.#store(app, part, store);
    if (jobs.size === 0) return;
    // Of no account for what is promised: the relay finds what nobody was woken for.
    queue
      .add(webhookQueue, [...jobs.values()])
      .catch((err: unknown) => surroundings.log.debug('webhooks wait for the relay', { app, err }));
  }

  async #store(app: AppId, rows: readonly WebhookEventRecord[], store: IntakeDeps['store']): Promise<void> {
    await store.add(app, rows);
    this.#deps.surroundings.metrics.count('webhook_events_total', [], rows.length);
  }

  /** Facts are kept nowhere else: while the store is away they wait here, up to the bound of the listener. */
  async #tryOn<T>(run: () => Promise<T>): Promise<T> {
    const { clock, log } = this.#deps.surroundings;
    const backOff = new BackOff({ baseMs: 100, maxMs: maxPauseMs });
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await run();
      } catch (error) {
        if (this.#isStopped) throw error;
        if (isFirst) log.warn('events of webhooks cannot be kept', { err: error });
        await pause(clock, backOff.next());
      }
    }
  }
}

/** The event as it is kept, and sent where nothing transforms it. */
export function envelopeOf(app: AppId, { event, id }: Pick<Identified, 'event' | 'id'>): WebhookEnvelope {
  const { type, atMs, data } = event;
  return { id, type, version: webhookEvents[type].version, timestamp: new Date(atMs).toISOString(), app, data };
}

function keptFor(
  app: AppId,
  webhook: WebhookRecord,
  given: Identified & { payload: string; nowMs: number },
): { row: WebhookEventRecord; job: NewJob } {
  const { event, id, place, payload, nowMs } = given;
  const { id: webhookId, batch, ordered } = webhook;
  // In requests that hold many, the order of all is kept where the order of one conversation is.
  const lane = batch === undefined ? event.conversationId : '';
  const sentAt = batch === undefined ? nowMs : windowEnd(nowMs, batch.maxWaitMs);
  const dueAt = webhook.state === 'paused' ? nowMs + pausedMs : sentAt;
  const row: WebhookEventRecord = {
    ...{ id, webhookId, place, type: event.type, createdAt: nowMs, state: 'waiting', dueAt },
    ...{ tries: 0, attempts: [], payload },
    ...(batch === undefined ? { batch: id } : {}),
    ...(ordered && lane !== undefined ? { lane } : {}),
  };
  const job = batch === undefined ? { webhookId, batch: id } : { webhookId };
  return { row, job: webhookJob(app, job, { dueAtMs: dueAt, delayMs: dueAt - nowMs }) };
}

/** The same for all events of one window, so that they share a job. */
function windowEnd(nowMs: number, windowMs: number): number {
  return (Math.floor(nowMs / windowMs) + 1) * windowMs + afterWindowMs;
}

function isOfConnection(fact: Wanted): fact is FactOf<(typeof connectionFacts)[number]> {
  return connectionFacts.some((type) => type === fact.type);
}
