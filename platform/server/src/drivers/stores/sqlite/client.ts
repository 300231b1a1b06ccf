// Gathers the calls of the main thread into batches for the worker thread, and knows whether the file can be used. Not the execution: worker.ts.

import { BelfryError } from '@belfry/protocol';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import { startThread } from './thread.ts';
import type { SqliteThread } from './thread.ts';
import type { CallResult, OpenOptions, Reply } from './wire.ts';

/** How many calls one transaction takes at most, so that a burst does not make everyone wait for its last call. */
const maxBatchCalls = 1000;

/** How often a file that failed is tried again, ms. */
const probeEveryMs = 1000;

export interface SqliteClientOptions extends OpenOptions {
  /** Calls that may wait for their batch; above it they are refused with `overloaded`. */
  maxPending: number;
  clock: Clock;
  log: Log;
  /** Told of every transaction that wrote: how many calls it carried and how long it took, flush included. */
  onCommit?: ((commit: { calls: number; ms: number }) => void) | undefined;
}

export interface SqliteClient {
  /** Resolves after the COMMIT of its batch. Rejects with a BelfryError `unavailable` (outcome unknown) or `overloaded` (not done), or a defect's Error. */
  call(store: string, method: string, args: readonly unknown[]): Promise<unknown>;
  state(): 'up' | 'down';
  onState(listen: (state: 'up' | 'down') => void): void;
  /** Finishes what was asked for, then closes. Idempotent. */
  close(): Promise<void>;
  /** Ends at once, finishing nothing. */
  abort(): Promise<void>;
}

interface PendingCall {
  store: string;
  method: string;
  args: readonly unknown[];
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export async function openSqliteClient(options: SqliteClientOptions): Promise<SqliteClient> {
  const { clock, log } = options;
  const { file, synchronous, readOnly, maxPages } = options;
  const listeners: ((state: 'up' | 'down') => void)[] = [];
  let waiting: PendingCall[] = [];
  let underWay = 0;
  let scheduled = false;
  let state: 'up' | 'down' = 'up';
  let ending: Promise<void> | undefined;
  let idle: (() => void) | undefined;
  let probing: Timer | undefined;
  let thread: SqliteThread | undefined = await start();

  function start(): Promise<SqliteThread> {
    return startThread({ file, synchronous, readOnly, maxPages }, (cause) => {
      thread = undefined;
      if (ending === undefined) setDown(cause.message);
    });
  }

  function call(store: string, method: string, args: readonly unknown[]): Promise<unknown> {
    if (ending !== undefined) return Promise.reject(unavailable('the stores are closed'));
    if (thread === undefined) return Promise.reject(unavailable('the data file is not open'));
    if (waiting.length + underWay >= options.maxPending) {
      return Promise.reject(
        new BelfryError('overloaded', { cause: new Error(`${options.maxPending} calls wait for the data file`) }),
      );
    }
    return new Promise((resolve, reject) => {
      waiting.push({ store, method, args, resolve, reject });
      schedule();
    });
  }

  // At the end of this turn of the loop, so that one batch takes all that the turn asks for; never while a batch is under way, so that what
  // comes in during a flush shares the next one.
  function schedule(): void {
    if (scheduled || underWay > 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    const batch = waiting.slice(0, maxBatchCalls);
    waiting = waiting.slice(maxBatchCalls);
    underWay = batch.length;
    const startedAt = clock.monotonic();
    try {
      const reply = await send(batch);
      if (reply?.type === 'batch') {
        if (reply.storage === 'wrote') options.onCommit?.({ calls: batch.length, ms: clock.monotonic() - startedAt });
        settle(batch, reply);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      for (const { reject } of batch) reject(unavailable(message));
    }
    underWay = 0;
    if (waiting.length > 0) schedule();
    else idle?.();
  }

  function send(batch: readonly PendingCall[]): Promise<Reply | undefined> {
    if (thread === undefined) throw new Error('the data file is not open');
    const calls = batch.map(({ store, method, args }) => ({ store, method, args }));
    try {
      return thread.ask({ type: 'batch', calls });
    } catch (error) {
      // One call holds something that can't be copied (a function): it alone is refused, the rest goes in the next batch.
      const [sound, broken] = separateUncloneable(batch);
      if (broken.length === 0) throw error;
      for (const { pending, reason } of broken) pending.reject(reason);
      waiting.unshift(...sound);
      return Promise.resolve(undefined);
    }
  }

  function settle(batch: readonly PendingCall[], reply: Extract<Reply, { type: 'batch' }>): void {
    if (reply.storage === 'failed') setDown(failureOf(reply.results));
    if (reply.storage === 'wrote') setUp();
    batch.forEach((pending, index) => {
      const result = reply.results[index];
      if (result === undefined) pending.reject(new Error(`no result for ${pending.store}.${pending.method}`));
      else if (result.ok) pending.resolve(result.value);
      else if (result.cause === 'unavailable') pending.reject(unavailable(result.message));
      else pending.reject(new Error(`${pending.store}.${pending.method}: ${result.message}`));
    });
  }

  function setDown(reason: string): void {
    probing ??= clock.after(probeEveryMs, () => void probe());
    if (state === 'down') return;
    state = 'down';
    log.error('store', { state, file, reason });
    for (const listen of listeners) listen(state);
  }

  function setUp(): void {
    probing?.cancel();
    probing = undefined;
    if (state === 'up') return;
    state = 'up';
    log.info('store', { state, file });
    for (const listen of listeners) listen(state);
  }

  async function probe(): Promise<void> {
    let works = false;
    try {
      thread ??= await start();
      if (ending !== undefined) {
        await thread.kill();
        return;
      }
      const reply = await thread.ask({ type: 'probe' });
      works = reply.type === 'probed' && reply.ok;
    } catch {
      // Still refused, or the thread died anew: the next round tries again.
    }
    probing = undefined;
    if (ending !== undefined) return;
    if (works) setUp();
    else setDown('the probe failed');
  }

  async function end(): Promise<void> {
    if (waiting.length + underWay > 0) await new Promise<void>((resolve) => void (idle = resolve));
    probing?.cancel();
    const open = thread;
    if (open === undefined) return;
    await open.ask({ type: 'close' }).catch(() => undefined);
    await open.kill();
  }

  return {
    call,
    state: () => state,
    onState: (listen) => void listeners.push(listen),
    close: () => (ending ??= end()),
    async abort() {
      ending ??= Promise.resolve();
      probing?.cancel();
      await thread?.kill();
    },
  };
}

function separateUncloneable(
  batch: readonly PendingCall[],
): [sound: PendingCall[], broken: { pending: PendingCall; reason: Error }[]] {
  const sound: PendingCall[] = [];
  const broken: { pending: PendingCall; reason: Error }[] = [];
  for (const pending of batch) {
    try {
      structuredClone(pending.args);
      sound.push(pending);
    } catch (error) {
      broken.push({ pending, reason: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return [sound, broken];
}

function failureOf(results: readonly CallResult[]): string {
  const failed = results.find((result) => !result.ok);
  return failed?.ok === false ? failed.message : 'the batch failed';
}

/** The reason is for the log: what is shown to a caller says nothing of files and disks. */
function unavailable(reason: string): BelfryError {
  return new BelfryError('unavailable', { cause: new Error(reason) });
}
