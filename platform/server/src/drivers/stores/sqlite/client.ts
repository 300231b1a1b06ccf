// Gathers the calls of the main thread into batches for the worker thread, and knows whether the file can be
// used. Not the execution: worker.ts.

import { BelfryError } from '@belfry/protocol';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import { CallLines, type PendingCall } from './call-lines.ts';
import { separateUncloneable } from './uncloneable.ts';
import { startThread } from './thread.ts';
import type { SqliteThread } from './thread.ts';
import type { CallResult, OpenOptions, Reply } from './wire.ts';

/**
 * How many calls one transaction takes at most, so that a burst does not make everyone wait for its last
 * call.
 */
const maxBatchCalls = 1000;

/** How often a file that failed is tried again, ms. */
const probeEveryMs = 1000;

export interface SqliteClientOptions extends Omit<OpenOptions, 'isFirst'> {
  /** Calls that may wait; above it, or beyond the share of an app, they are refused with `overloaded`. */
  maxPending: number;
  clock: Clock;
  log: Log;
  /**
   * Called after every transaction that wrote: how many calls it carried and how long it took, flush
   * included.
   */
  onCommit?: ((commit: { calls: number; ms: number }) => void) | undefined;
}

type State = 'up' | 'down';

export class SqliteClient {
  readonly #options: SqliteClientOptions;
  readonly #listeners: ((state: State) => void)[] = [];
  readonly #lines: CallLines;
  /** Whether the thread has a batch. */
  #isBusy = false;
  #isScheduled = false;
  #state: State = 'up';
  /** Set by `close` and `abort`. */
  #ending: Promise<void> | undefined;
  /** Called when the last call that was asked for has been answered. */
  #onIdle: (() => void) | undefined;
  #probing: Timer | undefined;
  /** Undefined when it has died and was not started anew. */
  #thread: SqliteThread | undefined;

  private constructor(options: SqliteClientOptions) {
    this.#options = options;
    this.#lines = new CallLines(options.maxPending);
  }

  /** Rejects with `StoreOpenError`. */
  static async open(options: SqliteClientOptions): Promise<SqliteClient> {
    const client = new SqliteClient(options);
    client.#thread = await client.#start({ isFirst: true });
    const { another } = client.#thread;
    if (another !== undefined) options.log.warn('epochs raised', { file: options.file, reason: another });
    return client;
  }

  get state(): State {
    return this.#state;
  }

  onState(listen: (state: State) => void): void {
    this.#listeners.push(listen);
  }

