// Pushes that providers took, and how far fall-backs have gone. Not what is heard of them: notifications.

import type { DeviceType } from '@belfry/protocol';
import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  DeliveryEvent,
  DeliveryNames,
  DeliveryRecord,
  DeliveryStore,
  Erased,
  EraseRequest,
  KnownDelivery,
  Page,
  PageRequest,
  Reservation,
} from '../../../ports/stores/index.ts';
import { placeOf, readPlace } from '../delivery-place.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, number, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

const columns =
  'id, provider, provider_message_id, user_id, message_id, stream, seq, device_id, device_type, accepted_at, events';

export class SqliteDeliveries implements Synchronous<DeliveryStore> {
  readonly #put;
  readonly #byId;
  readonly #byName;
  readonly #addEvent;
  readonly #accepted;
  readonly #reserve;
  readonly #reserved;
  readonly #prunings;
  readonly #trim;
  readonly #erasures;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      `INSERT INTO deliveries (app, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]') ON CONFLICT (app, id)
       DO UPDATE SET provider_message_id = coalesce(excluded.provider_message_id, provider_message_id)`,
    );
    this.#byId = db.prepare(`SELECT ${columns} FROM deliveries WHERE app = ? AND id = ?`);
    this.#byName = db.prepare(
      `SELECT ${columns} FROM deliveries WHERE app = ? AND provider = ? AND provider_message_id = ?
       ORDER BY accepted_at DESC, id DESC LIMIT 1`,
    );
    this.#addEvent = db.prepare(
      `UPDATE deliveries SET events = json_insert(events, '$[#]', ?3)
       WHERE app = ?1 AND id = ?2 AND instr(events, json_quote(?3)) = 0`,
    );
    this.#accepted = db.prepare(
      `SELECT ${columns} FROM deliveries WHERE app = ? AND provider = ? AND (accepted_at, id) > (?, ?)
       AND accepted_at < ? ORDER BY accepted_at, id LIMIT ?`,
    );
    this.#reserve = db.prepare(
      `INSERT INTO reservations (app, key, user_id, owner, through, at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (app, key) DO UPDATE SET owner = excluded.owner, through = excluded.through, at = excluded.at
       WHERE through < excluded.through`,
    );
    this.#reserved = db.prepare('SELECT owner, through FROM reservations WHERE app = ? AND key = ?');
    this.#prunings = [
      ['deliveries', 'accepted_at'],
      ['reservations', 'at'],
    ].map(([table, time]) =>
      db.prepare(
        `DELETE FROM ${table} WHERE rowid IN (
           SELECT rowid FROM ${table} WHERE app = ? AND ${time} < ? ORDER BY ${time} LIMIT ?)`,
      ),
    );
    this.#trim = db.prepare(
      `DELETE FROM deliveries WHERE rowid IN (
         SELECT rowid FROM deliveries WHERE app = ?1 ORDER BY accepted_at, id
         LIMIT max(0, min(?3, (SELECT count(*) FROM deliveries WHERE app = ?1) - ?2)))`,
    );
    this.#erasures = ['deliveries', 'reservations'].map((table) =>
      db.prepare(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE app = ? AND user_id = ? LIMIT ?)`,
      ),
    );
  }

  put(app: AppId, records: readonly DeliveryRecord[]): void {
    for (const { id, provider, providerMessageId, userId, about, device, acceptedAt } of records) {
      const { messageId, stream, seq } = about;
      const of = [id, provider, providerMessageId ?? null, userId, messageId, stream, seq] as const;
      this.#put.run(app, ...of, device.id, device.deviceType, acceptedAt);
    }
  }

  find(app: AppId, { ids, of }: DeliveryNames): KnownDelivery[] {
    const rows = [
      ...ids.map((id) => this.#byId.get(app, id)),
      ...(of?.providerMessageIds ?? []).map((name) => this.#byName.get(app, of?.provider ?? '', name)),
    ];
    const found = rows.flatMap((row) => (row === undefined ? [] : toDelivery(row)));
    return [...new Map(found.map((delivery) => [delivery.id, delivery])).values()];
  }

  addEvent(app: AppId, id: string, event: DeliveryEvent): boolean {
    return this.#addEvent.run(app, id, event).changes > 0;
  }

  accepted(
    app: AppId,
    provider: string,
    { from, before, after, limit }: PageRequest & { from: number; before: number },
  ): Page<KnownDelivery> {
    const { acceptedAt, id } = readPlace(after, from);
    const rows = this.#accepted.all(app, provider, acceptedAt, id, before, limit + 1);
    const items = rows.slice(0, limit).map(toDelivery);
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
  }

  reserve(app: AppId, { key, userId, owner, through, at }: Reservation): { isMine: boolean; through: number } {
    if (this.#reserve.run(app, key, userId, owner, through, at).changes > 0) return { isMine: true, through };
    const row = this.#reserved.get(app, key) ?? {};
    return { isMine: text(row, 'owner') === owner, through: number(row, 'through') };
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    return this.#prunings.reduce((sum, prune) => sum + Number(prune.run(app, beforeMs, limit).changes), 0);
  }

  trim(app: AppId, keep: number, limit: number): number {
    return Number(this.#trim.run(app, keep, limit).changes);
  }

  erase(app: AppId, { userId, limit }: EraseRequest): Erased {
    const counts = this.#erasures.map((erase) => Number(erase.run(app, userId, limit).changes));
    const erased = counts.reduce((sum, count) => sum + count, 0);
    return { erased, ...(counts.some((count) => count === limit) ? { next: 'the rest' } : {}) };
  }
}

function toDelivery(row: Row): KnownDelivery {
  const providerMessageId = optionalText(row, 'provider_message_id');
  return {
    id: text(row, 'id'),
    provider: text(row, 'provider'),
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
    userId: text(row, 'user_id'),
    about: { messageId: text(row, 'message_id'), stream: text(row, 'stream'), seq: number(row, 'seq') },
    // This driver wrote it from a DeviceType.
    device: { id: text(row, 'device_id'), deviceType: text(row, 'device_type') as DeviceType },
    acceptedAt: number(row, 'accepted_at'),
    events: json<DeliveryEvent[]>(row, 'events'),
  };
}
