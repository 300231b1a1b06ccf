// Jobs in memory, for tests: the same answers as the data file's, without the file. Not durable beyond the object itself.

import type { AppId } from '../../../ports/app-id.ts';
import type { DeadJob, DeadSelection } from '../../../ports/queue.ts';
import { keepDeadMs } from '../embedded/job-store.ts';
import type { ClaimedJob, JobOutcome, JobRecord, JobStore } from '../embedded/job-store.ts';
import type { Synchronous } from '../../stores/synchronous.ts';

interface Entry extends JobRecord {
  order: number;
  attempt: number;
  state: 'ready' | 'active' | 'done' | 'dead';
  forgetAt: number;
  error?: string;
  label?: string;
  diedAt?: number;
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
    counts(queue, now, app) {
      const mine = (state: Entry['state']): Entry[] =>
        inState(queue, state).filter((entry) => app === undefined || entry.app === app);
      const ready = mine('ready');
      return {
        waiting: ready.filter(({ dueAt }) => dueAt <= now).length,
        delayed: ready.filter(({ dueAt }) => dueAt > now).length,
        active: mine('active').length,
        dead: mine('dead').length,
      };
    },
    bury(queue, jobs, { now, rememberMs }) {
      for (const { diedAt, ...job } of jobs) {
        if (of(queue).has(job.id)) continue;
        order += 1;
        const times = { addedAt: diedAt, dueAt: now, diedAt, forgetAt: now + rememberMs };
        of(queue).set(job.id, { ...job, ...times, order, attempt: 0, state: 'dead' });
      }
      for (const { id, diedAt = now } of inState(queue, 'dead')) if (diedAt <= now - keepDeadMs) of(queue).delete(id);
    },
    dead(queue, app, { limit, before, label }) {
      const found = inState(queue, 'dead')
        .filter((entry) => entry.app === app && entry.order < Number(before ?? Infinity))
        .filter((entry) => label === undefined || entry.label === label)
        .sort((a, b) => b.order - a.order);
      const last = found[limit - 1];
      const more = found.length > limit && last !== undefined;
      return { jobs: found.slice(0, limit).map(toDead), ...(more ? { next: String(last.order) } : {}) };
    },
    replay(queue, app, { which, dueAt }) {
      const chosen = select(inState(queue, 'dead'), app, which);
      for (const entry of chosen) Object.assign(entry, { state: 'ready', attempt: 0, dueAt });
      return chosen.length;
    },
    drop(queue, app, which) {
      const chosen = select(inState(queue, 'dead'), app, which);
      for (const { id } of chosen) of(queue).delete(id);
      return chosen.length;
    },
  };
}

function apply(entry: Entry, outcome: JobOutcome): void {
  if (outcome.state === 'dead') {
    Object.assign(entry, { state: 'dead', error: outcome.error, diedAt: outcome.at });
    return;
  }
  if (outcome.state === 'done') {
    entry.state = 'done';
    return;
  }
  entry.state = 'ready';
  if (outcome.state === 'released') entry.attempt -= 1;
  else entry.dueAt = outcome.dueAt;
  if (outcome.state !== 'again') return;
  entry.attempt = 0;
  if (outcome.payload !== undefined) entry.payload = outcome.payload.value;
}

function select(dead: readonly Entry[], app: AppId, which: DeadSelection): Entry[] {
  const mine = dead.filter((entry) => entry.app === app);
  if ('ids' in which) return mine.filter(({ id }) => which.ids.includes(id));
  const labelled = mine.filter(({ label }) => label === which.label);
  return labelled.sort((a, b) => b.order - a.order).slice(0, which.limit);
}

function toDead({ id, app, payload, error = '', label, diedAt = 0 }: Entry): DeadJob {
  return { id, app, payload, error, diedAt, ...(label === undefined ? {} : { label }) };
}

function toClaimed({ id, app, payload, attempt, addedAt }: Entry): ClaimedJob {
  return { id, app, payload, attempt, addedAt };
}
