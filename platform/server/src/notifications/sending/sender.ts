// Makes the notification of what a user missed for one of their devices, and hands it to its provider. Whom,
// which devices and when is decided by the worker and by fallbacks/looks.ts.
import { leastUsed } from '../../caching/least-used.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { PushFact } from '../../ports/message-facts.ts';
import type { DeadLetterRecord, Device, DeviceStore, StoredMessage } from '../../ports/stores/index.ts';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import { aboutOf } from '../claiming/claim-facts.ts';
import { deliveryIdOf, type PendingDelivery } from '../push-job.ts';
import type { Openings } from '../receipts/openings.ts';
import type { Unsubscribing } from '../unsubscribing.ts';
import { Batches } from './batches.ts';
import { Breaker, type BudgetState } from './breaker.ts';
import { CallRate } from './call-rate.ts';
import { notificationOf, type PreviewOf } from './content.ts';
import { deadLetterOf } from './dead-letter.ts';
import { deliver, type Delivered, type DeliverDeps, type OneDelivery } from './deliver.ts';
import type { Extras } from './extras.ts';
import type { JobContext } from './job-context.ts';
import type { Missed } from './missed-messages.ts';
import type { Waiting } from './put-back.ts';
import type { Quotas } from './quotas.ts';

export interface SenderDeps extends Pick<
  DeliverDeps,
  'surroundings' | 'facts' | 'keep' | 'plugins' | 'maxAttempts' | 'random'
> {
  stores: { devices: Pick<DeviceStore, 'remove' | 'remember'> };
  quotas: Pick<Quotas, 'take'>;
  messageType: PreviewOf;
  openings: Pick<Openings, 'tokenFor'>;
  extras: Pick<Extras, 'of'>;
  unsubscribing: Pick<Unsubscribing, 'urlOf'>;
  /** Aborted when the process can't wait any longer. */
  signal: AbortSignal;
}

/** The work and the letters that a run leaves behind. */
export interface Left extends Waiting {
  dead: DeadLetterRecord[];
}

export interface OneDevice {
  device: Device;
  /** The delivery that was to be tried again; undefined at the first attempt. */
  pending: PendingDelivery | undefined;
  newest: StoredMessage;
  left: Left;
  /** A step of a fall-back chain waits for what becomes of it. */
  isAwaited: boolean;
}

/** Accepted deliveries that are remembered against a job that is run again. */
const rememberedDeliveries = 50_000;

export class Sender {
  readonly #deps: SenderDeps;
  readonly #delivering: DeliverDeps;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    const { surroundings, facts, stores, plugins, quotas, keep, maxAttempts, random } = deps;
    const accepted = leastUsed<true>(rememberedDeliveries);
    this.#delivering = {
      ...{ surroundings, facts, plugins, quotas, keep, maxAttempts, random, devices: stores.devices },
      breaker: new Breaker(surroundings.clock),
      rate: new CallRate(surroundings.clock),
      batches: new Batches(surroundings.clock, random),
      accepted: { has: (id) => accepted.has(id), add: (id) => void accepted.set(id, true) },
    };
  }

  /** How this node finds a provider. */
  budgetOf(app: AppId, providerId: string): BudgetState {
    return this.#delivering.breaker.state(`${app}/${providerId}`);
  }

  /** Adds what has to wait, and what is given up, to `left`. Resolves with what came of it. */
  async send(context: JobContext, missed: Missed, to: OneDevice): Promise<Pick<Delivered, 'fact' | 'isAccepted'>> {
    const { device, newest, left } = to;
    const { clock, metrics } = this.#deps.surroundings;
    const { pending, fact, death, isAccepted } = await deliver(this.#delivering, this.#deliveryTo(context, missed, to));
    if (pending !== undefined) left.deliveries.push(pending);
    if (death !== undefined) {
      const { claimed } = missed;
      left.dead.push(deadLetterOf(context.payload, { claimed, device, newest, death, diedAt: clock.now() }));
      const plugin = context.providers.get(device.provider)?.plugin ?? 'unknown';
      metrics.count('push_dead_letters_total', [plugin, death.cause]);
    }
    return { ...(fact === undefined ? {} : { fact }), isAccepted: isAccepted === true };
  }

  /** What was told of before is replaced quietly, and kept as no dead letter. */
  async replace(
    context: JobContext,
    missed: Missed,
    to: OneDevice,
  ): Promise<{ fact: PushFact | undefined; isPending: boolean }> {
    const one = this.#deliveryTo(context, missed, to);
    const quiet = { ...one, notification: async () => ({ ...(await one.notification()), priority: 'low' as const }) };
    const { pending, fact } = await deliver(this.#delivering, quiet);
    if (pending !== undefined) to.left.deliveries.push(pending);
    return { fact, isPending: pending !== undefined };
  }

  #deliveryTo(context: JobContext, missed: Missed, { device, pending, newest, isAwaited }: OneDevice): OneDelivery {
    const { surroundings, openings, extras, unsubscribing, messageType, signal } = this.#deps;
    const { app, payload, settings, profiles, providers } = context;
    const { userId } = missed.claimed;
    const rest = missed.owed.filter(({ seq }) => seq < newest.seq);
    const provider = providers.get(device.provider);
    const supports = provider?.supports ?? {};
    const isKept = isAwaited || isHeardOf(provider);
    const deliveryId = isKept ? deliveryIdOf(payload.claimId, device.id) : undefined;
    const notification = async () => {
      const made = notificationOf({
        ...{ app, userId, device, messageType, supports, senders: profiles, nowMs: surroundings.clock.now() },
        owed: [newest, ...rest],
      });
      const openedToken = openings.tokenFor(app, { about: aboutOf(newest, userId), device, deliveryId });
      const more = await extras.of(app, { userId, newest, senders: profiles, supports });
      return { ...made, ...more, data: { ...made.data, openedToken } };
    };
    return {
      ...{ app, userId, device, newest, notification, signal },
      claimId: payload.claimId,
      ...{ provider, isKept },
      unsubscribeUrl: supports.unsubscribe === true ? unsubscribing.urlOf(app, device) : undefined,
      appQuota: settings.pushQuota,
      attempt: pending?.attempt ?? 1,
      isCounted: pending?.isCounted ?? false,
      hasCompany: context.missed.length > 1,
      waitMs: newest.policy.waitMs ?? settings.waitMs,
    };
  }
}

/** Whether the service may say what became of a push. */
function isHeardOf(provider: ProviderHandle | undefined): boolean {
  const isTold = provider?.readReceipts !== undefined && provider.receiptUrl !== undefined;
  return isTold || provider?.pollReceipts !== undefined;
}
