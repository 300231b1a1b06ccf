// What passes, as it passes: the newest rows first, as many as one may want to look back at. While it is paused,
// what comes is counted and kept aside.
import { answerOf, api } from '#lib/api/client.ts';
import { asProblem, type ProblemError } from '#lib/api/problem.ts';
import { live } from './connection.svelte.ts';
import { tab } from './tab.ts';

export type StreamAsked =
  | { kind: 'live'; filter: Record<string, string[]> }
  | { kind: 'frames'; connection: string; withBodies: boolean }
  | { kind: 'history'; connection: string };

interface Passed<R> {
  view: string;
  n: number;
  /** In the order in which they passed. */
  rows: R[];
  /** How many there were. */
  seen: number;
}

const mostRows = 1000;
/** Rates are of the last seconds. */
const rateOverMs = 3000;
/** One that is refused at once is not asked for at once again. */
const reopenAfterMs = 3000;

export class Stream<R extends { id: number }> {
  rows = $state.raw<readonly R[]>([]);
  isPaused = $state(false);
  /** Came while it was paused. */
  waiting = $state(0);
  /** A second: how many there were, and how many of them are shown. */
  rate = $state({ seen: 0, shown: 0 });
  lastAt = $state<number | undefined>();
  error = $state.raw<ProblemError | undefined>();
  isOpen = $state(false);
  withBodies = $state(false);

  #count = 0;
  #aside: R[] = [];
  #recent: { at: number; seen: number; shown: number }[] = [];
  #open: { app: string; id: string } | undefined;
  #question = 0;
  #openedAt = 0;
  #reopenTimer: ReturnType<typeof setTimeout> | undefined;
  #endTopic: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  async open(app: string, asked: StreamAsked): Promise<void> {
    this.close();
    const question = (this.#question += 1);
    this.error = undefined;
    try {
      const opened = await answerOf<{ id: string; topic: string; withBodies?: boolean }>(
        api.POST('/apps/{app}/views', { params: { path: { app } }, body: { tab, ...asked } as never }),
      );
      this.#open = { app, id: opened.id };
      if (question !== this.#question) {
        this.#drop();
        return;
      }
      this.isOpen = true;
      this.withBodies = opened.withBodies ?? false;
      this.lastAt = Date.now();
      this.#openedAt = Date.now();
      this.#endTopic = live.topic(
        opened.topic,
        ({ data }) => this.#take(data as unknown as Passed<R>),
        () => this.#reopen(app, asked),
      );
      this.#timer = setInterval(() => this.#measure(), 1000);
    } catch (error) {
      if (question === this.#question) this.error = asProblem(error);
    }
  }

  /** What was shown stays. */
  close(): void {
    this.#question += 1;
    this.#endTopic?.();
    this.#endTopic = undefined;
    clearInterval(this.#timer);
    clearTimeout(this.#reopenTimer);
    this.isOpen = false;
    this.#recent = [];
    this.rate = { seen: 0, shown: 0 };
    this.#drop();
  }

  pause(): void {
    this.isPaused = true;
  }

  /** `all`: with what came meanwhile; else from now on. */
  goOn({ all }: { all: boolean }): void {
    this.isPaused = false;
    if (all) this.#add(this.#aside);
    this.#aside = [];
    this.waiting = 0;
  }

  clear(): void {
    this.rows = [];
    this.#aside = [];
    this.waiting = 0;
  }

  /** The server was started anew, or the node that had it is no more. */
  #reopen(app: string, asked: StreamAsked): void {
    clearTimeout(this.#reopenTimer);
    const waitMs = Math.max(0, this.#openedAt + reopenAfterMs - Date.now());
    this.#reopenTimer = setTimeout(() => {
      this.#open = undefined;
      void this.open(app, asked);
    }, waitMs);
  }

  #take({ rows: passed, seen }: Passed<R>): void {
    // What is shown may be of several streams, one after the other, each of which counts from one.
    const rows = passed.map((row) => ({ ...row, id: (this.#count += 1) }));
    this.#recent.push({ at: Date.now(), seen, shown: rows.length });
    this.lastAt = Date.now();
    if (!this.isPaused) {
      this.#add(rows);
      return;
    }
    this.waiting += seen;
    this.#aside = [...this.#aside, ...rows].slice(-mostRows);
  }

  #add(rows: readonly R[]): void {
    this.rows = [...rows.toReversed(), ...this.rows].slice(0, mostRows);
  }

  #measure(): void {
    const since = Date.now() - rateOverMs;
    this.#recent = this.#recent.filter(({ at }) => at >= since);
    const sum = (of: 'seen' | 'shown'): number => this.#recent.reduce((all, each) => all + each[of], 0);
    const perSecond = (count: number): number => Math.round((count * 1000) / rateOverMs);
    this.rate = { seen: perSecond(sum('seen')), shown: perSecond(sum('shown')) };
  }

  #drop(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    // It is gone by itself in a minute.
    void answerOf(api.DELETE('/apps/{app}/views/{id}', { params: { path: open } })).catch(() => undefined);
  }
}
