// Jobs in memory, for tests: the same answers as the data file's, without the file. Not durable beyond the
// object itself.

import type { AppId } from '../../../ports/app-id.ts';
import type { JobCounts } from '../../../ports/queue.ts';
import type { Claim, ClaimedJob, JobOutcome, JobRecord, JobStore } from '../embedded/job-store.ts';
import { HandOut, type DueJobs } from '../embedded/hand-out.ts';
import type { Synchronous } from '../../stores/synchronous.ts';

interface Entry extends JobRecord {
  order: number;
  attempt: number;
  state: 'ready' | 'active' | 'done';
  forgetAt: number;
}

export class MemoryJobs implements Synchronous<JobStore> {
  readonly #queues = new Map<string, Map<string, Entry>>();
  readonly #handOuts = new Map<string, HandOut>();
  #order = 0;

  add(queue: string, jobs: readonly JobRecord[], { now, rememberMs }: { now: number; rememberMs: number }): void {
    for (const job of jobs) {
      const before = this.#of(queue).get(job.id);
      const forgotten = before === undefined || (before.state === 'done' && before.forgetAt <= now);
      if (!forgotten) continue;
      this.#order += 1;
      const entry: Entry = { ...job, order: this.#order, attempt: 0, state: 'ready', forgetAt: now + rememberMs };
      this.#of(queue).set(job.id, entry);
    }
  }

  claim(queue: string, { now, limit, slots }: { now: number; limit: number; slots: number }): Claim {
    const ready = this.#inState(queue, 'ready').sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    const due = ready.filter(({ dueAt }) => dueAt <= now);
    const handOut = this.#handOuts.get(queue) ?? new HandOut();
    this.#handOuts.set(queue, handOut);
    const taken = handOut.choose(dueJobs(due), { holders: this.#inState(queue, 'active'), slots, limit });
    const next = ready.find(({ dueAt }) => dueAt > now);
    return { jobs: taken.map(toClaimed), ...(next === undefined ? {} : { nextDueAt: next.dueAt }) };
  }

  record(queue: string, outcomes: readonly JobOutcome[]): void {
    for (const outcome of outcomes) {
      const entry = this.#of(queue).get(outcome.id);
      if (entry?.state === 'active') apply(entry, outcome);
    }
  }

  recover(queue: string, running: readonly string[]): number {
    const left = this.#inState(queue, 'active').filter(({ id }) => !running.includes(id));
    for (const entry of left) entry.state = 'ready';
    return left.length;
  }

  hurry(queue: string, { now, slackMs }: { now: number; slackMs: number }): number {
    const far = this.#inState(queue, 'ready').filter(({ dueAt, delayMs }) => dueAt > now + delayMs + slackMs);
    for (const entry of far) entry.dueAt = now;
    return far.length;
  }

  counts(queue: string, now: number, app?: AppId): JobCounts {
    const mine = (state: Entry['state']): Entry[] =>
      this.#inState(queue, state).filter((entry) => app === undefined || entry.app === app);
    const ready = mine('ready');
    return {
      waiting: ready.filter(({ dueAt }) => dueAt <= now).length,
      delayed: ready.filter(({ dueAt }) => dueAt > now).length,
      active: mine('active').length,
    };
  }

  #of(queue: string): Map<string, Entry> {
    const found = this.#queues.get(queue) ?? new Map<string, Entry>();
    this.#queues.set(queue, found);
    return found;
  }

  #inState(queue: string, state: Entry['state']): Entry[] {
    return [...this.#of(queue).values()].filter((entry) => entry.state === state);
  }
}

/** Of entries in the order they fell due. */
function dueJobs(due: readonly Entry[]): DueJobs<Entry> {
  const left = (): Entry[] => due.filter(({ state }) => state === 'ready');
  return {
    apps: () => [...new Set(left().map(({ app }) => app))],
    userAfter(app, after) {
      const users = left().flatMap((entry) => (entry.app === app ? [entry.user] : []));
      return users.toSorted().find((user) => after === undefined || user > after);
    },
    take(app, user) {
      const entry = left().find((each) => each.app === app && each.user === user);
      if (entry === undefined) return undefined;
      entry.state = 'active';
      entry.attempt += 1;
      return entry;
    },
  };
}

function apply(entry: Entry, outcome: JobOutcome): void {
  if (outcome.state === 'done') {
    entry.state = 'done';
    return;
  }
  entry.state = 'ready';
  if (outcome.state === 'released') entry.attempt -= 1;
  else {
    entry.dueAt = outcome.dueAt;
    entry.delayMs = outcome.delayMs;
  }
  if (outcome.state !== 'again') return;
  entry.attempt = 0;
  if (outcome.payload !== undefined) entry.payload = outcome.payload.value;
}

function toClaimed({ id, app, user, payload, attempt, addedAt }: Entry): ClaimedJob {
  return { id, app, user, payload, attempt, addedAt };
}
