// Jobs in memory, for tests: the same answers as the data file's, without the file. Not durable beyond the object itself.

import type { ClaimedJob, JobOutcome, JobRecord, JobStore } from '../embedded/job-store.ts';
import type { Synchronous } from '../../stores/synchronous.ts';

interface Entry extends JobRecord {
  order: number;
  attempt: number;
  state: 'ready' | 'active' | 'done' | 'dead';
  forgetAt: number;
}

export function memoryJobs(): Synchronous<JobStore> {
  const queues = new Map<string, Map<string, Entry>>();
  let order = 0;

  const of = (queue: string): Map<string, Entry> => {
    const found = queues.get(queue) ?? new Map<string, Entry>();
    queues.set(queue, found);
    return found;
  };
  const inState = (queue: string, state: Entry['state']): Entry[] =>
    [...of(queue).values()].filter((entry) => entry.state === state);

  return {
    add(queue, jobs, { now, rememberMs }) {
      for (const job of jobs) {
        const before = of(queue).get(job.id);
        const forgotten = before === undefined || (['done', 'dead'].includes(before.state) && before.forgetAt <= now);
        if (!forgotten) continue;
        order += 1;
        of(queue).set(job.id, { ...job, order, attempt: 0, state: 'ready', forgetAt: now + rememberMs });
      }
    },
    claim(queue, { now, limit }) {
      const ready = inState(queue, 'ready').sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
      const taken = ready.filter(({ dueAt }) => dueAt <= now).slice(0, limit);
      for (const entry of taken) {
        entry.state = 'active';
        entry.attempt += 1;
      }
      const next = ready.find(({ state }) => state === 'ready');
      return { jobs: taken.map(toClaimed), ...(next === undefined ? {} : { nextDueAt: next.dueAt }) };
    },
    settle(queue, outcomes) {
      for (const outcome of outcomes) {
        const entry = of(queue).get(outcome.id);
        if (entry?.state === 'active') apply(entry, outcome);
      }
    },
    recover(queue, running) {
      const left = inState(queue, 'active').filter(({ id }) => !running.includes(id));
      for (const entry of left) entry.state = 'ready';
      return left.length;
    },
    counts(queue, now) {
      const ready = inState(queue, 'ready');
      return {
        waiting: ready.filter(({ dueAt }) => dueAt <= now).length,
        delayed: ready.filter(({ dueAt }) => dueAt > now).length,
        active: inState(queue, 'active').length,
        dead: inState(queue, 'dead').length,
      };
    },
  };
}

function apply(entry: Entry, outcome: JobOutcome): void {
  if (outcome.state === 'done' || outcome.state === 'dead') {
    entry.state = outcome.state;
    return;
  }
  entry.state = 'ready';
  if (outcome.state === 'released') entry.attempt -= 1;
  else entry.dueAt = outcome.dueAt;
  if (outcome.state !== 'again') return;
  entry.attempt = 0;
  if (outcome.payload !== undefined) entry.payload = outcome.payload.value;
}

function toClaimed({ id, app, payload, attempt, addedAt }: Entry): ClaimedJob {
  return { id, app, payload, attempt, addedAt };
}
