// The calls that wait for the data file, a line for each app; they are taken one of each app after the other,
// so that the calls of one are not in the way of the others'. When they are taken: client.ts.

import { mayHoldMore } from '../../../concurrency/share.ts';

export interface PendingCall {
  store: string;
  method: string;
  args: readonly unknown[];
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

interface Line {
  calls: PendingCall[];
  /** Where its first is; those before it were taken. */
  from: number;
  /** Taken, and not ended yet. */
  underWay: number;
}

export class CallLines {
  readonly #most: number;
  /** By app, those with calls that wait or are under way; of those that wait the next to be served first. */
  #lines = new Map<string, Line>();
  #waiting = 0;
  #underWay = 0;

  /** `most`: calls that may wait or be under way; one app may hold no more of them than are left free. */
  constructor(most: number) {
    this.#most = most;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Waiting, or under way. */
  get size(): number {
    return this.#waiting + this.#underWay;
  }

  /** False where there is no room for it. */
  push(call: PendingCall): boolean {
    const app = appOf(call);
    const line = this.#lines.get(app);
    const held = line === undefined ? 0 : line.calls.length - line.from + line.underWay;
    if (!mayHoldMore(held, this.#most - this.size)) return false;
    if (line === undefined) this.#lines.set(app, { calls: [call], from: 0, underWay: 0 });
    else line.calls.push(call);
    this.#waiting += 1;
    return true;
  }

  /** One of each app after the other, in the order of each app's calls. To be ended, or put back. */
  take(most: number): PendingCall[] {
    const taken: PendingCall[] = [];
    while (taken.length < most && this.#waiting > 0) {
      for (const [app, line] of this.#lines) {
        const call = line.calls[line.from];
        if (call === undefined) continue;
        line.from += 1;
        line.underWay += 1;
        if (line.from === line.calls.length) [line.calls, line.from] = [[], 0];
        taken.push(call);
        this.#waiting -= 1;
        this.#underWay += 1;
        // Behind all others: the loop comes to it again where they have nothing more.
        this.#lines.delete(app);
        this.#lines.set(app, line);
        if (taken.length === most || this.#waiting === 0) break;
      }
    }
    return taken;
  }

  /** They are done, in whatever way. */
  end(calls: readonly PendingCall[]): void {
    for (const call of calls) {
      const app = appOf(call);
      const line = this.#lines.get(app);
      if (line === undefined) continue;
      line.underWay -= 1;
      this.#underWay -= 1;
      if (line.underWay === 0 && line.calls.length === 0) this.#lines.delete(app);
    }
  }

  /** They were not done: each app's stand before its others again, and they are next. */
  putBack(calls: readonly PendingCall[]): void {
    const byApp = Map.groupBy(calls, appOf);
    const next = new Map<string, Line>();
    for (const [app, own] of byApp) {
      const line = this.#lines.get(app);
      if (line === undefined) continue;
      line.calls = [...own, ...line.calls.slice(line.from)];
      line.from = 0;
      line.underWay -= own.length;
      this.#underWay -= own.length;
      this.#waiting += own.length;
      next.set(app, line);
    }
    for (const [app, line] of this.#lines) if (!next.has(app)) next.set(app, line);
    this.#lines = next;
  }
}

/**
 * Every port names the app first (ports/app-scoped.test.ts). What is the installation's is one more in the
 * turns.
 */
function appOf({ args: [app] }: PendingCall): string {
  return typeof app === 'string' ? app : '';
}