  /**
   * Resolves after the COMMIT of its batch. Rejects with a BelfryError `unavailable` (outcome unknown) or
   * `overloaded` (not done), or a defect's Error.
   */
  call(store: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const { maxPending } = this.#options;
    if (this.#ending !== undefined) return Promise.reject(unavailable('the stores are closed'));
    if (this.#thread === undefined) return Promise.reject(unavailable('the data file is not open'));
    return new Promise((resolve, reject) => {
      if (this.#lines.push({ store, method, args, resolve, reject })) {
        this.#schedule();
        return;
      }
      const cause = new Error(`${this.#lines.size} of at most ${maxPending} calls wait for the data file`);
      reject(new BelfryError('overloaded', { cause }));
    });
  }

  /** Finishes what was asked for, then closes. Idempotent. */
  close(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  /** Ends at once, finishing nothing. */
  async abort(): Promise<void> {
    this.#ending ??= Promise.resolve();
    this.#probing?.cancel();
    await this.#thread?.kill();
  }

  #start({ isFirst }: { isFirst: boolean }): Promise<SqliteThread> {
    const { log, file, synchronous, readOnly, maxPages, traces, lockEveryMs } = this.#options;
    return startThread(
      { file, synchronous, readOnly, maxPages, traces, isFirst, lockEveryMs },
      {
        onExit: (cause) => {
          this.#thread = undefined;
          if (this.#ending === undefined) this.#setDown(cause.message);
        },
        onLock: ({ state, message }) => {
          log.error('lock', { state, file, reason: message });
          if (state === 'taken') this.#setDown(message);
        },
      },
    );
  }

  /**
   * At the end of this turn of the loop, so that one batch takes all that the turn asks for; never while a
   * batch is under way, so that what comes in during a flush shares the next one.
   */
  #schedule(): void {
    if (this.#isScheduled || this.#isBusy) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const { clock, onCommit } = this.#options;
    const batch = this.#lines.take(maxBatchCalls);
    this.#isBusy = true;
    const startedAt = clock.monotonic();
    try {
      const reply = await this.#send(batch);
      if (reply?.type === 'batch') {
        const done = batch.slice(0, reply.results.length);
        if (reply.storage === 'wrote') onCommit?.({ calls: done.length, ms: clock.monotonic() - startedAt });
        this.#lines.end(done);
        this.#lines.putBack(batch.slice(done.length));
        this.#answer(done, reply);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#lines.end(batch);
      for (const { reject } of batch) reject(unavailable(message));
    }
    this.#isBusy = false;
    if (this.#lines.waiting > 0) this.#schedule();
    else this.#onIdle?.();
  }

  #send(batch: readonly PendingCall[]): Promise<Reply | undefined> {
    if (this.#thread === undefined) throw new Error('the data file is not open');
    const calls = batch.map(({ store, method, args }) => ({ store, method, args }));
    try {
      return this.#thread.ask({ type: 'batch', calls });
    } catch (error) {
      // One call holds something that can't be copied (a function): it alone is refused, the rest goes in the
      // next batch.
      const { sound, broken } = separateUncloneable(batch);
      if (broken.length === 0) throw error;
      this.#lines.end(broken.map(({ pending }) => pending));
      this.#lines.putBack(sound);
      for (const { pending, reason } of broken) pending.reject(reason);
      return Promise.resolve(undefined);
    }
  }

  #answer(batch: readonly PendingCall[], reply: Extract<Reply, { type: 'batch' }>): void {
    if (reply.storage === 'failed') this.#setDown(failureOf(reply.results));
    if (reply.storage === 'wrote') this.#setUp();
    batch.forEach((pending, index) => {
      const result = reply.results[index];
      if (result === undefined) pending.reject(new Error(`no result for ${pending.store}.${pending.method}`));
      else if (result.ok) pending.resolve(result.value);
      else if (result.cause === 'unavailable') pending.reject(unavailable(result.message));
      else pending.reject(new Error(`${pending.store}.${pending.method}: ${result.message}`));
    });
  }

  #setDown(reason: string): void {
    const { clock, log, file } = this.#options;
    this.#probing ??= clock.after(probeEveryMs, () => void this.#probe());
    if (this.#state === 'down') return;
    this.#state = 'down';
    log.error('store', { state: 'down', file, reason });
    for (const listen of this.#listeners) listen('down');
  }

  #setUp(): void {
    const { log, file } = this.#options;
    this.#probing?.cancel();
    this.#probing = undefined;
    if (this.#state === 'up') return;
    this.#state = 'up';
    log.info('store', { state: 'up', file });
    for (const listen of this.#listeners) listen('up');
  }

  async #probe(): Promise<void> {
    let works = false;
    try {
      this.#thread ??= await this.#start({ isFirst: false });
      if (this.#ending !== undefined) {
        await this.#thread.kill();
        return;
      }
      const reply = await this.#thread.ask({ type: 'probe' });
      works = reply.type === 'probed' && reply.ok;
    } catch {
      // Still refused, or the thread died anew: the next round tries again.
    }
    this.#probing = undefined;
    if (this.#ending !== undefined) return;
    if (works) this.#setUp();
    else this.#setDown('the probe failed');
  }

  async #end(): Promise<void> {
    if (this.#lines.size > 0) await new Promise<void>((resolve) => void (this.#onIdle = resolve));
    this.#probing?.cancel();
    const open = this.#thread;
    if (open === undefined) return;
    await open.ask({ type: 'close' }).catch(() => undefined);
    await open.kill();
  }
}

function failureOf(results: readonly CallResult[]): string {
  const failed = results.find((result) => !result.ok);
  return failed?.ok === false ? failed.message : 'the batch failed';
}

/** The reason is for the log: what is shown to a caller says nothing of files and disks. */
function unavailable(reason: string): BelfryError {
  return new BelfryError('unavailable', { cause: new Error(reason) });
}
