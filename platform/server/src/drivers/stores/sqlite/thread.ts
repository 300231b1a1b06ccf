// Starts the worker thread and pairs its replies with requests. Not what is asked of it: client.ts.

import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { StoreOpenError } from './open-error.ts';
import type { OpenOptions, Reply, Request } from './wire.ts';

// Node takes the types out of our sources by WebAssembly. V8 13.6 of Node 24 makes calls out of WebAssembly faster
// after some hundred, and that crashes now and then in a thread, while another thread ends: once in some thousand
// starts of a busy machine. With a budget that no start uses up it is not tried (docs/decisions/110).
setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000');

export interface SqliteThread {
  /** Why the data file is not the one that was here before; undefined when it is. */
  readonly another: string | undefined;
  /**
   * Rejects when the thread ends before it answers. Throws at once (DataCloneError) when the request can't be
   * copied.
   */
  ask(request: Request): Promise<Reply>;
  /** Ends the thread as a kill would: nothing is finished. */
  kill(): Promise<void>;
}

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

export interface ThreadListener {
  /** Called once, when a thread that had opened the file has ended, for whatever reason. */
  onExit: (cause: Error) => void;
  onLock: (news: Extract<Reply, { type: 'lock' }>) => void;
}

/** Resolves when the file is open; rejects with `StoreOpenError`. */
export async function startThread(options: OpenOptions, { onExit, onLock }: ThreadListener): Promise<SqliteThread> {
  // The parent's flags (a test runner's loaders, an inspector) are none of the thread's business.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    execArgv: [],
    name: 'sqlite',
  });
  const waiting: Waiting[] = [];
  let cause = new Error('the thread of the data file has ended');
  let opened = false;
  let ended = false;

  worker.on('message', (reply: Reply) => {
    if (reply.type === 'lock') onLock(reply);
    else waiting.shift()?.resolve(reply);
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('exit', () => {
    ended = true;
    for (const { reject } of waiting.splice(0)) reject(cause);
    if (opened) onExit(cause);
  });

  const next = (): Promise<Reply> => new Promise((resolve, reject) => void waiting.push({ resolve, reject }));
  const kill = async (): Promise<void> => {
    await worker.terminate();
  };

  const first = await next();
  if (first.type === 'refused') {
    await kill();
    throw new StoreOpenError(first.reason, options.file, first.message);
  }
  opened = true;
  return {
    another: first.type === 'opened' ? first.another : undefined,
    ask(request) {
      if (ended) return Promise.reject(cause);
      worker.postMessage(request);
      return next();
    },
    kill,
  };
}
