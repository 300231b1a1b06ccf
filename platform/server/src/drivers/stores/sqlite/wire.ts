// The messages between the main thread and the worker thread. Not how they are sent: client.ts and worker.ts.

/** The options that the worker is started with. */
export interface OpenOptions {
  file: string;
  synchronous: 'FULL' | 'NORMAL';
  readOnly: boolean;
  /** The file grows to no more pages (4 KiB each); 0: as far as the disk goes. */
  maxPages: number;
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

export type OpenRefusal = 'newer_version' | 'in_use' | 'unreadable';

/** One reply a request, in the order of the requests; the first of all says how opening went. */
export type Reply =
  | { type: 'opened' }
  | { type: 'refused'; reason: OpenRefusal; message: string }
  /** `wrote`: something was committed, so the disk takes writes. */
  | { type: 'batch'; results: readonly CallResult[]; storage: 'ok' | 'wrote' | 'failed' }
  | { type: 'probed'; ok: boolean; message?: string }
  | { type: 'closed' };
