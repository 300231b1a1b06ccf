// Events of webhooks that leave, kept to be sent, shown and sent again. Not when: outbound/.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest } from '../../../ports/stores/erasing.ts';
import {
  mostAttemptsKept,
  type OverdueWebhook,
  type WebhookAttempt,
  type WebhookEnding,
  type WebhookEventRecord,
  type WebhookEventState,
  type WebhookEventStore,
  type WebhookRelayStore,
} from '../../../ports/stores/outbound.ts';
import { saysUser } from '../erase-user.ts';
import type { Synchronous } from '../synchronous.ts';
import { contentOfEvent, withAttempt } from '../webhook-ending.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, number, optionalNumber, optionalText, text, type Row } from './row.ts';

const shown = 'webhook_id, id, place, type, created_at, batch, lane, state, due_at, ended_at, tries, attempts';

export class SqliteWebhookEvents implements Synchronous<WebhookEventStore> {
  readonly #db: DatabaseSync;
  readonly #statements;
  readonly #scan;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = statementsOf(db);
    this.#scan = erasingScan(db, {
      table: 'webhook_events',
      order: [
        ['created_at', 0],
        ['place', ''],
      ],
      columns: ['rowid', 'attempts', 'payload'],
      // An answer may spell the id in any way.
      hits: `instr(payload, $within) > 0 OR instr(attempts, '"answer"') > 0 OR instr(attempts, '"error"') > 0`,
    });
  }

  add(app: AppId, events: readonly WebhookEventRecord[]): void {
    for (const event of events) {
      const { webhookId, id, place, type, createdAt, batch, lane, state, dueAt, endedAt } = event;
      const { tries, attempts, payload } = event;
      this.#statements.add.run(
        ...[app, webhookId, id, place, type, createdAt, batch ?? null, lane ?? null, state],
        ...[dueAt ?? null, endedAt ?? null, tries, JSON.stringify(attempts), payload ?? ''],
      );
    }
  }

  get(app: AppId, webhookId: string, id: string): WebhookEventRecord | undefined {
    const row = this.#statements.get.get(app, webhookId, id);
    return row === undefined ? undefined : toEvent(row);
  }

  list(
    app: AppId,
    webhookId: string,
    {
      before,
      state,
      type,
      fromMs = 0,
      toMs = Number.MAX_SAFE_INTEGER,
      limit,
    }: Parameters<WebhookEventStore['list']>[2],
  ): WebhookEventRecord[] {
    return this.#db
      .prepare(
        `SELECT ${shown} FROM webhook_events WHERE app = ? AND webhook_id = ?
         ${state === undefined ? '' : 'AND state = ?'} ${before === undefined ? '' : 'AND place < ?'}
         ${type === undefined ? '' : 'AND type = ?'} AND created_at >= ? AND created_at < ?
         ORDER BY place DESC LIMIT ?`,
      )
      .all(
        ...[app, webhookId, ...(state === undefined ? [] : [state]), ...(before === undefined ? [] : [before])],
        ...[...(type === undefined ? [] : [type]), fromMs, toMs, limit],
      )
      .map(toEvent);
  }

  gather(app: AppId, webhookId: string, { batch, limit }: { batch: string; limit: number }): number {
    return Number(this.#statements.gather.run(batch, app, webhookId, limit).changes);
  }

  take(
    app: AppId,
    webhookId: string,
    { batch, nowMs, untilMs }: { batch: string; nowMs: number; untilMs: number },
  ): { events: readonly WebhookEventRecord[]; dueAt?: number } {
    const events = this.#statements.ofBatch.all(app, webhookId, batch).map(toEvent);
    const [first] = events;
    if (first?.dueAt === undefined) return { events: [] };
    if (first.dueAt > nowMs) return { events: [], dueAt: first.dueAt };
    this.#statements.lease.run(untilMs, app, webhookId, batch);
    return { events: events.map((event) => ({ ...event, dueAt: untilMs })) };
  }

  finish(app: AppId, webhookId: string, { batch, ...ending }: WebhookEnding & { batch: string }): void {
    for (const row of this.#statements.attemptsOf.all(app, webhookId, batch)) this.#end(row, ending);
  }

  first(app: AppId, webhookId: string, lane: string): { batch?: string } | undefined {
    const row = this.#statements.first.get(app, webhookId, lane);
    if (row === undefined) return undefined;
    const batch = optionalText(row, 'batch');
    return batch === undefined ? {} : { batch };
  }

  reopen(app: AppId, webhookId: string, { ids, nowMs }: { ids: readonly string[]; nowMs: number }): number {
    const changed = ids.map((id) => Number(this.#statements.reopen.run(nowMs, app, webhookId, id).changes));
    return changed.reduce((sum, each) => sum + each, 0);
  }

  wake(app: AppId, webhookId: string, { nowMs, limit }: { nowMs: number; limit: number }): number {
    return Number(this.#statements.wake.run(nowMs, app, webhookId, nowMs, limit).changes);
  }

  giveUp(app: AppId, webhookId: string, { nowMs, limit }: { nowMs: number; limit: number }): number {
    return Number(this.#statements.giveUp.run(nowMs, app, webhookId, limit).changes);
  }

  counts(app: AppId, webhookId: string): Partial<Record<WebhookEventState, number>> {
    return Object.fromEntries(
      this.#statements.counts.all(app, webhookId).map((row) => [text(row, 'state'), number(row, 'n')]),
    );
  }

  removeOf(app: AppId, webhookId: string, limit: number): number {
    return Number(this.#statements.removeOf.run(app, webhookId, limit).changes);
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    return Number(this.#statements.prune.run(app, beforeMs, limit).changes);
  }

  trim(app: AppId, keep: number, limit: number): number {
    return Number(this.#statements.trim.run(app, keep, limit).changes);
  }

  erase(app: AppId, request: EraseRequest): Erased {
    return this.#scan.erase(app, request, (row) => {
      const content = contentOfEvent({ payload: text(row, 'payload'), attempts: json(row, 'attempts') });
      const says = content.some((each) => saysUser(each, request.userId));
      return says && this.#statements.remove.run(number(row, 'rowid')).changes > 0;
    });
  }

  #end(row: Row, { state, dueAt, endedAt, attempt }: WebhookEnding): void {
    const attempts = withAttempt(json<WebhookAttempt[]>(row, 'attempts'), attempt, mostAttemptsKept);
    const tried = attempt === undefined ? 0 : 1;
    const values = [state, dueAt ?? null, endedAt ?? null, tried, JSON.stringify(attempts)];
    this.#statements.end.run(...values, number(row, 'rowid'));
  }
}

export function sqliteWebhookRelay(db: DatabaseSync): Synchronous<WebhookRelayStore> {
  const overdue = db.prepare(
    `SELECT app, webhook_id, batch, min(due_at) AS due_at FROM webhook_events
     WHERE state = 'waiting' AND due_at < ? GROUP BY app, webhook_id, batch ORDER BY min(due_at) LIMIT ?`,
  );
  return {
    overdue: (beforeMs, limit) =>
      overdue.all(beforeMs, limit).map((row): OverdueWebhook => {
        const batch = optionalText(row, 'batch');
        const named = { app: asAppId(text(row, 'app')), webhookId: text(row, 'webhook_id') };
        return { ...named, ...(batch === undefined ? {} : { batch }), dueAt: number(row, 'due_at') };
      }),
  };
}

function statementsOf(db: DatabaseSync) {
  const of = "app = ? AND webhook_id = ? AND state = 'waiting'";
  const rows = (where: string): string => `rowid IN (SELECT rowid FROM webhook_events WHERE ${where})`;
  return {
    add: db.prepare(
      `INSERT INTO webhook_events (app, ${shown}, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    get: db.prepare(`SELECT ${shown}, payload FROM webhook_events WHERE app = ? AND webhook_id = ? AND id = ?`),
    gather: db.prepare(
      `UPDATE webhook_events SET batch = ? WHERE ${rows(`${of} AND batch IS NULL ORDER BY place LIMIT ?`)}`,
    ),
    ofBatch: db.prepare(`SELECT ${shown}, payload FROM webhook_events WHERE ${of} AND batch = ? ORDER BY place`),
    lease: db.prepare(`UPDATE webhook_events SET due_at = ? WHERE ${of} AND batch = ?`),
    attemptsOf: db.prepare(`SELECT rowid, attempts FROM webhook_events WHERE ${of} AND batch = ?`),
    end: db.prepare(
      'UPDATE webhook_events SET state = ?, due_at = ?, ended_at = ?, tries = tries + ?, attempts = ? WHERE rowid = ?',
    ),
    first: db.prepare(`SELECT batch FROM webhook_events WHERE ${of} AND lane = ? ORDER BY place LIMIT 1`),
    reopen: db.prepare(
      `UPDATE webhook_events SET state = 'waiting', due_at = ?, ended_at = NULL, tries = 0
       WHERE app = ? AND webhook_id = ? AND id = ? AND state <> 'waiting'`,
    ),
    wake: db.prepare(
      `UPDATE webhook_events SET due_at = ? WHERE ${rows(`${of} AND due_at > ? ORDER BY place LIMIT ?`)}`,
    ),
    giveUp: db.prepare(
      `UPDATE webhook_events SET state = 'failed', due_at = NULL, ended_at = ? WHERE ${rows(`${of} ORDER BY place LIMIT ?`)}`,
    ),
    counts: db.prepare(
      'SELECT state, count(*) AS n FROM webhook_events WHERE app = ? AND webhook_id = ? GROUP BY state',
    ),
    remove: db.prepare('DELETE FROM webhook_events WHERE rowid = ?'),
    removeOf: db.prepare(`DELETE FROM webhook_events WHERE ${rows('app = ? AND webhook_id = ? LIMIT ?')}`),
    prune: db.prepare(
      `DELETE FROM webhook_events WHERE ${rows('app = ? AND created_at < ? ORDER BY created_at LIMIT ?')}`,
    ),
    trim: db.prepare(
      `DELETE FROM webhook_events WHERE ${rows(
        `app = ?1 ORDER BY created_at, place
         LIMIT max(0, min(?3, (SELECT count(*) FROM webhook_events WHERE app = ?1) - ?2))`,
      )}`,
    ),
  };
}

function toEvent(row: Row): WebhookEventRecord {
  const batch = optionalText(row, 'batch');
  const lane = optionalText(row, 'lane');
  const dueAt = optionalNumber(row, 'due_at');
  const endedAt = optionalNumber(row, 'ended_at');
  return {
    ...{ id: text(row, 'id'), webhookId: text(row, 'webhook_id'), place: text(row, 'place'), type: text(row, 'type') },
    createdAt: number(row, 'created_at'),
    ...(batch === undefined ? {} : { batch }),
    ...(lane === undefined ? {} : { lane }),
    state: text(row, 'state') as WebhookEventState,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    tries: number(row, 'tries'),
    attempts: json<WebhookAttempt[]>(row, 'attempts'),
    ...('payload' in row ? { payload: text(row, 'payload') } : {}),
  };
}
