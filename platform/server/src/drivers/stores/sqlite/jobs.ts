// The jobs of the embedded queue. Not the worker that runs them, nor when: queue/embedded.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { JobCounts } from '../../../ports/queue.ts';
import { HandOut, type DueJobs } from '../../queue/embedded/hand-out.ts';
import type { Claim, ClaimedJob, JobOutcome, JobRecord, JobStore } from '../../queue/embedded/job-store.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, jsonOf, number, optionalNumber, text } from './row.ts';
import type { Row } from './row.ts';

/** Ids of old jobs that one claim forgets, so that a server to which nothing is added forgets them too. */
const forgottenAtOnce = 100;

/** How many jobs whose time has come one claim looks at; the rest are the next one's. */
const promotedAtOnce = 1000;

export class SqliteJobs implements Synchronous<JobStore> {
  readonly #add;
  readonly #forget;
  readonly #promote;
  readonly #firstApp;
  readonly #nextApp;
  readonly #firstUser;
  readonly #nextUser;
  readonly #take;
  readonly #holders;
  readonly #nextDue;
  readonly #finish;
  readonly #retry;
  readonly #again;
  readonly #replace;
  readonly #release;
  readonly #active;
  readonly #recover;
  readonly #hurry;
  readonly #counts;
  readonly #countsOf;
  readonly #handOuts = new Map<string, HandOut>();

