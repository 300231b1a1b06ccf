// Bounds how many tasks run at once and how many wait, and takes turns between those who share it: the app
// that was served least recently goes first, within it the user. Does not end a task that takes long: a time
// limit is the task's own. A bound for one owner, with nobody to be fair to, is for-each-bounded.ts.

import { BelfryError } from '@belfry/protocol';
import type { Metrics } from '../ports/metrics.ts';
import { Served } from './served.ts';
import { mayHoldMore, roomFor } from './share.ts';

/** The owner of a task. */
export interface Turn {
  app: string;
  /** Left out where nobody knows: then the app's tasks take their turns in the order they came. */
  user?: string | undefined;
}

export interface FairPoolOptions {
  /** Its label in the metrics. */
  name: string;
  /**
   * Tasks that run at once. One app holds half of them at most, and no more than are left free (share.ts).
   */
  running: number;
  /** Tasks that wait, shared by the same rule. 0: what cannot begin at once is refused. */
  waiting: number;
  /** One app holds no more than this, where that is less than its share. */
  runningPerApp?: number;
  metrics?: Pick<Metrics, 'count' | 'set' | 'onCollect'> | undefined;
}

interface Entry {
  app: string;
  /** Empty where nobody knows. */
  user: string;
  /** Never rejects. */
  begin: () => Promise<void>;
  /** It will not run, for this reason. */
  refuse: (reason: Error) => void;
}

/** The tasks of one app in the pool; gone when there are none. */
interface Share {
  app: string;
  running: number;
  runningOf: Map<string, number>;
  waiting: number;
  waitingOf: Map<string, Entry[]>;
}

export class FairPool {
  readonly #options: FairPoolOptions;
  readonly #shares = new Map<string, Share>();
  readonly #servedApps = new Served();
  readonly #servedUsers = new Served();
  #running = 0;
  #waiting = 0;
  #isClosed = false;
  #idlers: (() => void)[] = [];

