// The archive knows every table of the data file and every collection of MongoDB, column by column and field
// by field: a store that is added, or grows, and is forgotten there would be left behind by a move.

import { describe, expect, test } from 'vitest';
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { archived, type ArchivedCollection, type ArchiveName } from '../../ports/archive.ts';
import { collectionNameOf } from './mongo/archive/mongo-archive.ts';
import { spellings as mongoSpellings } from './mongo/archive/spellings.ts';
import { declarations } from './mongo/create-mongo-stores.ts';
import { columnsOf, snakeCase } from './sqlite/archive/table-part.ts';
import { spellings as sqliteSpellings } from './sqlite/archive/sqlite-archive.ts';
import { openDatabase } from './sqlite/database.ts';

const names = Object.keys(archived) as ArchiveName[];

/** Columns that no field of the archive is, by table, with why. */
const notOfTables = new Map([
  ['jobs', 'the queue has them: they do not move'],
  ['probe', 'a file of the disk that is tried'],
  ['user_texts', 'made of users'],
  ['messages.rowid', 'the order of arrival'],
  ['console_sessions', 'whoever is signed in signs in again'],
  ['team_accounts', 'made of teams'],
  // The parts of these have the names in code.
  ['page_versions', 'pages'],
  ['streams', 'conversations: the epochs'],
  ['participants', 'conversations'],
  ...['app', 'id', 'title', 'metadata', 'epoch', 'version', 'created_at', 'active_at'].map(
    (column): [string, string] => [`conversations.${column}`, 'conversations'],
  ),
  ...['app', 'message_id', 'stream', 'from_seq', 'to_seq', 'type', 'at', 'body'].map((column): [string, string] => [
    `journeys.${column}`,
    'journeys',
  ]),
]);

/** Fields of documents that no field of the archive is, with why. */
const notOfDocuments = new Map([
  ['user_texts', 'made of users'],
  ['console_sessions', 'whoever is signed in signs in again'],
  ['page_changes', 'in the pages, once a node has read them'],
  ['teams.accounts', 'made of its members'],
  ...['users.revision', 'users.isListed'].map((field): [string, string] => [field, 'made when it is written']),
  ...['apps', 'api_keys', 'kinds', 'providers', 'hooks', 'webhooks', 'preferences', 'pages', 'accounts', 'teams'].map(
    (name): [string, string] => [`${name}.putId`, 'of a put that may be repeated'],
  ),
  ...['version', 'removed', 'updatedAt', 'policy'].map((field): [string, string] => [
    `pages.${field}`,
    'of the newest version',
  ]),
  ...['changedAt', 'exception', 'terms', 'pinned', 'countedFor'].map((field): [string, string] => [
    `messages.${field}`,
    'made of the message',
  ]),
  ['messages.taker', 'of a take that is over'],
  ['messages.owesCount', 'the counts move as they are'],
  ['messages.epoch', 'what is left of an earlier life of the log is not read'],
  ['cursors.claims', 'the newest: claimId and claimFrom'],
  ['uploads.touchId', 'of a write that is over'],
  ['uploads.doubtSince', 'decided when it is read'],
  ...['beginId', 'sweepAt'].map((field): [string, string] => [`idempotency.${field}`, 'made when it is written']),
  ['conversations.removedAt', 'isRemoved'],
  ['conversations.isUnswept', 'what is left is not read'],
  ...['oldestAt', 'rows', 'version'].map((field): [string, string] => [`journeys.${field}`, 'of the rows']),
]);

describe('no record is left behind by a move', () => {
  test('every column of every table of the data file is in the archive, or is named here', () => {
    const folder = createTemporaryFolder();
    const db = openDatabase({ file: `${folder.path}/belfry.db`, readOnly: false, synchronous: 'NORMAL', maxPages: 0 });
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !name.startsWith('searchable_words'));
    const columns = tables.flatMap((table) =>
      db
        .prepare(`PRAGMA table_info(${table})`)
        .all()
        .map(({ name }) => `${table}.${String(name)}`),
    );
    db.close();
    folder.remove();
    const known = new Set(
      names.flatMap((name) =>
        columnsOf(archived[name], sqliteSpellings[name]).map((each) => `${snakeCase(name)}.${each}`),
      ),
    );
    const forgotten = columns.filter(
      (column) =>
        !known.has(column) && !notOfTables.has(column) && !notOfTables.has(column.slice(0, column.indexOf('.'))),
    );
    expect(forgotten).toEqual([]);
    // Nothing is named that is not there any more.
    for (const named of notOfTables.keys()) expect([...tables, ...columns]).toContain(named);
  });

  test('every field of every collection of MongoDB is in the archive, or is named here', () => {
    const fields = declarations.flatMap(({ name, schema }) =>
      Object.keys(schema.paths)
        .filter((path) => path !== '_id')
        .map((path) => `${name}.${path}`),
    );
    const known = new Set(
      names.flatMap((name) => {
        const { fields: own }: ArchivedCollection = archived[name];
        const spelled = mongoSpellings[name]?.names;
        return Object.keys(own).map((field) => `${collectionNameOf(name)}.${spelled?.get(field) ?? field}`);
      }),
    );
    const forgotten = fields.filter(
      (field) =>
        !known.has(field) && !notOfDocuments.has(field) && !notOfDocuments.has(field.slice(0, field.indexOf('.'))),
    );
    expect(forgotten).toEqual([]);
    for (const named of notOfDocuments.keys()) {
      expect([...declarations.map(({ name }) => name), ...fields]).toContain(named);
    }
  });

  test('a group of records that are compared comes first in the order in which it is read', () => {
    for (const name of names) {
      const { key, group }: ArchivedCollection = archived[name];
      if (key !== undefined) expect(key.slice(0, group.length), name).toEqual(group);
    }
  });
});
