// Profiles of end users, and the texts by which they are found. Not their devices: devices.ts.

import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type { Page, PageRequest, SeenUser, UserDetails, UserProfile, UserStore } from '../../../ports/stores/index.ts';
import { foldText } from '../search-texts.ts';
import type { Synchronous } from '../synchronous.ts';
import { foundPlaceOf, isListed, readFoundPlace } from '../user-list.ts';
import { jsonOrNull, number, optionalJson, optionalNumber, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

const columns = 'user_id, name, avatar, roles, last_seen_at, signed_out_at, details, version';

/** As `isListed`. */
const listed = `(users.signed_out_at IS NULL OR coalesce(name, avatar, roles, last_seen_at, details) IS NOT NULL)`;

/** After every text that begins as the one before it. */
const lastLetter = '\u{10FFFF}';

export class SqliteUsers implements Synchronous<UserStore> {
  readonly #select;
  readonly #merge;
  readonly #insertDetails;
  readonly #updateDetails;
  readonly #list;
  readonly #find;
  readonly #count;
  readonly #countFound;
  readonly #clear;
  readonly #remove;
  readonly #dropTexts;
  readonly #addTexts;

  constructor(db: DatabaseSync) {
    this.#select = db.prepare(`SELECT ${columns} FROM users WHERE app = ? AND user_id = ?`);
    // max() of anything and NULL is NULL, hence the -1s below which nullif takes back.
    this.#merge = db.prepare(
      `INSERT INTO users (app, user_id, name, avatar, roles, last_seen_at, signed_out_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET name = coalesce(excluded.name, name), avatar = coalesce(excluded.avatar, avatar),
         roles = coalesce(excluded.roles, roles),
         last_seen_at = nullif(max(coalesce(last_seen_at, -1), coalesce(excluded.last_seen_at, -1)), -1),
         signed_out_at = nullif(max(coalesce(signed_out_at, -1), coalesce(excluded.signed_out_at, -1)), -1)`,
    );
    this.#insertDetails = db.prepare('INSERT INTO users (app, user_id, details, version) VALUES (?, ?, ?, 1)');
    this.#updateDetails = db.prepare('UPDATE users SET details = ?, version = ? WHERE app = ? AND user_id = ?');
    this.#list = db.prepare(
      `SELECT ${columns} FROM users WHERE app = ? AND user_id > ? AND ${listed} ORDER BY user_id LIMIT ?`,
    );
    // Who has several words that fit is found by the first of them.
    this.#find = db.prepare(
      `SELECT found.text AS text, ${columns} FROM user_texts AS found
       JOIN users USING (app, user_id)
       WHERE app = $app AND (text, user_id) > ($text, $user) AND text < $end
       AND ${listed} AND NOT EXISTS (SELECT 1 FROM user_texts AS other WHERE other.app = $app AND other.user_id = found.user_id
         AND other.text >= $q AND other.text < found.text)
       ORDER BY text, user_id LIMIT $limit`,
    );
    this.#count = db.prepare(`SELECT count(*) AS count FROM (SELECT 1 FROM users WHERE app = ? AND ${listed} LIMIT ?)`);
    this.#countFound = db.prepare(
      `SELECT count(*) AS count FROM (SELECT DISTINCT found.user_id FROM user_texts AS found JOIN users USING (app, user_id)
       WHERE app = $app AND text >= $q AND text < $end AND ${listed} LIMIT $most)`,
    );
    this.#clear = db.prepare(
      `UPDATE users SET name = NULL, avatar = NULL, roles = NULL, last_seen_at = NULL, details = NULL, version = 0
       WHERE app = ? AND user_id = ?`,
    );
    this.#remove = db.prepare('DELETE FROM users WHERE app = ? AND user_id = ?');
    this.#dropTexts = db.prepare('DELETE FROM user_texts WHERE app = ? AND user_id = ?');
    this.#addTexts = db.prepare(
      `INSERT INTO user_texts (app, text, user_id)
       SELECT ?1, value, ?2 FROM json_each(search_texts(?2, ?3)) WHERE true ON CONFLICT DO NOTHING`,
    );
  }

  get(app: AppId, userIds: readonly string[]): Map<string, UserProfile> {
    return new Map(
      userIds.flatMap((userId) => {
        const found = this.#one(app, userId);
        return found === undefined ? [] : [[userId, found] as const];
      }),
    );
  }

  merge(app: AppId, seen: readonly SeenUser[]): void {
    for (const { userId, name, avatar, roles, lastSeenAt, signedOutAt } of seen) {
      const before = this.#one(app, userId);
      this.#merge.run(
        ...[app, userId, name ?? null, avatar ?? null, jsonOrNull(roles)],
        ...[lastSeenAt ?? null, signedOutAt ?? null],
      );
      // Most have been here before, under the same name; of who is new there is nothing to take away.
      if (before === undefined) this.#addTexts.run(app, userId, name ?? null);
      else if (!isListed(before) || (name !== undefined && name !== before.name)) this.#keepTexts(app, userId, before);
    }
  }

  putDetails(app: AppId, userId: string, { details, ifVersion }: { details: UserDetails; ifVersion: number }): boolean {
    const row = this.#select.get(app, userId);
    if ((row === undefined ? 0 : number(row, 'version')) !== ifVersion) return false;
    if (row === undefined) this.#insertDetails.run(app, userId, JSON.stringify(details));
    else this.#updateDetails.run(JSON.stringify(details), ifVersion + 1, app, userId);
    this.#keepTexts(app, userId, row === undefined ? undefined : toProfile(row));
    return true;
  }

  list(app: AppId, { q = '', after, limit }: PageRequest & { q?: string | undefined }): Page<UserProfile> {
    const folded = foldText(q);
    if (folded !== '') return this.#search(app, folded, { after, limit });
    const rows = this.#list.all(app, after ?? '', limit + 1);
    const items = rows.slice(0, limit).map(toProfile);
    return { items, ...nextOf(rows.length > limit, items.at(-1)?.userId) };
  }

  count(app: AppId, { q = '', most }: { q?: string | undefined; most: number }): number {
    const folded = foldText(q);
    const row =
      folded === ''
        ? this.#count.get(app, most)
        : this.#countFound.get({ app, q: folded, end: folded + lastLetter, most });
    return row === undefined ? 0 : number(row, 'count');
  }

  remove(app: AppId, userId: string, { keepSignOut }: { keepSignOut: boolean }): boolean {
    const before = this.#one(app, userId);
    if (before === undefined) return false;
    if (keepSignOut && before.signedOutAt !== undefined) this.#clear.run(app, userId);
    else this.#remove.run(app, userId);
    this.#dropTexts.run(app, userId);
    return true;
  }

  #search(app: AppId, q: string, { after, limit }: PageRequest): Page<UserProfile> {
    const place = readFoundPlace(after);
    const from = after === undefined ? { text: q, user: '' } : { text: place.text, user: place.userId };
    const rows = this.#find.all({ app, q, end: q + lastLetter, ...from, limit: limit + 1 });
    const last = rows.slice(0, limit).at(-1);
    const next = last && foundPlaceOf({ text: text(last, 'text'), userId: text(last, 'user_id') });
    return { items: rows.slice(0, limit).map(toProfile), ...nextOf(rows.length > limit, next) };
  }

  #one(app: AppId, userId: string): UserProfile | undefined {
    const row = this.#select.get(app, userId);
    return row === undefined ? undefined : toProfile(row);
  }

  /** A user's name hardly ever changes, what else is known of them with each visit. */
  #keepTexts(app: AppId, userId: string, before: UserProfile | undefined): void {
    const now = this.#one(app, userId);
    if (now === undefined || (before !== undefined && isListed(before) && before.name === now.name)) return;
    this.#dropTexts.run(app, userId);
    this.#addTexts.run(app, userId, now.name ?? null);
  }
}

function nextOf(isMore: boolean, next: string | undefined): { next?: string } {
  return isMore && next !== undefined ? { next } : {};
}

function toProfile(row: Row): UserProfile {
  const version = number(row, 'version');
  const details = optionalJson<UserDetails>(row, 'details');
  const profile: UserProfile = { userId: text(row, 'user_id') };
  const name = details?.name ?? optionalText(row, 'name');
  if (name !== undefined) profile.name = name;
  const avatar = details?.avatar ?? optionalText(row, 'avatar');
  if (avatar !== undefined) profile.avatar = avatar;
  const roles = optionalJson<string[]>(row, 'roles');
  if (roles !== undefined) profile.roles = roles;
  const lastSeenAt = optionalNumber(row, 'last_seen_at');
  if (lastSeenAt !== undefined) profile.lastSeenAt = lastSeenAt;
  const signedOutAt = optionalNumber(row, 'signed_out_at');
  if (signedOutAt !== undefined) profile.signedOutAt = signedOutAt;
  if (details !== undefined) profile.details = { ...details, version };
  return profile;
}
