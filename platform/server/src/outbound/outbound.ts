// The parts of outgoing webhooks, put together: what keeps events, what sends them, what manages the
// webhooks. What each does is in its own file.

import { BelfryError } from '@belfry/protocol';
import type { Mapper } from '../hooks/mapping/mapper.ts';
import { Breaker } from '../notifications/sending/breaker.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Facts } from '../ports/facts.ts';
import type { Presence } from '../ports/presence.ts';
import type { Queue, QueueWorker } from '../ports/queue.ts';
import type { Stores, WebhookRecord } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Egress } from '../egress/egress.ts';
import type { Vault } from '../tenancy/vault.ts';
import { BeforeMessages } from './before-messages.ts';
import { Intake } from './intake.ts';
import { KeptEvents } from './kept-events.ts';
import { Relay } from './relay.ts';
import { Sender } from './sender.ts';
import { Subscriptions } from './subscriptions.ts';
import { SwitchOff, type SwitchOffDeps } from './switch-off.ts';
import { UserPresence } from './user-presence.ts';
import { createCallWebhook } from './webhook-call.ts';
import { WebhookHealths } from './webhook-health.ts';
import { webhookQueue } from './webhook-job.ts';
import { WebhookRecords } from './webhook-records.ts';
import { openWebhookSecrets } from './webhook-secrets.ts';

export interface OutboundDeps {
  stores: Pick<Stores, 'webhooks' | 'webhookEvents' | 'webhookRelay'>;
  queue: Pick<Queue, 'add' | 'work' | 'every'>;
  bus: Pick<Bus, 'control'>;
  presence: Pick<Presence, 'ofUsers'>;
  facts: Pick<Facts, 'record' | 'subscribe'>;
  egress: Pick<Egress, 'fetch' | 'checkUrl'>;
  mapper: Pick<Mapper, 'check' | 'map'>;
  vault: Pick<Vault, 'seal' | 'open'>;
  /** Nothing is sent for an app that is off, or gone. */
  isAppOff: (app: AppId) => Promise<boolean>;
  audit: SwitchOffDeps['audit'];
  surroundings: Surroundings;
  userAgent: string;
  limits: { webhooksPerApp: number; webhookTimeoutMs: number; webhookJobsAtOnce: number };
  /** In [0, 1); for jitter. */
  random?: () => number;
}

/** At 5 min a throw this is about a day: stores may be away for a night. */
const mostThrows = 300;

export class Outbound {
  readonly records: WebhookRecords;
  readonly kept: KeptEvents;
  readonly intake: Intake;
  readonly before: BeforeMessages;
  readonly #deps: OutboundDeps;
  readonly #sender: Sender;
  readonly #relay: Relay;
  #worker: QueueWorker | undefined;

  constructor(deps: OutboundDeps) {
    this.#deps = deps;
    const { stores, queue, facts, surroundings, egress, mapper, vault, limits } = deps;
    const { webhooks: store, webhookEvents: events } = stores;
    const { clock } = surroundings;
    const subscriptions = new Subscriptions({ store, bus: deps.bus, clock });
    const health = new WebhookHealths(store, clock);
    const secretsOf = (app: AppId, webhook: WebhookRecord) =>
      openWebhookSecrets(app, webhook, { vault, nowMs: clock.now() });
    this.intake = new Intake({
      ...{ subscriptions, store: events, queue, facts, surroundings },
      presence: new UserPresence(deps.presence),
    });
    const call = createCallWebhook({ egress, clock, userAgent: deps.userAgent });
    this.before = new BeforeMessages({
      ...{ subscriptions, call, secretsOf, health, facts, surroundings, breaker: new Breaker(clock) },
    });
    this.#sender = new Sender({
      ...{ subscriptions, events, queue, health, surroundings, limits, secretsOf },
      ...{ isAppOff: deps.isAppOff, breaker: new Breaker(clock), random: deps.random ?? Math.random },
      call,
      transform: (app, given) => transformed(mapper.map(app, given)),
      switchOff: new SwitchOff({ ...{ store, events, subscriptions, facts, surroundings }, audit: deps.audit }),
    });
    this.#relay = new Relay({ store: stores.webhookRelay, queue, surroundings });
    this.kept = new KeptEvents({ store: events, queue, sender: this.#sender, before: this.before, clock });
    this.records = new WebhookRecords({
      ...{ store, events, subscriptions, health, relay: this.#relay, vault, mapper, egress, clock },
      perApp: limits.webhooksPerApp,
    });
  }

  /** `work`: sends too, beside keeping what happens on this node. */
  async start({ work }: { work: boolean }): Promise<void> {
    const { queue, limits } = this.#deps;
    this.intake.start();
    if (!work) return;
    const options = { concurrency: limits.webhookJobsAtOnce, maxAttempts: mostThrows };
    this.#worker = await queue.work(webhookQueue, options, (job) => this.#sender.run(job));
    await this.#relay.start();
  }

  /** Keeps what happened, and ends the calls under way. */
  async stop(): Promise<void> {
    await this.intake.stop();
    await Promise.all([this.#worker?.stop(), this.#relay.stop()]);
  }
}

/** That too many wait says nothing about the event: the job is run again. */
async function transformed<T>(run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    throw error instanceof BelfryError ? error : new BelfryError('unavailable', { cause: error });
  }
}
