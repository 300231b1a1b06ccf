// Push, from the flag on a stored message to the provider's answer: puts the parts together, starts and stops
// them. What each does is in its own file.
import type { Channel } from '@belfry/plugin-kit';
import type { PushReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Facts, FactSubscription } from '../ports/facts.ts';
import type { Queue, QueueWorker } from '../ports/queue.ts';
import type { Rates } from '../ports/rates.ts';
import type { DeliveryRecord, StoredMessage, Stores } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { ProviderHandle } from '../plugins/provider-handle.ts';
import type { Acks } from '../sessions/acks.ts';
import { FairPool } from '../concurrency/fair-pool.ts';
import { createClaim } from './claiming/claim.ts';
import { OutboxFlags } from './claiming/outbox-flags.ts';
import { Redelivery, type RecipientsOf } from './claiming/redelivery.ts';
import { PushSchedule, type PushRecipient } from './claiming/schedule.ts';
import { createPushFacts } from './facts.ts';
import type { QuietUntil } from './preferences/quiet-hours.ts';
import { pushQueue } from './push-job.ts';
import type { SettingsOf } from './push-settings.ts';
import { createOpenings, type Openings } from './receipts/openings.ts';
import { Polling, pollQueue } from './receipts/polling.ts';
import { ReceiptBook, receiptQueue } from './receipts/receipt-book.ts';
import type { PreviewOf } from './sending/content.ts';
import type { BudgetState } from './sending/breaker.ts';
import { DeadLetters } from './sending/dead-letters.ts';
import { clearQueue, Dismissal } from './sending/dismissal.ts';
import { Extras, type ExtrasDeps } from './sending/extras.ts';
import type { MembersOf } from './sending/missed-messages.ts';
import { Quotas } from './sending/quotas.ts';
import { ShownNotifications, shownQueue } from './sending/shown.ts';
import { createUnsubscribing, type Unsubscribing } from './unsubscribing.ts';
import { PushWorker } from './sending/worker.ts';

export type PushLimits = Readonly<
  Record<
    'jobRecipients' | 'pushMaxAttempts' | 'claimsAtOnce' | 'claimsWaiting' | 'pushJobsAtOnce' | 'clearJobsAtOnce',
    number
  >
>;

export interface NotificationsDeps extends Pick<ExtrasDeps, 'unreadOf' | 'fileLink'> {
  stores: Pick<
    Stores,
    'messages' | 'outbox' | 'cursors' | 'devices' | 'users' | 'preferences' | 'usage' | 'deadLetters' | 'deliveries'
  >;
  queue: Pick<Queue, 'add' | 'work' | 'counts'>;
  rates: Rates;
  surroundings: Surroundings;
  acks: Pick<Acks, 'flush'>;
  plugins: Pick<PluginHost, 'providers' | 'pause'>;
  messageType: PreviewOf;
  settings: SettingsOf;
  recipientsOf: RecipientsOf;
  membersOf: MembersOf;
  quietUntil: QuietUntil;
  facts: Pick<Facts, 'record' | 'subscribe'>;
  /** The installation's: openings are signed with a key of it. */
  secret: string;
  /** Where clients reach the server, where that is known. */
  publicUrl: string | undefined;
  limits: PushLimits;
  /** In [0, 1); for jitter. */
  random?: () => number;
}

export interface ServedProvider {
  channel: Channel | undefined;
  /** The end that a push to it comes to at once, other than to be sent. */
  hindrance: ProviderHindrance | undefined;
}

export type ProviderHindrance = Extract<PushReason, 'credentials_rejected' | 'quota'>;

/** At 5 min a throw this is about a day: stores may be away for a night. */
const mostThrows = 300;
/** A notification that stays on a device is a nuisance, not a loss. */
const mostDismissals = 3;
const mostReplacements = 5;
/** With growing pauses this is some hours: a store may be away. */
const mostReceiptTries = 30;
/** A notification that a read should have taken off is only a nuisance: those beyond are dropped. */
const reads = { running: 16, waiting: 10_000 };

export class Notifications {
  readonly openings: Openings;
  readonly deadLetters: DeadLetters;
  readonly receipts: ReceiptBook;
  readonly unsubscribing: Unsubscribing;
  readonly #deps: NotificationsDeps;
  readonly #stopping = new AbortController();
  readonly #schedule: PushSchedule;
  readonly #redelivery: Redelivery;
  readonly #dismissal: Dismissal;
  readonly #shown: ShownNotifications;
  readonly #reads: FairPool;
  readonly #quotas: Quotas;
  readonly #polling: Polling;
  readonly #worker: PushWorker;
  #workers: QueueWorker[] = [];
  #following: FactSubscription | undefined;

