// The jobs of the embedded queue. Not who works on them, nor when: queue/embedded.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId } from '../../../ports/app-id.ts';
import type { ClaimedJob, JobOutcome, JobStore } from '../../queue/embedded/job-store.ts';
import type { Synchronous } from '../synchronous.ts';
import { sqliteDeadJobs } from './dead-jobs.ts';
import { json, jsonOf, number, optionalNumber, text } from './row.ts';
import type { Row } from './row.ts';

export function sqliteJobs(db: DatabaseSync): Synchronous<JobStore> {
  const add = db.prepare(
    `INSERT INTO jobs (queue, id, app, payload, state, attempt, added_at, due_at, forget_at)
     VALUES (?1, ?2, ?3, ?4, 'ready', 0, ?5, ?6, ?7)
     ON CONFLICT DO UPDATE SET app = ?3, payload = ?4, state = 'ready', attempt = 0, added_at = ?5, due_at = ?6, forget_at = ?7, error = NULL
     WHERE state IN ('done', 'dead') AND forget_at <= ?8`,
  );
  const forget = db.prepare(
    "DELETE FROM jobs WHERE rowid IN (SELECT rowid FROM jobs WHERE state = 'done' AND forget_at <= ? LIMIT ?)",
  );
  const claim = db.prepare(
    `UPDATE jobs SET state = 'active', attempt = attempt + 1 WHERE rowid IN (
       SELECT rowid FROM jobs WHERE queue = ? AND state = 'ready' AND due_at <= ? ORDER BY due_at, rowid LIMIT ?)
     RETURNING rowid, id, app, payload, attempt, added_at, due_at`,
  );
  const nextDue = db.prepare("SELECT min(due_at) AS due_at FROM jobs WHERE queue = ? AND state = 'ready'");
  const where = "WHERE queue = ? AND id = ? AND state = 'active'";
  const finish = db.prepare(`UPDATE jobs SET state = 'done', payload = 'null' ${where}`);
  const retry = db.prepare(`UPDATE jobs SET state = 'ready', due_at = ? ${where}`);
  const again = db.prepare(`UPDATE jobs SET state = 'ready', attempt = 0, due_at = ? ${where}`);
  const replace = db.prepare(`UPDATE jobs SET state = 'ready', attempt = 0, due_at = ?, payload = ? ${where}`);
  const release = db.prepare(`UPDATE jobs SET state = 'ready', attempt = attempt - 1 ${where}`);
  const die = db.prepare(`UPDATE jobs SET state = 'dead', error = ?, died_at = ? ${where}`);
  const active = db.prepare("SELECT id FROM jobs WHERE queue = ? AND state = 'active'");
  const recover = db.prepare(`UPDATE jobs SET state = 'ready' ${where}`);
  const counts = db.prepare(
    `SELECT (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'ready' AND due_at <= ?2) AS waiting,
            (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'ready' AND due_at > ?2) AS delayed,
            (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'active') AS active,
            (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'dead') AS dead`,
  );
  // Reads every job that is not done: for an administrator who asks, not for the path of a push.
  const countsOf = db.prepare(
    `SELECT (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'ready' AND due_at <= ?2 AND app = ?3) AS waiting,
            (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'ready' AND due_at > ?2 AND app = ?3) AS delayed,
            (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'active' AND app = ?3) AS active,
            (SELECT count(*) FROM jobs WHERE queue = ?1 AND state = 'dead' AND app = ?3) AS dead`,
  );
  const deadJobs = sqliteDeadJobs(db);

  const settleOne = (queue: string, outcome: JobOutcome): void => {
    const { id } = outcome;
    if (outcome.state === 'done') finish.run(queue, id);
    else if (outcome.state === 'retry') retry.run(outcome.dueAt, queue, id);
    else if (outcome.state === 'released') release.run(queue, id);
    else if (outcome.state === 'dead') die.run(outcome.error, outcome.at, queue, id);
    else if (outcome.payload === undefined) again.run(outcome.dueAt, queue, id);
    else replace.run(outcome.dueAt, jsonOf(outcome.payload.value), queue, id);
  };
  return {
    add(queue, jobs, { now, rememberMs }) {
      for (const { id, app, payload, addedAt, dueAt } of jobs) {
        add.run(queue, id, app, jsonOf(payload), addedAt, dueAt, now + rememberMs, now);
      }
      // Twice as many forgotten as added, so that the memory of ids shrinks without a timer of its own.
      forget.run(now, 2 * jobs.length + 10);
      deadJobs.forget(now);
    },
    claim(queue, { now, limit }) {
      const rows = claim.all(queue, now, limit);
      rows.sort((a, b) => number(a, 'due_at') - number(b, 'due_at') || number(a, 'rowid') - number(b, 'rowid'));
      const nextDueAt = optionalNumber(nextDue.get(queue) ?? { due_at: null }, 'due_at');
      return { jobs: rows.map(toJob), ...(nextDueAt === undefined ? {} : { nextDueAt }) };
    },
    settle(queue, outcomes) {
      for (const outcome of outcomes) settleOne(queue, outcome);
    },
    recover(queue, running) {
      const here = new Set(running);
      const left = active.all(queue).filter((row) => !here.has(text(row, 'id')));
      for (const row of left) recover.run(queue, text(row, 'id'));
      return left.length;
    },
    counts(queue, now, app) {
      const row = (app === undefined ? counts.get(queue, now) : countsOf.get(queue, now, app)) ?? {};
      return {
        waiting: number(row, 'waiting'),
        delayed: number(row, 'delayed'),
        active: number(row, 'active'),
        dead: number(row, 'dead'),
      };
    },
    ...deadJobs.methods,
  };
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
