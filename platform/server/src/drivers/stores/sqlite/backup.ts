// Copies a data file while it is in use, and puts a copy in its place. Uploads and the secret, which belong to it, are the operator's.

import { constants, existsSync } from 'node:fs';
import { access, copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { firstDamage } from './damage.ts';
import { lockFile, openDatabase } from './database.ts';
import { giveDataId, raiseEpochs } from './log-life.ts';
import { StoreOpenError } from './open-error.ts';
import { PositionFile, positionFileOf } from './position-file.ts';

/** A moment of the data file, whole, in a file that is not there yet. Writers are not kept waiting. */
export async function backUp(file: string, target: string): Promise<{ bytes: number }> {
  if (await isThere(target)) throw new StoreOpenError('unreadable', target, `${target} is there already`);
  if (!existsSync(file)) throw new StoreOpenError('missing', file, `there is no data file ${file}`);
  const draft = `${target}.partial`;
  await rm(draft, { force: true });
  const db = openDatabase({ ...reading, file });
  try {
    db.prepare('VACUUM INTO ?').run(draft);
  } finally {
    db.close();
  }
  await keep(draft, target);
  return { bytes: (await stat(target)).size };
}

/**
 * Puts a backup in the place of the data file, whose own state is moved aside. All epochs are raised, so that
 * clients that know more than the backup are told of a gap. Throws `StoreOpenError`, and has changed nothing
 * then.
 */
export async function restore(file: string, backup: string): Promise<{ movedAside: readonly string[] }> {
  const lock = lockFile(file);
  try {
    const draft = `${file}.restoring`;
    await removeAll(draft);
    await copyFile(backup, draft, constants.COPYFILE_EXCL).catch((error: unknown) => {
      throw new StoreOpenError('unreadable', backup, `${backup} cannot be copied: ${String(error)}`);
    });
    try {
      prepare(draft, backup);
    } catch (error) {
      await removeAll(draft);
      throw error;
    }
    const movedAside = await moveAside(file);
    await keep(draft, file);
    raise(file);
    return { movedAside };
  } finally {
    lock.close();
  }
}

/** The same for data that was put back in another way: a snapshot of the disk, a copy of the folder. */
export function raiseInPlace(file: string): void {
  if (!existsSync(file)) throw new StoreOpenError('missing', file, `there is no data file ${file}`);
  const lock = lockFile(file);
  try {
    raise(file);
  } finally {
    lock.close();
  }
}

const reading = { readOnly: true, synchronous: 'FULL', maxPages: 0 } as const;
const writing = { ...reading, readOnly: false } as const;

/** Everything is looked at here, since nobody starts a server on what only seems to be whole. */
function prepare(draft: string, backup: string): void {
  const db = openDatabase({ ...writing, file: draft });
  try {
    const damage = firstDamage(db);
    if (damage !== undefined) throw new StoreOpenError('unreadable', backup, `${backup} is damaged: ${damage}`);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function raise(file: string): void {
  const db = openDatabase({ ...writing, file });
  try {
    raiseEpochs(db);
    giveDataId(db);
    new PositionFile(db, file).close();
  } finally {
    db.close();
  }
}

/** All that is of the state before, under one name each: what was not in the backup is not lost by restoring it. */
async function moveAside(file: string): Promise<string[]> {
  const moved: string[] = [];
  const mark = new Date().toISOString().replaceAll(/[:.]/g, '-');
  for (const path of [file, `${file}-wal`, `${file}-shm`, positionFileOf(file)]) {
    if (!(await isThere(path))) continue;
    const aside = join(dirname(file), `before-restore-${mark}-${basename(path)}`);
    await rename(path, aside);
    moved.push(aside);
  }
  return moved;
}

/** Flushed, then under its name: who finds it finds all of it. */
async function keep(draft: string, target: string): Promise<void> {
  const written = await open(draft, 'r+');
  try {
    await written.chmod(0o600);
    await written.sync();
  } finally {
    await written.close();
  }
  await rename(draft, target);
}

async function removeAll(file: string): Promise<void> {
  for (const path of [file, `${file}-wal`, `${file}-shm`]) await rm(path, { force: true });
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
