// Sends the requests of webhooks, one a job: takes its events, makes the body, calls, and decides what
// follows. The store says what is due; a job is a wake-up.

import { uuidv7 } from 'uuidv7';
import type { Mapped } from '../hooks/mapping/mapper.ts';
import type { Breaker } from '../notifications/sending/breaker.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Job, JobResult, Queue } from '../ports/queue.ts';
import type { WebhookEventRecord, WebhookEventStore, WebhookRecord } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { nextTryMs, pausedMs } from './retry-plan.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { SwitchOff } from './switch-off.ts';
import type { CallWebhook, WebhookAnswered } from './webhook-call.ts';
import type { WebhookHealths } from './webhook-health.ts';
import { webhookJob, webhookJobSchema, webhookQueue, type WebhookJob } from './webhook-job.ts';

export interface SenderDeps {
  subscriptions: Pick<Subscriptions, 'one'>;
  events: Pick<WebhookEventStore, 'gather' | 'take' | 'finish' | 'first'>;
  queue: Pick<Queue, 'add'>;
  call: CallWebhook;
  /** JSONata in a process of its own. */
  transform: (app: AppId, given: { mapping: string; payload: string }) => Promise<Mapped>;
  secretsOf: (app: AppId, webhook: WebhookRecord) => readonly string[];
  isAppOff: (app: AppId) => Promise<boolean>;
  health: Pick<WebhookHealths, 'succeeded' | 'failed'>;
  switchOff: SwitchOff;
  breaker: Breaker;
  surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
  limits: { webhookTimeoutMs: number };
  /** In [0, 1). */
  random: () => number;
}

/** A worker that is killed leaves what it took for so long beyond the call itself. */
const leaseSlackMs = 5_000;
/** What waits for an earlier one of its conversation, should nobody wake it. */
const behindMs = 10 * 60_000;
/** Events that are in no request are put into as many requests by one job. */
const requestsAtOnce = 100;
/** A job whose request is due later than this leaves it to the job that put it off. */
const waitsAtMostMs = 60_000;

const done: JobResult = { done: true };

interface Sending {
  app: AppId;
  webhook: WebhookRecord;
  batch: string;
  events: readonly WebhookEventRecord[];
  evenIfHeld: boolean;
}