  constructor(db: DatabaseSync) {
    const stateNow = "CASE WHEN ?6 <= ?8 THEN 'ready' ELSE 'delayed' END";
    this.#add = db.prepare(
      `INSERT INTO jobs (queue, id, app, payload, state, attempt, added_at, due_at, forget_at, user, delay_ms)
       VALUES (?1, ?2, ?3, ?4, ${stateNow}, 0, ?5, ?6, ?7, ?9, ?10)
       ON CONFLICT DO UPDATE SET app = ?3, user = ?9, payload = ?4, state = ${stateNow}, attempt = 0, added_at = ?5, due_at = ?6,
         forget_at = ?7, delay_ms = ?10
       WHERE state = 'done' AND forget_at <= ?8`,
    );
    this.#forget = db.prepare(
      "DELETE FROM jobs WHERE rowid IN (SELECT rowid FROM jobs WHERE state = 'done' AND forget_at <= ? LIMIT ?)",
    );
    this.#promote = db.prepare(
      `UPDATE jobs SET state = 'ready' WHERE rowid IN (
         SELECT rowid FROM jobs WHERE queue = ? AND state = 'delayed' AND due_at <= ? ORDER BY due_at LIMIT ?)`,
    );
    const ready = "FROM jobs WHERE queue = ? AND state = 'ready'";
    this.#firstApp = db.prepare(`SELECT app ${ready} ORDER BY app LIMIT 1`);
    this.#nextApp = db.prepare(`SELECT app ${ready} AND app > ? ORDER BY app LIMIT 1`);
    this.#firstUser = db.prepare(`SELECT user ${ready} AND app = ? ORDER BY user LIMIT 1`);
    this.#nextUser = db.prepare(`SELECT user ${ready} AND app = ? AND user > ? ORDER BY user LIMIT 1`);
    this.#take = db.prepare(
      `UPDATE jobs SET state = 'active', attempt = attempt + 1 WHERE rowid = (
         SELECT rowid ${ready} AND app = ? AND user = ? ORDER BY due_at, rowid LIMIT 1)
       RETURNING id, app, user, payload, attempt, added_at`,
    );
    this.#holders = db.prepare("SELECT app, user FROM jobs WHERE queue = ? AND state = 'active'");
    this.#nextDue = db.prepare("SELECT min(due_at) AS due_at FROM jobs WHERE queue = ? AND state = 'delayed'");
    const where = "WHERE queue = ? AND id = ? AND state = 'active'";
    this.#finish = db.prepare(`UPDATE jobs SET state = 'done', payload = 'null' ${where}`);
    this.#retry = db.prepare(`UPDATE jobs SET state = 'delayed', due_at = ?, delay_ms = ? ${where}`);
    this.#again = db.prepare(`UPDATE jobs SET state = 'delayed', attempt = 0, due_at = ?, delay_ms = ? ${where}`);
    this.#replace = db.prepare(
      `UPDATE jobs SET state = 'delayed', attempt = 0, due_at = ?, delay_ms = ?, payload = ? ${where}`,
    );
    this.#release = db.prepare(`UPDATE jobs SET state = 'ready', attempt = attempt - 1 ${where}`);
    this.#active = db.prepare("SELECT id FROM jobs WHERE queue = ? AND state = 'active'");
    this.#recover = db.prepare(`UPDATE jobs SET state = 'ready' ${where}`);
    this.#hurry = db.prepare(
      `UPDATE jobs SET due_at = ?2 WHERE queue = ?1 AND state = 'delayed' AND due_at > ?2 AND due_at > ?2 + ?3 + delay_ms`,
    );
    this.#counts = db.prepare(countsWhere(''));
    // Reads every job that is not done: for an administrator who asks, not for the path of a push.
    this.#countsOf = db.prepare(countsWhere('AND app = ?3'));
  }

  add(queue: string, jobs: readonly JobRecord[], { now, rememberMs }: { now: number; rememberMs: number }): void {
    for (const { id, app, user, payload, addedAt, dueAt, delayMs } of jobs) {
      this.#add.run(queue, id, app, jsonOf(payload), addedAt, dueAt, now + rememberMs, now, user, delayMs);
    }
    // Twice as many forgotten as added, so that the memory of ids shrinks without a timer of its own.
    this.#forget.run(now, 2 * jobs.length + 10);
  }

  claim(queue: string, { now, limit, slots }: { now: number; limit: number; slots: number }): Claim {
    this.#forget.run(now, forgottenAtOnce);
    this.#promote.run(queue, now, promotedAtOnce);
    const holders = this.#holders.all(queue).map((row) => ({ app: text(row, 'app'), user: text(row, 'user') }));
    const handOut = this.#handOuts.get(queue) ?? new HandOut();
    this.#handOuts.set(queue, handOut);
    const jobs = handOut.choose(this.#due(queue), { holders, slots, limit });
    const nextDueAt = optionalNumber(this.#nextDue.get(queue) ?? { due_at: null }, 'due_at');
    return { jobs, ...(nextDueAt === undefined ? {} : { nextDueAt }) };
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

  hurry(queue: string, { now, slackMs }: { now: number; slackMs: number }): number {
    return Number(this.#hurry.run(queue, now, slackMs).changes);
  }

  counts(queue: string, now: number, app?: AppId): JobCounts {
    const row = (app === undefined ? this.#counts.get(queue, now) : this.#countsOf.get(queue, now, app)) ?? {};
    return { waiting: number(row, 'waiting'), delayed: number(row, 'delayed'), active: number(row, 'active') };
  }

  /** Goes from app to app and from user to user by the index, however many jobs each has. */
  #due(queue: string): DueJobs<ClaimedJob> {
    const userIn = (row: Row | undefined): string | undefined => (row === undefined ? undefined : text(row, 'user'));
    return {
      apps: () => {
        const apps: string[] = [];
        for (let row = this.#firstApp.get(queue); row !== undefined;) {
          const app = text(row, 'app');
          apps.push(app);
          row = this.#nextApp.get(queue, app);
        }
        return apps;
      },
      userAfter: (app, user) =>
        userIn(user === undefined ? this.#firstUser.get(queue, app) : this.#nextUser.get(queue, app, user)),
      take: (app, user) => {
        const row = this.#take.get(queue, app, user);
        return row === undefined ? undefined : toJob(row);
      },
    };
  }

  #recordOne(queue: string, outcome: JobOutcome): void {
    const { id } = outcome;
    if (outcome.state === 'done') this.#finish.run(queue, id);
    else if (outcome.state === 'retry') this.#retry.run(outcome.dueAt, outcome.delayMs, queue, id);
    else if (outcome.state === 'released') this.#release.run(queue, id);
    else if (outcome.payload === undefined) this.#again.run(outcome.dueAt, outcome.delayMs, queue, id);
    else this.#replace.run(outcome.dueAt, outcome.delayMs, jsonOf(outcome.payload.value), queue, id);
  }
}

/**
 * One statement for all apps and one for a single app: an `OR` would keep SQLite from its partial indexes.
 */
function countsWhere(more: string): string {
  const count = (state: string): string =>
    `(SELECT count(*) FROM jobs WHERE queue = ?1 AND state = '${state}' ${more})`;
  const isDue = `(SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'delayed' AND due_at <= ?2 ${more})`;
  return `SELECT ${count('ready')} + ${isDue} AS waiting, ${count('delayed')} - ${isDue} AS delayed,
    ${count('active')} AS active`;
}

function toJob(row: Row): ClaimedJob {
  return {
    id: text(row, 'id'),
    app: asAppId(text(row, 'app')),
    user: text(row, 'user'),
    payload: json(row, 'payload'),
    attempt: number(row, 'attempt'),
    addedAt: number(row, 'added_at'),
  };
}
