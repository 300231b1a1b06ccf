// The dead jobs of the embedded queue: listed, replayed, dropped. How jobs die by failing is jobs.ts.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { asAppId } from '../../../ports/app-id.ts';
import type { DeadJob, DeadSelection } from '../../../ports/queue.ts';
import { keepDeadMs } from '../../queue/embedded/job-store.ts';
import type { JobStore } from '../../queue/embedded/job-store.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, jsonOf, number, optionalNumber, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

/** Taken away in one go at the most; more are left to the next call. */
const forgottenAtOnce = 1000;

export interface SqliteDeadJobs {
  methods: Pick<Synchronous<JobStore>, 'bury' | 'dead' | 'replay' | 'drop'>;
  forget(now: number): void;
}

export function sqliteDeadJobs(db: DatabaseSync): SqliteDeadJobs {
  const bury = db.prepare(
    `INSERT INTO jobs (queue, id, app, payload, state, attempt, added_at, due_at, forget_at, error, label, died_at)
     VALUES (?1, ?2, ?3, ?4, 'dead', 0, ?5, ?6, ?7, ?8, ?9, ?5) ON CONFLICT DO NOTHING`,
  );
  const list = db.prepare(
    `SELECT rowid, id, app, payload, error, label, died_at FROM jobs
     WHERE queue = ?1 AND app = ?2 AND state = 'dead' AND rowid < ?3 AND (?4 IS NULL OR label = ?4)
     ORDER BY rowid DESC LIMIT ?5`,
  );
  const byId = "queue = ? AND app = ? AND state = 'dead' AND id = ?";
  const byLabel = `rowid IN (SELECT rowid FROM jobs WHERE queue = ? AND app = ? AND state = 'dead' AND label = ?
     ORDER BY rowid DESC LIMIT ?)`;
  const wake = "UPDATE jobs SET state = 'ready', attempt = 0, due_at = ?, error = NULL, died_at = NULL WHERE";
  const replayOne = db.prepare(`${wake} ${byId}`);
  const replayMany = db.prepare(`${wake} ${byLabel}`);
  const dropOne = db.prepare(`DELETE FROM jobs WHERE ${byId}`);
  const dropMany = db.prepare(`DELETE FROM jobs WHERE ${byLabel}`);
  const forget = db.prepare(
    "DELETE FROM jobs WHERE rowid IN (SELECT rowid FROM jobs WHERE state = 'dead' AND died_at <= ? LIMIT ?)",
  );
  const forgetOld = (now: number): void => void forget.run(now - keepDeadMs, forgottenAtOnce);

  return {
    forget: forgetOld,
    methods: {
      bury(queue, jobs, { now, rememberMs }) {
        for (const { id, app, payload, error, label, diedAt } of jobs) {
          bury.run(queue, id, app, jsonOf(payload), diedAt, now, now + rememberMs, error, label ?? null);
        }
        forgetOld(now);
      },
      dead(queue, app, { limit, before, label }) {
        const rows = list.all(queue, app, Number(before ?? Number.MAX_SAFE_INTEGER), label ?? null, limit + 1);
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        const next = rows.length > limit && last !== undefined ? { next: String(number(last, 'rowid')) } : {};
        return { jobs: page.map(toDead), ...next };
      },
      replay: (queue, app, { which, dueAt }) => run({ one: replayOne, many: replayMany }, [dueAt, queue, app], which),
      drop: (queue, app, which) => run({ one: dropOne, many: dropMany }, [queue, app], which),
    },
  };
}

function run(
  { one, many }: { one: StatementSync; many: StatementSync },
  first: readonly (string | number)[],
  which: DeadSelection,
): number {
  if ('label' in which) return Number(many.run(...first, which.label, which.limit).changes);
  return which.ids.reduce((sum, id) => sum + Number(one.run(...first, id).changes), 0);
}

function toDead(row: Row): DeadJob {
  const label = optionalText(row, 'label');
  return {
    id: text(row, 'id'),
    app: asAppId(text(row, 'app')),
    payload: json(row, 'payload'),
    error: text(row, 'error'),
    // Those of schema version 1 did not say when; and they are kept until somebody drops them.
    diedAt: optionalNumber(row, 'died_at') ?? 0,
    ...(label === undefined ? {} : { label }),
  };
}
