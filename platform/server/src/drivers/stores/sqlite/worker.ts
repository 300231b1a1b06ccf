// The thread that holds the database: takes batches, answers them, opens the file again after it failed. Not
// the stores: one file each.

import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createBatchRunner } from './batch.ts';
import type { BatchOutcome } from './batch.ts';
import { openDatabase } from './database.ts';
import { LockWatch } from './lock-watch.ts';
import { giveDataId, raiseEpochs } from './log-life.ts';
import { PositionFile, whyAnother } from './position-file.ts';
import { fullCode, primaryCode } from './sqlite-failure.ts';
import { createStoreSet } from './store-set.ts';
import { StoreOpenError } from './open-error.ts';
import type { Call, OpenOptions, Reply, Request } from './wire.ts';

/**
 * The size of what a probe writes and takes away again, bytes: more than a message, so that a disk with room
 * for nothing useful does not pass.
 */
const probeBytes = 128 * 1024;

interface OpenFile {
  db: DatabaseSync;
  /** Undefined where it is only read. */
  position: PositionFile | undefined;
  run(calls: readonly Call[]): BatchOutcome;
}

// Given by thread.ts, typed there.
const options = workerData as OpenOptions;
const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only');

let lock: LockWatch | undefined;
let watching: NodeJS.Timeout | undefined;
/** Why nothing may be written any more: another process may have the data file. */
let taken: string | undefined;
let file: OpenFile | undefined;
const reply = (message: Reply): void => port.postMessage(message);

try {
  if (!options.readOnly) lock = new LockWatch(options.file);
  const { opened, another } = begin(lock?.wasThere ?? true);
  file = opened;
  port.on('message', (request: Request) => {
    if (request.type === 'batch') reply({ type: 'batch', ...runBatch(request.calls) });
    else if (request.type === 'probe') reply(probe());
    else shut();
  });
  if (!options.readOnly) watching = setInterval(lookAtLock, options.lockEveryMs);
  reply({ type: 'opened', another });
} catch (error) {
  lock?.close();
  if (!(error instanceof StoreOpenError)) throw error;
  reply({ type: 'refused', reason: error.reason, message: error.message });
}

/** What a thread begins with. */
function begin(isAlone: boolean): { opened: OpenFile; another?: string | undefined } {
  const db = openDatabase(options, isAlone);
  if (options.readOnly) return { opened: serve(db, undefined) };
  const another = whyAnother(db, options.file);
  if (another !== undefined && !options.isFirst) throw cameBack(db, another);
  if (another !== undefined) raiseEpochs(db);
  giveDataId(db);
  return { opened: serve(db, new PositionFile(db, options.file)), another };
}

/** Opens it again after it failed. Everybody counts on what was in it, so that another one is not taken. */
function reopen(): OpenFile {
  const db = openDatabase(options);
  const another = options.readOnly ? undefined : whyAnother(db, options.file);
  if (another !== undefined) throw cameBack(db, another);
  return serve(db, options.readOnly ? undefined : new PositionFile(db, options.file));
}

function cameBack(db: DatabaseSync, another: string): StoreOpenError {
  db.close();
  const message = `${options.file} came back, but ${another}: start the server again`;
  return new StoreOpenError('unreadable', options.file, message);
}

function serve(db: DatabaseSync, position: PositionFile | undefined): OpenFile {
  let commits = 0;
  let batches = 0;
  const run = createBatchRunner(
    db,
    createStoreSet(db, () => ({ commits, batches })),
  );
  return {
    db,
    position,
    run(calls) {
      batches += 1;
      const outcome = run(calls);
      if (outcome.storage !== 'wrote') return outcome;
      commits += 1;
      // Before anybody is told: what was answered is known beside the data file too.
      position?.update();
      return outcome;
    },
  };
}

function lookAtLock(): void {
  const news = lock?.look();
  if (news === undefined) return;
  if (news.state === 'taken') {
    taken = news.message;
    clearInterval(watching);
    closeFile();
  }
  reply({ type: 'lock', ...news });
}

function runBatch(calls: readonly Call[]): BatchOutcome {
  if (file !== undefined) return file.run(calls);
  const message = taken ?? 'the data file is not open';
  return { results: calls.map(() => ({ ok: false, cause: 'unavailable', message })), storage: 'failed' };
}

/**
 * Whether the disk takes writes again. A file that still fails is closed, and opened by the next probe: its
 * descriptors may be of a disk that is gone. But not one that is only full: deleting needs it open, and may
 * be what makes room.
 */
function probe(): Reply {
  if (taken !== undefined) return { type: 'probed', ok: false, message: taken };
  try {
    file ??= reopen();
    file.db.prepare('INSERT INTO probe (content) VALUES (zeroblob(?))').run(probeBytes);
    file.db.exec('DELETE FROM probe');
    return { type: 'probed', ok: true };
  } catch (error) {
    if (primaryCode(error) !== fullCode) closeFile();
    return { type: 'probed', ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function closeFile(): void {
  try {
    file?.position?.close();
    file?.db.close();
  } catch {
    // A close that fails leaves nothing to be done: what was committed is in the log on disk.
  }
  file = undefined;
}

function shut(): void {
  clearInterval(watching);
  closeFile();
  lock?.close();
  reply({ type: 'closed' });
  port?.close();
}