  constructor(options: FairPoolOptions) {
    this.#options = options;
    const { name, metrics } = options;
    metrics?.onCollect(() => {
      metrics.set('pool_running', [name], this.#running);
      metrics.set('pool_waiting', [name], this.#waiting);
    });
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** False when too many wait already; then nothing was done. A task that rejects is dropped in silence. */
  enter(turn: Turn, task: () => Promise<unknown>): boolean {
    const drop = (): undefined => undefined;
    const begin = async (): Promise<void> => {
      await task().catch(drop);
    };
    return this.#join(turn, { begin, refuse: drop }) !== undefined;
  }

  /**
   * Settles as the task does. Rejects with `overloaded` when too many wait already, with the signal's reason
   * when that is aborted before the task has begun, and with `unavailable` when the pool is closed before.
   */
  run<T>(turn: Turn & { signal?: AbortSignal | undefined }, task: () => Promise<T>): Promise<T> {
    const { signal, ...whose } = turn;
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const state: { isOver: boolean } = { isOver: false };
      const over = (): void => {
        state.isOver = true;
        signal?.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        if (entry !== undefined && this.#withdraw(entry)) reject(signal?.reason as Error);
      };
      const entry = this.#join(whose, {
        async begin() {
          over();
          await task().then(resolve, reject);
        },
        refuse(reason) {
          over();
          reject(reason);
        },
      });
      if (entry === undefined) reject(new BelfryError(this.#isClosed ? 'unavailable' : 'overloaded'));
      else if (!state.isOver) signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#running === 0 && this.#waiting === 0) return;
    await new Promise<void>((resolve) => void this.#idlers.push(resolve));
  }

  /** Tasks that wait are refused with `unavailable`, and so are later ones; resolves when nothing runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const share of [...this.#shares.values()]) {
      for (const entry of [...share.waitingOf.values()].flat()) {
        this.#withdraw(entry);
        entry.refuse(new BelfryError('unavailable'));
      }
    }
    await this.idle();
  }

  #join({ app, user = '' }: Turn, task: Pick<Entry, 'begin' | 'refuse'>): Entry | undefined {
    const { name, waiting, metrics } = this.#options;
    if (this.#isClosed) return undefined;
    const share = this.#shareOf(app);
    const entry = { app, user, ...task };
    const line = share.waitingOf.get(user);
    if (line === undefined && this.#mayBegin(share) && this.#mayBeginFor(share, user)) {
      this.#start(share, entry);
      return entry;
    }
    const free = waiting - this.#waiting;
    const isUsersRoom = user === '' || mayHoldMore(line?.length ?? 0, roomFor(share.waiting, free));
    if (!isUsersRoom || !mayHoldMore(share.waiting, free)) {
      this.#forget(share);
      metrics?.count('pool_refused_total', [name]);
      return undefined;
    }
    if (line === undefined) share.waitingOf.set(user, [entry]);
    else line.push(entry);
    share.waiting += 1;
    this.#waiting += 1;
    return entry;
  }

  /** Takes it out of the line; false when it is not there any more. */
  #withdraw(entry: Entry): boolean {
    const share = this.#shares.get(entry.app);
    const line = share?.waitingOf.get(entry.user);
    const at = line?.indexOf(entry) ?? -1;
    if (share === undefined || line === undefined || at < 0) return false;
    line.splice(at, 1);
    if (line.length === 0) share.waitingOf.delete(entry.user);
    share.waiting -= 1;
    this.#waiting -= 1;
    this.#forget(share);
    this.#reportIdle();
    return true;
  }

  #beginWaiting(): void {
    for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
      const share = this.#shareOf(entry.app);
      this.#withdraw(entry);
      this.#start(share, entry);
    }
  }

  #next(): Entry | undefined {
    if (this.#waiting === 0 || this.#running >= this.#options.running) return undefined;
    const able = [...this.#shares.values()].filter((share) => this.#mayBegin(share) && this.#hasUserToServe(share));
    const chosen = this.#servedApps.first(able, ({ app }) => app);
    if (chosen === undefined) return undefined;
    const users = [...chosen.waitingOf.keys()].filter((user) => this.#mayBeginFor(chosen, user));
    const user = this.#servedUsers.first(users, (each) => userKey(chosen.app, each));
    return user === undefined ? undefined : chosen.waitingOf.get(user)?.[0];
  }

  #hasUserToServe(share: Share): boolean {
    for (const user of share.waitingOf.keys()) if (this.#mayBeginFor(share, user)) return true;
    return false;
  }

  #mayBegin({ running }: Share): boolean {
    const { runningPerApp = Infinity } = this.#options;
    return running < runningPerApp && mayHoldMore(running, this.#options.running - this.#running);
  }

  /** Within an app the users share its part of the pool by the same rule. */
  #mayBeginFor({ running, runningOf }: Share, user: string): boolean {
    if (user === '') return true;
    return mayHoldMore(runningOf.get(user) ?? 0, roomFor(running, this.#options.running - this.#running));
  }

  #start(share: Share, entry: Entry): void {
    const { app, user } = entry;
    this.#shares.set(app, share);
    this.#running += 1;
    share.running += 1;
    share.runningOf.set(user, (share.runningOf.get(user) ?? 0) + 1);
    this.#servedApps.record(app);
    this.#servedUsers.record(userKey(app, user));
    void entry.begin().finally(() => {
      this.#running -= 1;
      share.running -= 1;
      const left = (share.runningOf.get(user) ?? 1) - 1;
      if (left === 0) share.runningOf.delete(user);
      else share.runningOf.set(user, left);
      this.#forget(share);
      this.#beginWaiting();
      this.#reportIdle();
    });
  }

  #shareOf(app: string): Share {
    const known = this.#shares.get(app);
    if (known !== undefined) return known;
    const share: Share = { app, running: 0, runningOf: new Map(), waiting: 0, waitingOf: new Map() };
    this.#shares.set(app, share);
    return share;
  }

  #forget({ app, running, waiting }: Share): void {
    if (running === 0 && waiting === 0) this.#shares.delete(app);
  }

  #reportIdle(): void {
    if (this.#running > 0 || this.#waiting > 0) return;
    for (const resolve of this.#idlers.splice(0)) resolve();
  }
}

function userKey(app: string, user: string): string {
  return `${app}\u0000${user}`;
}
