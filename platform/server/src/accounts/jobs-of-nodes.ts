// Long work that somebody began at any node: how far it is, and that it is to stop. The work itself: jobs.ts.

import { notFound } from '@belfry/protocol';
import { subject, type NodeLine } from '../concurrency/node-line.ts';
import type { Jobs, JobProgress, JobState } from './jobs.ts';

interface Asked {
  id: string;
  account: string;
}

const getJob = subject<Asked, JobState>('jobs/1 get');
const stopJob = subject<Asked, JobState>('jobs/1 stop');

export class JobsOfNodes {
  readonly #jobs: Jobs;
  readonly #line: NodeLine;

  constructor({ jobs, line }: { jobs: Jobs; line: NodeLine }) {
    this.#jobs = jobs;
    this.#line = line;
    line.handle(getJob, ({ id, account }) => jobs.find(id, account));
    line.handle(stopJob, ({ id, account }) => jobs.stop(id, account));
  }

  /** At this node; begins it, and does not wait for it. */
  start(account: string, of: number, work: (progress: JobProgress) => Promise<void>): JobState {
    return this.#jobs.start(account, of, work);
  }

  /** Rejects with `not_found` for one that is not this account's. */
  async get(id: string, account: string): Promise<JobState> {
    return await this.#ask(getJob, { id, account });
  }

  /** What is under way is done to its end. Rejects with `not_found` for one that is not this account's. */
  async stop(id: string, account: string): Promise<JobState> {
    return await this.#ask(stopJob, { id, account });
  }

  async #ask(of: typeof getJob, asked: Asked): Promise<JobState> {
    const { by } = await this.#line.ask(of, asked, { isEnough: () => true });
    const [state] = by.values();
    if (state === undefined) throw notFound('job');
    return state;
  }
}
