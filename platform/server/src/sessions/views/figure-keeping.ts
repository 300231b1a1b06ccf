// Keeps what this node counted of each app, a row a minute, for charts of days. What is counted: app-figures.ts.

import { Rounds } from '../../concurrency/rounds.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { FigureRow, FigureStore } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { figuresEveryMs, isNothing, type Figures } from './app-figures.ts';
import { addAll, listOf } from './counts.ts';

export const minuteMs = 60_000;
/** While the store is away: 500 busy apps for 20 minutes. Then the oldest go. */
const mostWaiting = 10_000;

interface Minute {
  row: FigureRow;
  reasons: Map<string, number>;
  pushEnds: Map<string, number>;
  isNothing: boolean;
}

interface FigureKeepingDeps {
  store: Pick<FigureStore, 'put'>;
  /** Of this process alone: another one does not write over its rows. */
  source: string;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class FigureKeeping {
  readonly #deps: FigureKeepingDeps;
  readonly #minutes = new Map<AppId, Minute>();
  /** Apps whose last row says something: one more says that it was over. */
  readonly #busy = new Set<AppId>();
  #waiting: { app: AppId; row: FigureRow }[] = [];
  readonly #rounds: Rounds;

  constructor(deps: FigureKeepingDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({
      ...{ clock: deps.surroundings.clock, everyMs: figuresEveryMs, run: () => this.#round() },
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Writes what there is of the minute that is not over. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    for (const app of this.#minutes.keys()) this.#finish(app);
    await this.#write();
  }

  /** A step of an app has ended. */
  take(app: AppId, step: Figures): void {
    const began = step.at - figuresEveryMs;
    const at = began - (began % minuteMs);
    const known = this.#minutes.get(app);
    const minute = known?.row.at === at ? known : this.#begin(app, at);
    const { row } = minute;
    for (const name of ['messages', 'events', 'accepted', 'failed', 'withheld'] as const) row[name] += step[name];
    row.mayPush = (row.mayPush ?? 0) + step.mayPush;
    const { connections, users } = step;
    if (connections !== undefined) {
      for (const type of ['desktop', 'mobile', 'tablet'] as const) row[type] = connections[type] ?? 0;
    }
    if (users !== undefined) row.users = users;
    addAll(minute.reasons, step.reasons);
    addAll(minute.pushEnds, step.pushEnds);
    minute.isNothing &&= isNothing(step);
  }

  async #round(): Promise<void> {
    // The last step of a minute ends a step after it.
    const overMs = this.#deps.surroundings.clock.now() - minuteMs - 2 * figuresEveryMs;
    for (const [app, { row }] of this.#minutes) if (row.at <= overMs) this.#finish(app);
    await this.#write();
  }

  /** After the minute before. */
  #begin(app: AppId, at: number): Minute {
    this.#finish(app);
    const counts = { messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0 };
    const row = { at, source: this.#deps.source, ...counts, reasons: [] };
    const [reasons, pushEnds] = [new Map<string, number>(), new Map<string, number>()];
    const minute = { row, reasons, pushEnds, isNothing: true };
    this.#minutes.set(app, minute);
    return minute;
  }

  #finish(app: AppId): void {
    const minute = this.#minutes.get(app);
    this.#minutes.delete(app);
    if (minute === undefined || (minute.isNothing && !this.#busy.has(app))) return;
    if (minute.isNothing) this.#busy.delete(app);
    else this.#busy.add(app);
    const [reasons, pushEnds] = [listOf(minute.reasons), listOf(minute.pushEnds)];
    this.#waiting.push({ app, row: { ...minute.row, reasons, pushEnds } });
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
  }

  /** What could not be written waits for the next round. */
  async #write(): Promise<void> {
    const rows = this.#waiting;
    this.#waiting = [];
    for (const [done, { app, row }] of rows.entries()) {
      try {
        await this.#deps.store.put(app, [row]);
      } catch (error) {
        this.#waiting = [...rows.slice(done), ...this.#waiting];
        this.#deps.surroundings.log.debug('figures of a minute could not be kept yet', { app, err: error });
        return;
      }
    }
  }
}
