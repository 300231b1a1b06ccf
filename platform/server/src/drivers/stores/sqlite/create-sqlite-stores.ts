// The embedded engine's stores, as compose sees them: the ports over one SQLite file. Not the crossing to the
// worker thread: client.ts.

import { join } from 'node:path';
import type { AppData } from '../../../ports/app-data.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { silentLog } from '../../../ports/log.ts';
import type { Log } from '../../../ports/log.ts';
import type { JobStore } from '../../queue/embedded/job-store.ts';
import { SqliteClient } from './client.ts';
import { methods } from './methods.ts';
import type { SqliteDiagnostics, SqliteStoreSet } from './methods.ts';

export interface SqliteStoresOptions {
  /**
   * The folder of the data file, which is then `belfry.db`; made when it is not there, for this user only.
   */
  dataDir?: string;
  /** The data file itself, instead of `dataDir`. */
  file?: string;
  /**
   * `FULL` (default): what resolved survives a power cut. `NORMAL`: it survives a kill, and a power cut may
   * take the last moments.
   */
  synchronous?: 'FULL' | 'NORMAL';
  /**
   * For a second process that only looks: takes no lock, migrates nothing; writing calls reject with a plain
   * Error.
   */
  readOnly?: boolean;
  /** Calls that may wait for the disk at once; default 10,000. */
  maxPending?: number;
  /**
   * The file grows to no more pages of 4 KiB; default 0: no bound but the disk. Beyond it writes reject with
   * `unavailable`.
   */
  maxPages?: number;
  /** Files and folders of an installation beside the data file; a data file that is missing then is refused. */
  traces?: readonly string[];
  /** How often it is looked whether the lock file is still there, ms; default 5000. */
  lockEveryMs?: number;
  clock?: Clock;
  log?: Log;
  /**
   * Called after every transaction that wrote: how many calls it carried and how long it took, flush
   * included.
   */
  onCommit?: (commit: { calls: number; ms: number }) => void;
}

/**
 * Arguments are copied when their batch is sent, at the end of the turn: they must not be changed before the
 * call resolved.
 */
export interface SqliteStores extends Stores {
  /** For the embedded queue, which keeps its jobs in the same file. */
  jobs: JobStore;
  appData: AppData;
  /** For the embedded queue, which works again as soon as the file does. */
  onState(listen: (state: 'up' | 'down') => void): void;
  diagnostics(): Promise<SqliteDiagnostics>;
  /**
   * Ends at once, finishing nothing: what was not yet committed is lost as in a kill. For a second stop
   * signal, and for tests.
   */
  abort(): Promise<void>;
}

/** Opens the file, makes or migrates it where needed. Rejects with `StoreOpenError`. */
export async function createSqliteStores(options: SqliteStoresOptions): Promise<SqliteStores> {
  const file = options.file ?? join(options.dataDir ?? 'data', 'belfry.db');
  const client = await SqliteClient.open({
    file,
    synchronous: options.synchronous ?? 'FULL',
    readOnly: options.readOnly ?? false,
    maxPending: options.maxPending ?? 10_000,
    maxPages: options.maxPages ?? 0,
    traces: options.traces ?? [],
    lockEveryMs: options.lockEveryMs ?? 5000,
    clock: options.clock ?? createSystemClock(),
    log: options.log ?? silentLog,
    onCommit: options.onCommit,
  });
  const { engine, ...stores } = createProxies(client, options.readOnly ?? false);
  return {
    ...stores,
    diagnostics: () => engine.diagnostics(),
    state: () => client.state,
    onState: (listen) => client.onState(listen),
    close: () => client.close(),
    abort: () => client.abort(),
  };
}

/** One object a store, with one function a method, each handing its arguments to the worker thread. */
function createProxies(client: SqliteClient, readOnly: boolean): SqliteStoreSet {
  const proxies = Object.entries(methods).map(([store, modes]): [string, unknown] => {
    const functions = Object.entries(modes).map(([method, mode]): [string, unknown] => [
      method,
      // Refused here: for the thread a write that fails means that the disk does.
      readOnly && mode === 'write'
        ? () => Promise.reject(new Error(`${store}.${method}: the data file was opened read-only`))
        : (...args: unknown[]) => client.call(store, method, args),
    ]);
    return [store, Object.fromEntries(functions)];
  });
  // `methods` names every method of SqliteStoreSet (its `satisfies`), and store-set.ts, which answers them,
  // is checked against the same type.
  return Object.fromEntries(proxies) as SqliteStoreSet;
}
