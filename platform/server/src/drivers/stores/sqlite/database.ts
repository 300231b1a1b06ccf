// Opens the data file: lock, pragmas, schema version. Not what is in it: migrations/ and one file a store.

import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { searchTexts } from '../search-texts.ts';
import { wordsOf } from './message-search.ts';
import { migrations } from './migrations/index.ts';
import { StoreOpenError } from './open-error.ts';
import { positionFileOf } from './position-file.ts';
import { number } from './row.ts';
import { busyCode, primaryCode } from './sqlite-failure.ts';
import type { OpenOptions } from './wire.ts';

/** "BLFY": marks our files among other programs' SQLite files. */
const applicationId = 0x42_4c_46_59;

/** A predecessor that is just closing gets this long to let go of the file, ms. */
const lockWaitMs = 1000;

/** Another program may look into the file and hold a lock for a moment, ms. */
const busyWaitMs = 5000;

/**
 * The right to be the only writer of `file`, held until `close` or the death of the process. It is a lock on
 * a file beside it, not on the file itself, so that other processes (`belfry token`, a backup) can read while
 * the server runs. The operating system drops it on kill -9.
 */
export function lockFile(file: string): DatabaseSync {
  const refuse = (error: unknown): never => {
    const busy = primaryCode(error) === busyCode;
    const message = busy
      ? `the data file ${file} is in use by another process`
      : `cannot lock the data file ${file}: ${messageOf(error)}`;
    throw new StoreOpenError(busy ? 'in_use' : 'unreadable', file, message);
  };
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(lockFileOf(file), { timeout: lockWaitMs });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    return refuse(error);
  }
}

/** The name of the lock file of a data file. */
export function lockFileOf(file: string): string {
  return `${file}.lock`;
}

/** What a database is opened with; without `traces` nothing beside a missing file is looked for. */
export type DatabaseOptions = Pick<OpenOptions, 'file' | 'synchronous' | 'readOnly' | 'maxPages'> &
  Partial<Pick<OpenOptions, 'traces'>>;

/**
 * Opens and migrates. Throws `StoreOpenError`. The caller holds the lock, or opens read-only. `isAlone`: the
 * lock says that nobody else has the file; where it was only just made, others may have held the one before.
 */
export function openDatabase(options: DatabaseOptions, isAlone = true): DatabaseSync {
  const { file } = options;
  let db: DatabaseSync | undefined;
  try {
    if (!options.readOnly && isMissing(file)) refuseBesideTraces(options);
    // Made here, not by SQLite, so that nobody else on the machine may read it. Only under the lock: closing
    // a descriptor of a file drops every POSIX lock this process has on it.
    if (!options.readOnly) closeSync(openSync(file, 'a', 0o600));
    db = new DatabaseSync(file, {
      readOnly: options.readOnly,
      timeout: busyWaitMs,
      enableForeignKeyConstraints: false,
      enableDoubleQuotedStringLiterals: false,
    });
    refuseForeignFile(db, file);
    if (!options.readOnly && isEmpty(db)) refuseBesideTraces(options);
    if (!isAlone) refuseWhileOpen(db, file);
    if (!options.readOnly) prepareForWriting(db, options);
    // 32 MiB of page cache: the indexes of a busy day stay in memory.
    db.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
    defineSearchTexts(db);
    migrate(db, file, options.readOnly);
    refuseMissingIndexes(db, file);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof StoreOpenError) throw error;
    throw new StoreOpenError('unreadable', file, `cannot open the data file ${file}: ${messageOf(error)}`);
  }
}

/** The value of a pragma that is a whole number. */
export function pragmaNumber(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? 0 : number(row, name);
}

function isMissing(file: string): boolean {
  return !existsSync(file) || statSync(file).size === 0;
}

function isEmpty(db: DatabaseSync): boolean {
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
  return pragmaNumber(db, 'user_version') === 0 && (tables === undefined || number(tables, 'n') === 0);
}

