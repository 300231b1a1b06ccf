// The thread that holds the database: takes batches, answers them, opens the file again after it failed. Not
// the stores: one file each.

import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createBatchRunner } from './batch.ts';
import type { BatchOutcome } from './batch.ts';
import { lockFile, openDatabase } from './database.ts';
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
  run(calls: readonly Call[]): BatchOutcome;
}

// Given by thread.ts, typed there.
const options = workerData as OpenOptions;
const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only');

let lock: DatabaseSync | undefined;
let file: OpenFile | undefined;
const reply = (message: Reply): void => port.postMessage(message);

try {
  if (!options.readOnly) lock = lockFile(options.file);
  file = open();
  port.on('message', (request: Request) => {
    if (request.type === 'batch') reply({ type: 'batch', ...runBatch(request.calls) });
    else if (request.type === 'probe') reply(probe());
    else shut();
  });
  reply({ type: 'opened' });
} catch (error) {
  lock?.close();
  if (!(error instanceof StoreOpenError)) throw error;
  reply({ type: 'refused', reason: error.reason, message: error.message });
}

function open(): OpenFile {
  const db = openDatabase(options);
  let commits = 0;
  let batches = 0;
  const run = createBatchRunner(
    db,
    createStoreSet(db, () => ({ commits, batches })),
  );
  return {
    db,
    run(calls) {
      batches += 1;
      const outcome = run(calls);
      if (outcome.storage === 'wrote') commits += 1;
      return outcome;
    },
  };
}

function runBatch(calls: readonly Call[]): BatchOutcome {
  if (file !== undefined) return file.run(calls);
  const message = 'the data file is not open';
  return { results: calls.map(() => ({ ok: false, cause: 'unavailable', message })), storage: 'failed' };
}

/**
 * Whether the disk takes writes again. A file that still fails is closed, and opened by the next probe: its
 * descriptors may be of a disk that is gone. But not one that is only full: deleting needs it open, and may
 * be what makes room.
 */
function probe(): Reply {
  try {
    file ??= open();
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
    file?.db.close();
  } catch {
    // A close that fails leaves nothing to be done: what was committed is in the log on disk.
  }
  file = undefined;
}

function shut(): void {
  closeFile();
  lock?.close();
  reply({ type: 'closed' });
  port?.close();
}
