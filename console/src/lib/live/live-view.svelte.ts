// A list of connections as it is now: a part of it, kept up to date over the WebSocket; where none gets through,
// or the server is full of such lists, read again every few seconds. One for a screen, ended with it.
import type { QueryClient } from '@tanstack/svelte-query';
import { untrack } from 'svelte';
import { answerOf, api } from '#lib/api/client.ts';
import { asProblem, type ProblemError } from '#lib/api/problem.ts';
import type { ConnectionRow } from '#lib/api/shapes.ts';
import { applyDelta, goneOf, type Delta, type Facet, type Gone, type Numbers } from './apply-delta.ts';
import { live } from './connection.svelte.ts';
import { tab } from './tab.ts';

/** As in the address: several values of one name are alternatives. */
export type AskedFilter = Record<string, string | string[]>;

export interface Asked {
  app: string;
  filter: AskedFilter;
  sort: string;
}

const size = 120;
/** While somebody scrolls. */
const lookAfterMs = 80;
const readEveryMs = 10_000;
/** One that is refused at once is not asked for at once again. */
const reopenAfterMs = 3000;
/** Rows that went are shown so for a moment; where many go at once, nobody follows it. */
const goneForMs = 3000;
const mostGoneShown = 8;

interface Answer extends Numbers {
  n: number;
  from: number;
  rows: readonly ConnectionRow[];
  facets: Record<string, Facet[]>;
}

/** What was seen of a list last, to be read while the server is away. */
interface Seen {
  answer: Answer;
  readAtMs: number;
}

const keyOf = ({ app, filter, sort }: Asked) => ['connections as seen', app, filter, sort];

export class LiveView {
  rows = $state.raw<readonly ConnectionRow[]>([]);
  numbers = $state.raw<Numbers | undefined>();
  facets = $state.raw<Record<string, Facet[]>>({});
  from = $state(0);
  /** Rows that went and are still shown. */
  gone = $state.raw<readonly Gone<ConnectionRow>[]>([]);
  error = $state.raw<ProblemError | undefined>();
  /** Read again every few seconds, in place of following. */
  isPolled = $state(false);
  /** When what is there was so last. */
  readAtMs = 0;
  /** Called when rows before those in sight went. */
  onshift: (byRows: number) => void = () => undefined;

  readonly #queries: QueryClient;
  #asked: Asked | undefined;
  #id: string | undefined;
  #n = 0;
  /** The first rows are in sight. */
  #isAtTop = true;
  /** Somebody reads them. */
  #isHeld = false;
  #wanted = 0;
  /** Counts what was asked: an answer to an older question is nothing any more. */
  #question = 0;
  #openedAt = 0;
  #looking: Promise<void> | undefined;
  /** Wanted when the answer that is on its way is there. */
  #next: { refresh: boolean } | undefined;
  #missed: Delta[] = [];
  #endTopic: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pollTimer: ReturnType<typeof setInterval> | undefined;

