// The messages between the main thread and the worker thread. Not how they are sent: client.ts and worker.ts.

/** The options that the worker is started with. */
export interface OpenOptions {
  file: string;
  synchronous: 'FULL' | 'NORMAL';
  readOnly: boolean;
  /** The file grows to no more pages (4 KiB each); 0: as far as the disk goes. */
  maxPages: number;
  /** What else an installation leaves: beside one of these, a data file that is not there is not new. */
  traces: readonly string[];
  /** The first opening in this process: nobody in it counts on what was in the file before. */
  isFirst: boolean;
  /** How often it is looked whether the lock file is still there, ms. */
  lockEveryMs: number;
}

export interface Call {
  store: string;
  method: string;
  args: readonly unknown[];
}

export type Request = { type: 'batch'; calls: readonly Call[] } | { type: 'probe' } | { type: 'close' };

export type CallResult =
  | { ok: true; value: unknown }
  /**
   * `unavailable`: the disk or the file failed. `defect`: this call failed by itself, the others of its batch
   * stand.
   */
  | { ok: false; cause: 'unavailable' | 'defect'; message: string };

export type OpenRefusal = 'newer_version' | 'older_version' | 'in_use' | 'missing' | 'unreadable';

/**
 * One reply a request, in the order of the requests, but for `lock`; the first of all tells how opening went.
 */
export type Reply =
  /** `another`: why the data file is not the one that was here before; all epochs were raised then. */
  | { type: 'opened'; another?: string | undefined }
  | { type: 'refused'; reason: OpenRefusal; message: string }
  /** `wrote`: something was committed, so the disk takes writes. */
  | { type: 'batch'; results: readonly CallResult[]; storage: 'ok' | 'wrote' | 'failed' }
  | { type: 'probed'; ok: boolean; message?: string }
  | { type: 'closed' }
  /**
   * Asked for by nobody: the lock file was away, and was made anew, or another process has one in its place.
   * Nothing is written any more then.
   */
  | { type: 'lock'; state: 'made_anew' | 'taken'; message: string };
