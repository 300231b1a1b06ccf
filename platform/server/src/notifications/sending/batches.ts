// Deliveries of one provider that come together, handed over in one call where its service takes many: the outcome
// of each goes back to whoever asked for it. When a delivery may be sent, and what follows from its outcome, is
// deliver.ts.
import type { Delivery } from '@belfry/plugin-kit';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import type { CallOptions, SentOutcome } from '../../plugins/running-provider.ts';

export type BatchedOutcome = SentOutcome & {
  /** The call failed as a whole, and another delivery of it has said so already. */
  readonly isEcho?: boolean;
  /** In [0, 1), the same for all of a call that failed as a whole: what failed together is tried together. */
  readonly random?: number;
};

/** Longer than the reads that the deliveries of one job wait for, and shorter than anybody notices. */
const companyMs = 20;
const longestCompanyMs = 200;

interface Waiting {
  delivery: Delivery;
  resolve: (outcome: BatchedOutcome) => void;
  reject: (error: unknown) => void;
}

interface Batch {
  provider: ProviderHandle;
  call: CallOptions;
  waiting: Waiting[];
  since: number;
  timer: Timer | undefined;
}

export class Batches {
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly #random: () => number;
  readonly #open = new Map<string, Batch>();

  constructor(clock: Pick<Clock, 'after' | 'monotonic'>, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** `hasCompany`: others are about to be sent by the same provider, so that a moment is waited for them. */
  send(
    provider: ProviderHandle,
    delivery: Delivery,
    { hasCompany, ...call }: CallOptions & { hasCompany: boolean },
  ): Promise<BatchedOutcome> {
    const most = provider.limits.batch ?? 1;
    if (!hasCompany || provider.sendMany === undefined || most < 2) return provider.send(delivery, call);
    const key = JSON.stringify([delivery.app, provider.id, call.attempt]);
    return new Promise((resolve, reject) => {
      const batch = this.#open.get(key) ?? this.#begin(key, { provider, call });
      batch.waiting.push({ delivery, resolve, reject });
      batch.timer?.cancel();
      const leftMs = batch.since + longestCompanyMs - this.#clock.monotonic();
      if (batch.waiting.length >= most || leftMs <= 0) this.#end(key, batch);
      else batch.timer = this.#clock.after(Math.min(companyMs, leftMs), () => this.#end(key, batch));
    });
  }

  #begin(key: string, given: Pick<Batch, 'provider' | 'call'>): Batch {
    const batch: Batch = { ...given, waiting: [], since: this.#clock.monotonic(), timer: undefined };
    this.#open.set(key, batch);
    return batch;
  }

  #end(key: string, batch: Batch): void {
    if (this.#open.get(key) === batch) this.#open.delete(key);
    void handOver(batch, this.#random());
  }
}

async function handOver({ provider, call, waiting }: Batch, random: number): Promise<void> {
  const deliveries = waiting.map(({ delivery }) => delivery);
  const [only] = deliveries;
  try {
    const outcomes =
      only !== undefined && deliveries.length === 1
        ? [await provider.send(only, call)]
        : ((await provider.sendMany?.(deliveries, call)) ?? []);
    const said = new Set<string>();
    for (const [at, { resolve, reject }] of waiting.entries()) {
      const outcome = outcomes[at];
      if (outcome === undefined) reject(new Error('a delivery of many has no outcome'));
      else resolve(isOfAll(outcome) ? { ...outcome, random, isEcho: said.has(outcome.outcome) } : outcome);
      if (outcome !== undefined) said.add(outcome.outcome);
    }
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

/** What a service says of the call or the account, and not of one delivery. */
function isOfAll(outcome: SentOutcome): boolean {
  if (outcome.outcome === 'retry') return outcome.scope === undefined;
  return outcome.outcome === 'rejected' && outcome.reason === 'credentials';
}
