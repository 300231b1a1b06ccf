// Push, from the flag on a stored message to the provider's answer: puts the parts together, starts and stops them. What each does is in its own file.
import type { PushReason } from '@belfry/protocol';
import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Job, Queue, QueueWorker } from '../ports/queue.ts';
import type { Stores } from '../ports/stores/index.ts';
import { createBreaker } from './sending/breaker.ts';
import { createCallRate } from './sending/call-rate.ts';
import { createClaim } from './claiming/claim.ts';
import { clearQueue, createClearing } from './sending/dismissal.ts';
import { createPushFacts } from './facts.ts';
import { createFastPath } from './claiming/schedule.ts';
import type { FastPath } from './claiming/schedule.ts';
import { Semaphore } from '../concurrency/semaphore.ts';
import type { MessagePreview, PushProvider, PushProviders, PushSettings, RecipientsOf } from './needs.ts';
import { pushQueue } from './push-job.ts';
import { createOpenings } from './sending/receipts.ts';
import type { Openings } from './sending/receipts.ts';
import type { QuietUntil } from './preferences/quiet-hours.ts';
import { DeadLetters } from './sending/dead-letters.ts';
import { createQuotas } from './sending/quotas.ts';
import type { Quotas } from './sending/quotas.ts';
import { createRelay } from './claiming/redelivery.ts';
import { createOutboxFlags } from './claiming/outbox-flags.ts';
import { createPushWorker } from './sending/worker.ts';

export interface NotificationsDeps {
  stores: Pick<
    Stores,
    'messages' | 'outbox' | 'cursors' | 'devices' | 'users' | 'preferences' | 'usage' | 'deadLetters'
  >;
  queue: Pick<Queue, 'add' | 'work' | 'counts'>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Resolves when every acknowledgement heard by this process before the call is stored. */
  acks: { flush(): Promise<void> };
  providers: PushProviders;
  messageType: (id: string) => MessagePreview | undefined;
  settings: (app: AppId) => Promise<PushSettings>;
  recipientsOf: RecipientsOf;
  quietUntil: QuietUntil;
  facts: Pick<Facts, 'record'>;
  /** The installation's: openings are signed with a key of it. */
  secret: string;
  limits: { jobRecipients: number; pushMaxAttempts: number };
  /** In [0, 1); for jitter. */
  random?: () => number;
}

export interface Notifications extends Pick<FastPath, 'schedule'> {
  /** A user has read a stream up to `seq`. Never throws. */
  onRead(app: AppId, userId: string, at: { stream: string; seq: number }): void;
  /** The providers that are not off, by id, each with what a push to it would come to at once, other than to be sent. */
  servedProviders(app: AppId): Promise<ReadonlyMap<string, ProviderHindrance | undefined>>;
  openings: Openings;
  deadLetters: DeadLetters;
  /** Pushes of this day so far; without a provider the app's. */
  usedToday: Quotas['today'];
  /** `work`: does jobs and relays what others left; a node that is a gateway alone only schedules. */
  start(options: { work: boolean }): Promise<void>;
  /** Takes no new work, finishes what is under way; what waits stays in the stores. Idempotent. */
  stop(): Promise<void>;
}

type ProviderHindrance = Extract<PushReason, 'credentials_rejected' | 'quota'>;

/** Jobs side by side; each sends to several users at once, and mostly waits. */
const jobsAtOnce = 16;
/** At 5 min a throw this is about a day: stores may be away for a night. */
const mostThrows = 300;
const mostReads = 10_000;
/** Accepted deliveries that are remembered against a job that is run again. */
const rememberedDeliveries = 50_000;

export function createNotifications(deps: NotificationsDeps): Notifications {
  const { stores, queue, clock, log, metrics, providers, settings, limits, random = Math.random } = deps;
  const stopping = new AbortController();
  const facts = createPushFacts({ clock, facts: deps.facts });
  const { jobRecipients, pushMaxAttempts } = limits;
  const claim = createClaim({ ...stores, queue, acks: deps.acks, settings, facts, clock, metrics, jobRecipients });
  const settling = createOutboxFlags({ messages: stores.messages, log });
  const fastPath = createFastPath({ claim, settling, settings, clock, log });
  const { recipientsOf } = deps;
  const relay = createRelay({ ...stores, recipientsOf, claim, settling, isAtWork: fastPath.isAtWork, clock, log });
  const clearing = createClearing({ ...stores, providers, queue, log, signal: stopping.signal });
  const reads = new Semaphore({ running: 8, waiting: mostReads });
  const accepted = new LRUCache<string, true>({ max: rememberedDeliveries });
  const openings = createOpenings({ secret: deps.secret, facts, clock });
  const quotas = createQuotas({ usage: stores.usage, clock, log });
  const run = createPushWorker({
    ...stores,
    providers,
    settings,
    messageType: deps.messageType,
    quietUntil: deps.quietUntil,
    quotas,
    clock,
    log,
    metrics,
    facts,
    openings,
    breaker: createBreaker(clock),
    rate: createCallRate(clock),
    accepted: { has: (id) => accepted.has(id), add: (id) => void accepted.set(id, true) },
    maxAttempts: pushMaxAttempts,
    random,
    signal: stopping.signal,
  });
  const deadLetters = new DeadLetters({ queue, store: stores.deadLetters, clock });
  let workers: QueueWorker[] = [];

  return {
    schedule: (app, message, recipients) => fastPath.schedule(app, message, recipients),
    onRead(app, userId, at) {
      reads.enter(async () => {
        try {
          await clearing.onRead(app, userId, at);
        } catch (error) {
          log.debug('notification not cleared', { app, userId, error });
        }
      });
    },
    async servedProviders(app) {
      const [all, { pushQuota: appQuota }] = await Promise.all([
        providers.providers(app),
        settings(app),
        quotas.load(app),
      ]);
      const served = all.filter(({ state }) => state !== 'off');
      return new Map(
        served.map((provider) => [provider.id, hindranceOf(provider, quotas.spent(app, { provider, appQuota }))]),
      );
    },
    openings,
    deadLetters,
    usedToday: (app, providerId) => quotas.today(app, providerId),
    async start({ work }) {
      if (!work) return;
      const onDead = (job: Job, error: string): Promise<void> => deadLetters.keepFailed(job, error);
      const options = { concurrency: jobsAtOnce, maxAttempts: mostThrows, onDead };
      workers = [
        await queue.work(pushQueue, options, run),
        await queue.work(clearQueue, { concurrency: 4, maxAttempts: 3 }, (job) => clearing.run(job)),
      ];
      relay.start();
    },
    async stop() {
      await Promise.all([relay.stop(), fastPath.stop(), reads.idle()]);
      await Promise.all(workers.map((worker) => worker.stop()));
      await quotas.stop();
      stopping.abort();
    },
  };
}

/** In the order in which the worker asks. */
function hindranceOf({ state }: PushProvider, spent: ReturnType<Quotas['spent']>): ProviderHindrance | undefined {
  if (state === 'paused') return 'credentials_rejected';
  return spent === undefined ? undefined : 'quota';
}