  /** `queries` has what was seen, and forgets it with whoever signs out. */
  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  /** Looks at another list; the one of before stays in sight until the answer is there. */
  async open(asked: Asked): Promise<void> {
    this.close();
    this.#asked = asked;
    this.#isAtTop = true;
    this.#wanted = 0;
    const question = (this.#question += 1);
    try {
      const body = {
        kind: 'connections' as const,
        tab,
        filter: asked.filter,
        sort: asked.sort,
        window: this.#window(),
      };
      const path = { app: asked.app };
      const opened = await answerOf(api.POST('/apps/{app}/views', { params: { path }, body: body as never }));
      const { id, topic, ...answer } = opened as Answer & { id: string; topic: string };
      if (question !== this.#question) {
        void this.#drop(asked.app, id);
        return;
      }
      this.#id = id;
      this.#take(answer);
      this.#openedAt = Date.now();
      this.#endTopic = live.topic(
        topic,
        ({ action, data }) => this.#hear(action, data as unknown as Delta),
        () => this.#reopen(asked, question),
      );
    } catch (error) {
      if (question !== this.#question) return;
      const problem = asProblem(error);
      const seen = problem.isOfAbsence ? this.#queries.getQueryData<Seen>(keyOf(asked)) : undefined;
      // A server that is full of them.
      if (problem.code === 'too_many') this.#poll(asked, question);
      else if (seen === undefined) this.error = problem;
      else this.#take(seen.answer, seen.readAtMs);
    }
  }

  close(): void {
    this.#remember();
    this.#question += 1;
    clearTimeout(this.#timer);
    clearInterval(this.#pollTimer);
    this.#endTopic?.();
    this.#endTopic = undefined;
    this.isPolled = false;
    this.gone = [];
    const [id, app, looking] = [this.#id, this.#asked?.app, this.#looking];
    // After the last question about it, which would find nothing.
    if (id !== undefined && app !== undefined) void Promise.resolve(looking).then(() => this.#drop(app, id));
    this.#id = undefined;
    this.#looking = undefined;
    this.#next = undefined;
    this.#missed = [];
  }

  /** Which rows are in sight. Away from the beginning, rows that come wait. */
  see(from: number, to: number): void {
    if (this.#id === undefined) return;
    const followed = this.#follows;
    this.#isAtTop = from === 0;
    const end = this.from + this.rows.length;
    const count = (this.numbers?.total ?? 0) - (this.numbers?.fresh ?? 0);
    const isHere = from >= this.from && Math.min(to, count) <= end;
    if (!isHere) this.#wanted = Math.max(0, Math.floor((from + to) / 2 - size / 2));
    if (!isHere || this.#follows !== followed) this.#lookSoon();
  }

  /** While somebody reads, rows that come wait; afterwards they take their places. */
  hold(isHeld: boolean): void {
    const followed = this.#follows;
    this.#isHeld = isHeld;
    if (this.#id !== undefined && this.#follows !== followed) this.#lookSoon();
  }

  /** To the beginning, with all that waits. */
  async refresh(): Promise<void> {
    this.#wanted = 0;
    if (this.#id !== undefined) await this.#look({ refresh: true });
    else if (this.#asked !== undefined) await this.open(this.#asked);
  }

  get #follows(): boolean {
    return this.#isAtTop && !this.#isHeld && this.#wanted === 0;
  }

  #window(): { from: number; size: number; follows: boolean } {
    return { from: this.#wanted, size, follows: this.#follows };
  }

  #lookSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), lookAfterMs);
  }

  /** One after the other: what the server says next is about the part that it was asked for last. */
  async #look({ refresh = false } = {}): Promise<void> {
    const [id, asked] = [this.#id, this.#asked];
    if (id === undefined || asked === undefined) return;
    this.#next = { refresh: refresh || this.#next?.refresh === true };
    await (this.#looking ??= this.#lookOn(id, asked));
  }

  async #lookOn(id: string, asked: Asked): Promise<void> {
    const question = (this.#question += 1);
    const path = { app: asked.app, id };
    try {
      while (this.#next !== undefined) {
        const body = { window: this.#window(), refresh: this.#next.refresh };
        this.#next = undefined;
        const answer = await answerOf<Answer>(api.PATCH('/apps/{app}/views/{id}', { params: { path }, body }));
        if (question !== this.#question) return;
        this.#take(answer);
        const missed = this.#missed.filter(({ n }) => n > answer.n);
        this.#missed = [];
        for (const delta of missed) this.#apply(delta);
      }
      this.#looking = undefined;
    } catch (error) {
      if (question !== this.#question) return;
      this.#looking = undefined;
      this.#next = undefined;
      // The server has forgotten it, as one that was started anew.
      if (asProblem(error).code === 'not_found') await this.open(asked);
      else this.error = asProblem(error);
    }
  }

  #hear(action: string, delta: Delta): void {
    if (delta.view !== this.#id) return;
    if (this.#looking !== undefined) {
      if (action === 'view_delta') this.#missed.push(delta);
      return;
    }
    if (action === 'view_delta' && delta.n === this.#n + 1) this.#apply(delta);
    // Too much has changed, or something was lost on the way.
    else if (delta.n > this.#n) void this.#look();
  }

  #apply(delta: Delta): void {
    this.#n = delta.n;
    this.readAtMs = Date.now();
    const { total, people, strangers, fresh, silent = [], facets, from, gone } = delta;
    this.numbers = { total, people, strangers, fresh, silent };
    if (facets !== undefined) this.facets = { ...this.facets, ...facets };
    const went = goneOf(this.rows, { gone });
    if (went.length > 0 && went.length <= mostGoneShown) this.#showGone(went);
    this.rows = applyDelta(this.rows, delta, size);
    if (from !== this.from) {
      const byRows = from - this.from;
      this.from = from;
      this.onshift(byRows);
    }
  }

  #showGone(went: readonly Gone<ConnectionRow>[]): void {
    this.gone = [...this.gone, ...went];
    setTimeout(() => {
      this.gone = this.gone.filter((each) => !went.includes(each));
    }, goneForMs);
  }

  /** Untracked: an effect that opens another list is not to do so each time that this one changes. */
  #remember(): void {
    untrack(() => {
      const { numbers, from, rows, facets, readAtMs } = this;
      const isAnswered = this.#id !== undefined || this.isPolled;
      if (this.#asked === undefined || numbers === undefined || !isAnswered) return;
      const seen: Seen = { answer: { n: 0, from, rows, facets, ...numbers }, readAtMs };
      this.#queries.setQueryData(keyOf(this.#asked), seen);
    });
  }

  #take({ n, from, rows, facets, ...numbers }: Answer, readAtMs = Date.now()): void {
    const { total, people, strangers, fresh, silent = [] } = numbers;
    this.#n = n;
    this.readAtMs = readAtMs;
    this.from = from;
    this.rows = rows;
    this.facets = facets;
    this.numbers = { total, people, strangers, fresh, silent };
    this.gone = [];
    this.error = undefined;
  }

  /** The server has forgotten it, or the node that had it is no more. */
  #reopen(asked: Asked, question: number): void {
    const waitMs = Math.max(0, this.#openedAt + reopenAfterMs - Date.now());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#asked !== asked || this.#id === undefined || question > this.#question) return;
      this.#remember();
      this.#id = undefined;
      void this.open(asked);
    }, waitMs);
  }

  #poll(asked: Asked, question: number): void {
    this.isPolled = true;
    const read = async (): Promise<void> => {
      try {
        const {
          items,
          total,
          people,
          strangers,
          facets,
          silentNodes: silent,
        } = await answerOf(
          api.GET('/apps/{app}/connections', {
            params: { path: { app: asked.app }, query: { ...asked.filter, sort: asked.sort as never, limit: 100 } },
          }),
        );
        if (question !== this.#question) return;
        const numbers = { total: total.value, people, strangers, fresh: 0, silent };
        this.#take({ n: 0, from: 0, rows: items, facets, ...numbers });
      } catch (error) {
        if (question === this.#question) this.error = asProblem(error);
      }
    };
    void read();
    this.#pollTimer = setInterval(() => void read(), readEveryMs);
  }

  async #drop(app: string, id: string): Promise<void> {
    // It is gone by itself in a minute.
    await answerOf(api.DELETE('/apps/{app}/views/{id}', { params: { path: { app, id } } })).catch(() => undefined);
  }
}
