// The jobs of one queue in Redis, and whose turn is next: the scripts on them, typed. What each key holds stands in
// scripts/lanes.lua. When somebody looks at them: tickets.ts; who runs what they are given: bullmq-worker.ts.

import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { Job, JobCounts, NewJob } from '../../../ports/queue.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';
import { Script } from '../../redis/script.ts';

const file = (name: string): URL => new URL(`scripts/${name}.lua`, import.meta.url);
const onLanes = (name: string): Script => new Script(file('lanes'), file(name));

const scripts = {
  add: onLanes('add'),
  take: onLanes('take'),
  record: onLanes('record'),
  count: onLanes('count'),
};

/** How long the id of a job is remembered, ms: the port's 24 h. */
const rememberMs = 24 * 60 * 60 * 1000;

/** What is to be done still. */
export interface Left {
  /** Jobs that are due and have no worker. */
  due: number;
  tickets: number;
}

/** One run: its ticket, and a token that no other run has. */
export interface Run {
  ticket: string;
  token: string;
}

export interface Holder {
  app: AppId;
  user: string;
}

export interface Turns {
  left: Left;
  /** Of the jobs left, there is one that this process may run. */
  mayRunMore: boolean;
  /** Until the next delayed job falls due, ms. */
  nextInMs: number | undefined;
  /** One for each run that asked. */
  jobs: readonly (Job | undefined)[];
}

export type RecordedOutcome =
  | { state: 'done' }
  /** Taken but not begun: as if it had not been taken. */
  | { state: 'released' }
  /** The job as its next run is to find it; `attempt` counts the runs there were. */
  | { state: 'later'; delayMs: number; payload: unknown; attempt: number };

/** Each call is done as a whole or not at all; rejects with `unavailable`, the outcome unknown. */
export class Lanes {
  readonly #connection: RedisConnection;
  readonly #keys: readonly [base: string, tickets: string];

  /** `ticketsKey`: the list of tickets that wait. Both keys in one slot. */
  constructor(connection: RedisConnection, { base, ticketsKey }: { base: string; ticketsKey: string }) {
    this.#connection = connection;
    this.#keys = [base, ticketsKey];
  }

  async add(jobs: readonly NewJob[], addedAt: number): Promise<Left> {
    const each = jobs.flatMap(({ id, app, user = '', payload, delayMs = 0 }) => [
      ...[id, app, user, toText(payload)],
      Math.ceil(delayMs),
    ]);
    return toLeft(await this.#run(scripts.add, [addedAt, rememberMs, ...each]));
  }

  /** A job for each of the runs. `slots`: how many this process may run at once, with those it holds. */
  async take(runs: readonly Run[], { holders, slots }: { holders: readonly Holder[]; slots: number }): Promise<Turns> {
    const held = holders.flatMap(({ app, user }) => [app, user, 1]);
    const asked = runs.flatMap(({ ticket, token }) => [ticket, token]);
    const answer = await this.#run(scripts.take, [slots, holders.length, ...held, ...asked]);
    const [due, tickets, mayRunMore, nextIn, ...jobs] = answer as [number, number, number, number, ...JobFields[]];
    return {
      left: { due, tickets },
      mayRunMore: mayRunMore === 1,
      nextInMs: nextIn < 0 ? undefined : nextIn,
      jobs: jobs.map(toJob),
    };
  }

  async record(run: Run, job: Job, outcome: RecordedOutcome): Promise<Left> {
    const { state } = outcome;
    const { id, app, user = '', addedAt } = job;
    const args = [run.ticket, run.token, state, id];
    if (outcome.state !== 'later') return toLeft(await this.#run(scripts.record, args));
    const { payload, attempt, delayMs } = outcome;
    return toLeft(
      await this.#run(scripts.record, [...args, app, user, toText(payload), attempt, addedAt, Math.ceil(delayMs)]),
    );
  }

  async counts(app?: AppId): Promise<JobCounts> {
    const answer = await this.#run(scripts.count, [app === undefined ? '' : ` ${app}`]);
    const [waiting, delayed, active] = answer as [number, number, number];
    return { waiting, delayed, active };
  }

  #run(script: Script, args: readonly (string | number)[]): Promise<unknown> {
    return orUnavailable(() => script.run(this.#connection, { keys: this.#keys, args }));
  }
}

type JobFields = readonly [] | readonly [string, string, string, string, number, number];

function toJob(fields: JobFields): Job | undefined {
  if (fields.length === 0) return undefined;
  const [id, app, user, payload, attempt, addedAt] = fields;
  return { id, app: asAppId(app), user, payload: JSON.parse(payload) as unknown, attempt, addedAt };
}

function toLeft(answer: unknown): Left {
  const [due, tickets] = answer as [number, number];
  return { due, tickets };
}

function toText(payload: unknown): string {
  return JSON.stringify(payload ?? null);
}