/** A new installation has nothing beside its data file; one that lost it has. */
function refuseBesideTraces({ file, traces }: DatabaseOptions): void {
  if (traces === undefined) return;
  const left = [...traces, positionFileOf(file), `${file}-wal`].filter(holdsSomething);
  if (left.length === 0) return;
  const message =
    `the data file ${file} is missing or empty, but ${left.join(', ')} of an earlier one ${left.length === 1 ? 'is' : 'are'} there. ` +
    `Bring it back with \`belfry restore\`, or, to begin anew, move everything out of ${dirname(file)}`;
  throw new StoreOpenError('missing', file, message);
}

/** A file with content, or a folder with a file somewhere in it. */
function holdsSomething(path: string): boolean {
  if (!existsSync(path)) return false;
  if (!statSync(path).isDirectory()) return statSync(path).size > 0;
  return readdirSync(path, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile());
}

/**
 * Leaving WAL needs the file for oneself alone, so whoever else has it open is noticed, whatever became of the
 * lock file.
 */
function refuseWhileOpen(db: DatabaseSync, file: string): void {
  try {
    db.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    if (primaryCode(error) !== busyCode) throw error;
    const message = `the data file ${file} is in use by another process, whose lock file was deleted`;
    throw new StoreOpenError('in_use', file, message);
  }
}

function refuseForeignFile(db: DatabaseSync, file: string): void {
  const version = pragmaNumber(db, 'user_version');
  if (!isEmpty(db) && pragmaNumber(db, 'application_id') !== applicationId) {
    throw new StoreOpenError('unreadable', file, `${file} is an SQLite file of another program`);
  }
  if (version > migrations.length) {
    const message = `${file} has schema version ${version}; this version of Belfry knows up to ${migrations.length}. Start the newer version again, or restore an older backup`;
    throw new StoreOpenError('newer_version', file, message);
  }
}

function prepareForWriting(db: DatabaseSync, options: DatabaseOptions): void {
  // A checkpoint every 16 MiB of log: four times SQLite's default halves the flushes of the main file under
  // load and still takes well under a second. A log that a long reader let grow is cut back to 64 MiB.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous};
    PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864`);
  if (options.maxPages > 0) db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
}

/** For the step that finds users by name, and for the statements that keep that up. */
function defineSearchTexts(db: DatabaseSync): void {
  db.function('search_texts', { deterministic: true }, (id, name) =>
    JSON.stringify(searchTexts([String(id), name === null ? undefined : String(name)])),
  );
}

function migrate(db: DatabaseSync, file: string, readOnly: boolean): void {
  const from = pragmaNumber(db, 'user_version');
  if (from === migrations.length) return;
  if (readOnly) {
    const message = `${file} has schema version ${from}, not ${migrations.length}; start the server once, it migrates`;
    throw new StoreOpenError('older_version', file, message);
  }
  // One transaction, so a kill half-way leaves the file at the version it had.
  db.function('search_words', { deterministic: true }, (app, data) =>
    wordsOf(String(app), JSON.parse(String(data)) as Record<string, unknown>),
  );
  db.exec('BEGIN IMMEDIATE');
  for (const step of migrations.slice(from)) db.exec(step);
  db.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}; COMMIT`);
}

/** Order and once-only stand on unique indexes; without one of them everything would seem to work. */
function refuseMissingIndexes(db: DatabaseSync, file: string): void {
  const present = new Set(
    db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index'")
      .all()
      .map((row) => row['name']),
  );
  const needed = new Set<string>();
  for (const [, unique, name = ''] of migrations.join('').matchAll(/(?:CREATE (UNIQUE )INDEX|DROP INDEX) (\w+)/g)) {
    if (unique === undefined) needed.delete(name);
    else needed.add(name);
  }
  const missing = [...needed].filter((name) => !present.has(name));
  if (missing.length === 0) return;
  const message = `${file} lacks the unique index ${missing.join(', ')}; restore it from a backup`;
  throw new StoreOpenError('unreadable', file, message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
