// The jobs of the embedded queue. Not the worker that runs them, nor when: queue/embedded.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { JobCounts } from '../../../ports/queue.ts';
import type { Claim, ClaimedJob, JobOutcome, JobRecord, JobStore } from '../../queue/embedded/job-store.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, jsonOf, number, optionalNumber, text } from './row.ts';
import type { Row } from './row.ts';

export class SqliteJobs implements Synchronous<JobStore> {
  readonly #add;
  readonly #forget;
  readonly #claim;
  readonly #nextDue;
  readonly #finish;
  readonly #retry;
  readonly #again;
  readonly #replace;
  readonly #release;
  readonly #active;
  readonly #recover;
  readonly #counts;
  readonly #countsOf;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO jobs (queue, id, app, payload, state, attempt, added_at, due_at, forget_at)
       VALUES (?1, ?2, ?3, ?4, 'ready', 0, ?5, ?6, ?7)
       ON CONFLICT DO UPDATE SET app = ?3, payload = ?4, state = 'ready', attempt = 0, added_at = ?5, due_at = ?6, forget_at = ?7
       WHERE state = 'done' AND forget_at <= ?8`,
    );
    this.#forget = db.prepare(
      "DELETE FROM jobs WHERE rowid IN (SELECT rowid FROM jobs WHERE state = 'done' AND forget_at <= ? LIMIT ?)",
    );
    this.#claim = db.prepare(
      `UPDATE jobs SET state = 'active', attempt = attempt + 1 WHERE rowid IN (
         SELECT rowid FROM jobs WHERE queue = ? AND state = 'ready' AND due_at <= ? ORDER BY due_at, rowid LIMIT ?)
       RETURNING rowid, id, app, payload, attempt, added_at, due_at`,
    );
    this.#nextDue = db.prepare("SELECT min(due_at) AS due_at FROM jobs WHERE queue = ? AND state = 'ready'");
    const where = "WHERE queue = ? AND id = ? AND state = 'active'";
    this.#finish = db.prepare(`UPDATE jobs SET state = 'done', payload = 'null' ${where}`);
    this.#retry = db.prepare(`UPDATE jobs SET state = 'ready', due_at = ? ${where}`);
    this.#again = db.prepare(`UPDATE jobs SET state = 'ready', attempt = 0, due_at = ? ${where}`);
    this.#replace = db.prepare(`UPDATE jobs SET state = 'ready', attempt = 0, due_at = ?, payload = ? ${where}`);
    this.#release = db.prepare(`UPDATE jobs SET state = 'ready', attempt = attempt - 1 ${where}`);
    this.#active = db.prepare("SELECT id FROM jobs WHERE queue = ? AND state = 'active'");
    this.#recover = db.prepare(`UPDATE jobs SET state = 'ready' ${where}`);
    this.#counts = db.prepare(countsWhere(''));
    // Reads every job that is not done: for an administrator who asks, not for the path of a push.
    this.#countsOf = db.prepare(countsWhere('AND app = ?3'));
  }

  add(queue: string, jobs: readonly JobRecord[], { now, rememberMs }: { now: number; rememberMs: number }): void {
    for (const { id, app, payload, addedAt, dueAt } of jobs) {
      this.#add.run(queue, id, app, jsonOf(payload), addedAt, dueAt, now + rememberMs, now);
    }
    // Twice as many forgotten as added, so that the memory of ids shrinks without a timer of its own.
    this.#forget.run(now, 2 * jobs.length + 10);
  }

  claim(queue: string, { now, limit }: { now: number; limit: number }): Claim {
    const rows = this.#claim.all(queue, now, limit);
    rows.sort((a, b) => number(a, 'due_at') - number(b, 'due_at') || number(a, 'rowid') - number(b, 'rowid'));
    const nextDueAt = optionalNumber(this.#nextDue.get(queue) ?? { due_at: null }, 'due_at');
    return { jobs: rows.map(toJob), ...(nextDueAt === undefined ? {} : { nextDueAt }) };
  }

  record(queue: string, outcomes: readonly JobOutcome[]): void {
    for (const outcome of outcomes) this.#recordOne(queue, outcome);
  }

  recover(queue: string, running: readonly string[]): number {
    const here = new Set(running);
    const left = this.#active.all(queue).filter((row) => !here.has(text(row, 'id')));
    for (const row of left) this.#recover.run(queue, text(row, 'id'));
    return left.length;
  }

  counts(queue: string, now: number, app?: AppId): JobCounts {
    const row = (app === undefined ? this.#counts.get(queue, now) : this.#countsOf.get(queue, now, app)) ?? {};
    return { waiting: number(row, 'waiting'), delayed: number(row, 'delayed'), active: number(row, 'active') };
  }

  #recordOne(queue: string, outcome: JobOutcome): void {
    const { id } = outcome;
    if (outcome.state === 'done') this.#finish.run(queue, id);
    else if (outcome.state === 'retry') this.#retry.run(outcome.dueAt, queue, id);
    else if (outcome.state === 'released') this.#release.run(queue, id);
    else if (outcome.payload === undefined) this.#again.run(outcome.dueAt, queue, id);
    else this.#replace.run(outcome.dueAt, jsonOf(outcome.payload.value), queue, id);
  }
}

/**
 * One statement for all apps and one for a single app: an `OR` would keep SQLite from its partial indexes.
 */
function countsWhere(more: string): string {
  return `SELECT (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'ready' AND due_at <= ?2 ${more}) AS waiting,
    (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'ready' AND due_at > ?2 ${more}) AS delayed,
    (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'active' ${more}) AS active`;
}

function toJob(row: Row): ClaimedJob {
  return {
    id: text(row, 'id'),
    app: asAppId(text(row, 'app')),
    payload: json(row, 'payload'),
    attempt: number(row, 'attempt'),
    addedAt: number(row, 'added_at'),
  };
}