  constructor(deps: NotificationsDeps) {
    this.#deps = deps;
    const { stores, queue, rates, surroundings, plugins, settings, limits } = deps;
    const { clock, log } = surroundings;
    const { signal } = this.#stopping;
    const facts = createPushFacts({ clock, facts: deps.facts });
    const { jobRecipients, pushMaxAttempts: maxAttempts } = limits;
    const claim = createClaim({ ...stores, queue, acks: deps.acks, settings, facts, surroundings, jobRecipients });
    const flags = new OutboxFlags({ messages: stores.messages, log });
    this.#reads = new FairPool({ name: 'push_reads', ...reads, metrics: surroundings.metrics });
    const schedule = new PushSchedule({ claim, flags, settings, surroundings, limits });
    this.#schedule = schedule;
    this.#redelivery = new Redelivery({
      ...stores,
      ...{ recipientsOf: deps.recipientsOf, claim, flags, schedule, surroundings },
    });
    this.#dismissal = new Dismissal({ ...stores, plugins, queue, log, signal });
    this.#shown = new ShownNotifications({
      ...{ ...stores, plugins, queue, surroundings, jobRecipients },
      ...{ recipientsOf: deps.recipientsOf, dismissal: this.#dismissal },
    });
    const { deliveries } = stores;
    this.openings = createOpenings({ secret: deps.secret, facts, deliveries, surroundings });
    const { secret, publicUrl } = deps;
    const { devices } = stores;
    this.unsubscribing = createUnsubscribing({ secret, publicUrl, devices, facts, clock });
    this.receipts = new ReceiptBook({ ...stores, queue, facts, surroundings });
    this.#polling = new Polling({ deliveries, plugins, queue, book: this.receipts, surroundings, signal });
    this.deadLetters = new DeadLetters({ queue, store: stores.deadLetters, clock });
    this.#quotas = new Quotas({ usage: stores.usage, rates, surroundings });
    this.#worker = new PushWorker({
      ...{ stores, plugins, settings, facts, surroundings, maxAttempts, signal },
      keep: (app, delivery) => this.#keep(app, delivery),
      ...{ messageType: deps.messageType, quietUntil: deps.quietUntil, membersOf: deps.membersOf },
      ...{
        quotas: this.#quotas,
        openings: this.openings,
        unsubscribing: this.unsubscribing,
        random: deps.random ?? Math.random,
      },
      dismissal: this.#dismissal,
      extras: new Extras(deps),
    });
  }

  /**
   * After append and fan-out, with the users who have a device that some provider can serve. Never throws.
   */
  schedule(app: AppId, message: StoredMessage, recipients: readonly PushRecipient[]): void {
    this.#schedule.schedule(app, message, recipients);
  }

  /** A user has read a stream up to `seq`. Never throws. */
  onRead(app: AppId, userId: string, at: { stream: string; seq: number }): void {
    this.#reads.enter({ app, user: userId }, async () => {
      try {
        await this.#dismissal.onRead(app, userId, at);
      } catch (error) {
        this.#deps.surroundings.log.debug('notification not cleared', { app, userId, err: error });
      }
    });
  }

  /**
   * The providers that are not off, by id, each with what a push to it would come to at once, other than to
   * be sent.
   */
  async servedProviders(app: AppId): Promise<ReadonlyMap<string, ServedProvider>> {
    const [all, { pushQuota: appQuota }] = await Promise.all([
      this.#deps.plugins.providers(app),
      this.#deps.settings(app),
      this.#quotas.load(app),
    ]);
    const served = all.filter(({ state }) => state !== 'off');
    return new Map(
      await Promise.all(
        served.map(async (provider) => {
          const hindrance = await this.#hindranceOf(app, provider, appQuota);
          return [provider.id, { channel: provider.channel, hindrance }] as const;
        }),
      ),
    );
  }

  /** Pushes of this day so far; without a provider the app's. */
  usedToday(app: AppId, providerId?: string): Promise<number> {
    return this.#quotas.today(app, providerId);
  }

  /** How this node finds a provider: a worker that sends by it. */
  budgetOf(app: AppId, providerId: string): BudgetState {
    return this.#worker.budgetOf(app, providerId);
  }

  /** `work`: does jobs and redelivers what others left; a node that is a gateway alone only schedules. */
  async start({ work }: { work: boolean }): Promise<void> {
    this.#following = this.#shown.follow(this.#deps.facts);
    if (!work) return;
    const { queue, limits } = this.#deps;
    // Each sends to several users at once, and mostly waits.
    const pushes = {
      ...{ concurrency: limits.pushJobsAtOnce, maxAttempts: mostThrows },
      onDead: this.deadLetters.keepFailed.bind(this.deadLetters),
    };
    const clears = { concurrency: limits.clearJobsAtOnce, maxAttempts: mostDismissals };
    const receipts = { concurrency: limits.clearJobsAtOnce, maxAttempts: mostReceiptTries };
    this.#workers = [
      await queue.work(pushQueue, pushes, (job) => this.#worker.run(job)),
      await queue.work(clearQueue, clears, (job) => this.#dismissal.run(job)),
      await queue.work(receiptQueue, receipts, (job) => this.receipts.run(job)),
      await queue.work(pollQueue, receipts, (job) => this.#polling.run(job)),
      await queue.work(shownQueue, { ...clears, maxAttempts: mostReplacements }, (job) => this.#shown.run(job)),
    ];
    this.#redelivery.start();
  }

  /** Takes no new work, finishes what is under way; what waits stays in the stores. Idempotent. */
  async stop(): Promise<void> {
    await this.#following?.flush();
    this.#following?.end();
    await Promise.all([this.#redelivery.stop(), this.#schedule.stop(), this.#reads.idle()]);
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.#quotas.stop();
    this.#stopping.abort();
  }

  /** The push itself stands, whatever becomes of this. */
  async #keep(app: AppId, delivery: DeliveryRecord): Promise<void> {
    try {
      await this.#deps.stores.deliveries.put(app, [delivery]);
      const provider = (await this.#deps.plugins.providers(app)).find(({ id }) => id === delivery.provider);
      if (provider?.pollReceipts !== undefined) await this.#polling.expect(app, delivery.provider, delivery.acceptedAt);
    } catch (error) {
      const { log } = this.#deps.surroundings;
      log.warn('nothing will be heard of a push', { app, provider: delivery.provider, err: error });
    }
  }

  /** In the order in which the worker asks. */
  async #hindranceOf(
    app: AppId,
    provider: ProviderHandle,
    appQuota: ProviderHandle['quota'],
  ): Promise<ProviderHindrance | undefined> {
    if (provider.state === 'paused') return 'credentials_rejected';
    return (await this.#quotas.spent(app, { provider, appQuota })) === undefined ? undefined : 'quota';
  }
}