export class Sender {
  readonly #deps: SenderDeps;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  async run({ app, payload }: Pick<Job, 'app' | 'payload'>): Promise<JobResult> {
    const parsed = webhookJobSchema.safeParse(payload);
    if (!parsed.success) {
      this.#deps.surroundings.log.error('webhook job cannot be read', { app, reason: parsed.error.message });
      return done;
    }
    const { webhookId, batch } = parsed.data;
    const webhook = await this.#deps.subscriptions.one(app, webhookId);
    // Taken away, with its events.
    if (webhook === undefined) return done;
    return batch === undefined ? await this.#gather(app, webhook) : await this.send(app, webhook, { batch });
  }

  /** One request, if it is due. `evenIfHeld`: also while its receiver is given a rest, since somebody asks. */
  async send(
    app: AppId,
    webhook: WebhookRecord,
    { batch, evenIfHeld = false }: { batch: string; evenIfHeld?: boolean },
  ): Promise<JobResult> {
    const { events: store, surroundings, limits } = this.#deps;
    const nowMs = surroundings.clock.now();
    const untilMs = nowMs + limits.webhookTimeoutMs + leaseSlackMs;
    const { events, dueAt } = await store.take(app, webhook.id, { batch, nowMs, untilMs });
    if (events.length === 0) {
      const waitMs = (dueAt ?? Infinity) - nowMs;
      return waitMs > waitsAtMostMs ? done : { again: { delayMs: Math.max(waitMs, 1) } };
    }
    const sending = { app, webhook, batch, events, evenIfHeld };
    const heldMs = await this.#heldMs(sending);
    if (heldMs !== undefined) return await this.#putOff(sending, heldMs);
    if (await this.#isBehind(sending)) return await this.#waitBehind(sending);
    return await this.#deliver(sending);
  }

  /** Puts what waits into requests, each of which is a job from then on. */
  async #gather(app: AppId, webhook: WebhookRecord): Promise<JobResult> {
    const { events, queue, surroundings } = this.#deps;
    const limit = webhook.batch?.maxEvents ?? 1;
    const dueAtMs = surroundings.clock.now();
    const jobs: WebhookJob[] = [];
    while (jobs.length < requestsAtOnce) {
      const batch = uuidv7();
      const gathered = await events.gather(app, webhook.id, { batch, limit });
      if (gathered > 0) jobs.push({ webhookId: webhook.id, batch });
      if (gathered < limit) break;
    }
    await queue.add(
      webhookQueue,
      jobs.map((job) => webhookJob(app, job, { dueAtMs })),
    );
    return jobs.length < requestsAtOnce ? done : { again: { delayMs: 0 } };
  }

  /** Why nothing is sent now: for how long; undefined when it is. */
  async #heldMs({ app, webhook, evenIfHeld }: Sending): Promise<number | undefined> {
    if (webhook.state === 'paused' || (await this.#deps.isAppOff(app))) return pausedMs;
    const heldMs = evenIfHeld ? 0 : this.#deps.breaker.heldMs(breakerKey(app, webhook));
    return heldMs === 0 ? undefined : heldMs;
  }

  async #putOff({ app, webhook, batch }: Sending, heldMs: number): Promise<JobResult> {
    const { events, surroundings } = this.#deps;
    // The breaker counts by the monotonic clock, which knows parts of a millisecond.
    const delayMs = Math.ceil(heldMs);
    await events.finish(app, webhook.id, { batch, state: 'waiting', dueAt: surroundings.clock.now() + delayMs });
    return delayMs > waitsAtMostMs ? done : { again: { delayMs } };
  }

  /** An earlier event of its conversation has not come through. */
  async #isBehind({ app, webhook, batch, events }: Sending): Promise<boolean> {
    const lane = events[0]?.lane;
    if (lane === undefined || !webhook.ordered) return false;
    const first = await this.#deps.events.first(app, webhook.id, lane);
    return first !== undefined && first.batch !== batch;
  }

  async #waitBehind(sending: Sending): Promise<JobResult> {
    const { app, webhook, batch } = sending;
    const { events, surroundings } = this.#deps;
    const nowMs = surroundings.clock.now();
    await events.finish(app, webhook.id, { batch, state: 'waiting', dueAt: nowMs + behindMs });
    // The one before may have ended between the look and the putting off, and woken it too early.
    if (await this.#isBehind(sending)) return done;
    await events.finish(app, webhook.id, { batch, state: 'waiting', dueAt: nowMs });
    return { again: { delayMs: 0 } };
  }

  async #deliver(sending: Sending): Promise<JobResult> {
    const { call, secretsOf, surroundings, limits, breaker } = this.#deps;
    const { app, webhook, batch } = sending;
    const made = await this.#bodyOf(sending);
    if ('ending' in made) return await this.#end(sending, { ...made.ending, at: surroundings.clock.now() });
    const heldMs = breaker.admitMs(breakerKey(app, webhook));
    if (heldMs > 0 && !sending.evenIfHeld) return await this.#putOff(sending, heldMs);
    const answered = await call(app, {
      ...{ url: webhook.url, id: batch, body: made.body, secrets: secretsOf(app, webhook) },
      limitMs: limits.webhookTimeoutMs,
    });
    const outcome = answered.ok ? 'delivered' : 'failed';
    surroundings.metrics.count('webhook_calls_total', [outcome]);
    breaker.record(breakerKey(app, webhook), isAnswer(answered) ? 'accepted' : 'unavailable');
    return answered.ok ? await this.#delivered(sending, answered) : await this.#failed(sending, answered);
  }

  async #bodyOf({
    app,
    webhook,
    batch,
    events,
  }: Sending): Promise<{ body: string } | { ending: { state: 'skipped' | 'failed'; error: string } }> {
    const { transform } = webhook;
    const payloads = events.map(({ payload = '{}' }) => payload);
    const bodies: string[] = [];
    for (const payload of payloads) {
      if (transform === undefined) bodies.push(payload);
      else {
        const mapped = await this.#deps.transform(app, { mapping: transform, payload });
        if (mapped.ok) bodies.push(JSON.stringify(mapped.value));
        // What made nothing of an event leaves it out; what fails on it would fail again.
        else if (mapped.isNothing !== true)
          return { ending: { state: 'failed', error: `transform: ${mapped.reason}` } };
      }
    }
    const [only] = bodies;
    if (only === undefined) return { ending: { state: 'skipped', error: 'The transform made nothing of it.' } };
    if (webhook.batch === undefined) return { body: only };
    return { body: `{"id":${JSON.stringify(batch)},"type":"batch","version":1,"events":[${bodies.join(',')}]}` };
  }

  async #delivered(sending: Sending, answered: WebhookAnswered): Promise<JobResult> {
    const { events, health, surroundings } = this.#deps;
    const { app, webhook, batch } = sending;
    const endedAt = surroundings.clock.now();
    await events.finish(app, webhook.id, { batch, state: 'delivered', endedAt, attempt: attemptOf(sending, answered) });
    await this.#wakeNext(sending);
    await health.succeeded(app, webhook.id);
    return done;
  }

  async #failed(sending: Sending, answered: WebhookAnswered): Promise<JobResult> {
    const { events, health, switchOff, surroundings, random } = this.#deps;
    const { app, webhook, batch } = sending;
    const nowMs = surroundings.clock.now();
    const attempt = attemptOf(sending, answered);
    const tries = (sending.events[0]?.tries ?? 0) + 1;
    const { retryAfterMs } = answered;
    const delayMs = answered.status === 410 ? undefined : nextTryMs({ tries, retryAfterMs, random });
    const ending =
      delayMs === undefined
        ? ({ state: 'failed', endedAt: nowMs } as const)
        : ({ state: 'waiting', dueAt: nowMs + delayMs } as const);
    await events.finish(app, webhook.id, { batch, attempt, ...ending });
    surroundings.log.debug('webhook not delivered', { app, webhookId: webhook.id, batch, status: answered.status });
    if (delayMs === undefined) await this.#wakeNext(sending);
    const failingSince = await health.failed(app, webhook.id, answered);
    await switchOff.after(app, webhook, { answered, failingSince });
    return delayMs === undefined ? done : { again: { delayMs } };
  }

  /** Nothing was sent: there was nothing to send. */
  async #end(sending: Sending, end: { state: 'skipped' | 'failed'; error: string; at: number }): Promise<JobResult> {
    const { app, webhook, batch } = sending;
    const attempt = attemptOf(sending, { ok: false, at: end.at, ms: 0, error: end.error });
    await this.#deps.events.finish(app, webhook.id, { batch, state: end.state, endedAt: end.at, attempt });
    await this.#wakeNext(sending);
    return done;
  }

  /** The next of its conversation waits for this one. */
  async #wakeNext({ app, webhook, batch, events }: Sending): Promise<void> {
    const lane = events[0]?.lane;
    if (lane === undefined) return;
    const next = await this.#deps.events.first(app, webhook.id, lane);
    if (next?.batch === undefined || next.batch === batch) return;
    const dueAtMs = this.#deps.surroundings.clock.now();
    await this.#deps.events.finish(app, webhook.id, { batch: next.batch, state: 'waiting', dueAt: dueAtMs });
    await this.#deps.queue.add(webhookQueue, [
      webhookJob(app, { webhookId: webhook.id, batch: next.batch }, { dueAtMs }),
    ]);
  }
}

/** A receiver that refuses is there; one that fails, or does not answer, is not. */
function isAnswer({ status }: WebhookAnswered): boolean {
  return status !== undefined && status < 500;
}

function attemptOf({ events }: Sending, answered: WebhookAnswered): WebhookEventRecord['attempts'][number] {
  const number = (events[0]?.attempts.at(-1)?.number ?? 0) + 1;
  const { at, ms, status, error, answer } = answered;
  return {
    ...{ number, at, ms },
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
    ...(answer === undefined ? {} : { answer }),
  };
}

function breakerKey(app: AppId, { id }: Pick<WebhookRecord, 'id'>): string {
  return `${app} ${id}`;
}
