// Wakes the workers for requests that should have been sent by now: a process was killed between keeping an
// event and the queue, or in the middle of a call. Sends nothing itself.

import type { AppId } from '../ports/app-id.ts';
import type { Queue, QueueWorker } from '../ports/queue.ts';
import type { WebhookRelayStore } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { webhookJob, webhookQueue } from './webhook-job.ts';

export interface RelayDeps {
  store: WebhookRelayStore;
  queue: Pick<Queue, 'add' | 'every'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

const everyMs = 10_000;
/** Younger ones have a job that is about to run. */
const graceMs = 5_000;
const atOnce = 1000;

export class Relay {
  readonly #deps: RelayDeps;
  #worker: QueueWorker | undefined;

  constructor(deps: RelayDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#worker = await this.#deps.queue.every('webhook relay', everyMs, () => this.once());
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
  }

  /**
   * A request that is named again is the same job, unless it was put off in between: one that a worker is
   * slow to come to is not queued twice.
   */
  async once({ graceMs: grace = graceMs }: { graceMs?: number } = {}): Promise<void> {
    const { store, queue, surroundings } = this.#deps;
    const overdue = await store.overdue(surroundings.clock.now() - grace, atOnce);
    if (overdue.length === 0) return;
    surroundings.log.debug('webhooks are overdue', { requests: overdue.length });
    await queue.add(
      webhookQueue,
      overdue.map(({ app, webhookId, batch, dueAt }) => wakeUp(app, { webhookId, batch, dueAt })),
    );
  }
}

function wakeUp(
  app: AppId,
  { webhookId, batch, dueAt }: { webhookId: string; batch?: string | undefined; dueAt: number },
) {
  const job = webhookJob(app, { webhookId, ...(batch === undefined ? {} : { batch }) }, { dueAtMs: dueAt });
  // Not under the id of the job that was lost with its run: that one counts as done for a day.
  return { ...job, id: `${job.id}:relay` };
}
