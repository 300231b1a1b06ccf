// Tickets of one queue: jobs of BullMQ that hold nothing. Each gets a worker somewhere to look at the lanes once.
// Which job runs then is said by lanes.ts; that no job waits without a ticket is seen to by bullmq-worker.ts.

import { randomUUID } from 'node:crypto';
import { Queue, type Job as BullJob } from 'bullmq';
import type { RedisConnection } from '../../redis/connect.ts';
import type { Left } from './lanes.ts';

export type Ticket = BullJob<null>;

/** What BullMQ calls the queue; the prefix makes it one of many. */
export const ticketsName = 'tickets';

/** For one call that adds jobs. Workers that find more to do call others. */
const mostAtOnce = 16;
/** No worker is idle while so many wait, and one that ends a job goes on where there are more jobs than tickets. */
const mostWaiting = 64;
/** Tickets for jobs that fall due within so many ms are one, so that a thousand delayed jobs do not cost a thousand. */
const tickMs = 50;

export class Tickets {
  readonly #queue: Queue<null>;

  constructor(connection: RedisConnection, { prefix, onError }: { prefix: string; onError: (error: Error) => void }) {
    this.#queue = new Queue(ticketsName, {
      ...{ connection, prefix, skipVersionCheck: true },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 100 } },
    });
    this.#queue.on('error', onError);
  }

  /** The list of those that wait. */
  get key(): string {
    return this.#queue.toKey('wait');
  }

  /**
   * As many as jobs that have been added can use. No two ever have the same id: BullMQ counts from 1 again after a
   * flush, while a run of before still has its ticket.
   */
  async call({ due, tickets }: Left, jobs: number): Promise<void> {
    const count = Math.min(jobs, due - tickets, mostAtOnce, mostWaiting - tickets);
    if (count <= 0) return;
    await this.#queue.addBulk(
      Array.from({ length: count }, () => ({ name: 'now', data: null, opts: { jobId: randomUUID() } })),
    );
  }

  /** One for each time. */
  async callLater(delaysMs: readonly number[]): Promise<void> {
    const now = Date.now();
    const ticks = new Set(delaysMs.map((delayMs) => Math.ceil((now + delayMs) / tickMs)));
    if (ticks.size === 0) return;
    await this.#queue.addBulk(
      [...ticks].map((tick) => ({
        ...{ name: 'later', data: null },
        opts: { jobId: `due-${tick}`, delay: Math.max(tick * tickMs - now, 1) },
      })),
    );
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
