// A list of connections of all nodes, at the node whose tab looks at it: asks each node for its part, takes what they
// say, and asks again where something was lost. How parts become one list: merged-view.ts. The parts: view-parts.ts.

import type { AskOptions, NodeLine } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import { connectionKey, placeOrder } from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import { MergedView } from './merged-view.ts';
import {
  lookAtPart,
  markPart,
  openPart,
  readPart,
  type PartAnswer,
  type PartOfConnections,
  type PartWord,
} from './part.ts';
import { rangeOf } from './part-range.ts';
import { Speaking, type WhyReset } from './speaking.ts';
import {
  connectionRounds,
  type ConnectionsAnswer,
  type ConnectionsAsked,
  type ConnectionTurns,
  type Said,
} from './turns.ts';
import type { Compare, Place, Window } from './view-shape.ts';

type OfPart = AskOptions<PartAnswer<ConnectionRow>>;

export interface SharedViewOf {
  id: string;
  app: AppId;
  asked: ConnectionsAsked;
  /** The number of what was said last by a node that had it before. */
  takenAt?: number | undefined;
}

export class SharedView implements ConnectionTurns {
  readonly everyRounds = connectionRounds;
  readonly id: string;
  readonly #app: AppId;
  readonly #asked: ConnectionsAsked;
  readonly #deps: { line: NodeLine; clock: Pick<Clock, 'now' | 'monotonic'> };
  readonly #merged: MergedView<ConnectionRow>;
  readonly #compare: Compare<Place>;
  readonly #speaking: Speaking;
  /** Nodes that are there and have not said what they have. */
  readonly #silent = new Set<string>();
  /** Whose part is on its way. */
  readonly #reading = new Set<string>();
  /** One look after the other. */
  #looking: Promise<unknown> = Promise.resolve();
  #looks = 0;
  #mustReset: WhyReset | undefined;
  #isTaken: boolean;
  #hasEnded = false;

  constructor(
    { id, app, asked, takenAt }: SharedViewOf,
    deps: { line: NodeLine; clock: Pick<Clock, 'now' | 'monotonic'> },
  ) {
    this.id = id;
    this.#app = app;
    this.#asked = asked;
    this.#deps = deps;
    this.#compare = placeOrder(asked.isDescending);
    this.#merged = new MergedView({
      ...{ keyOf: connectionKey(asked.sort), compare: this.#compare, window: asked.window },
      takenAt,
    });
    this.#isTaken = takenAt !== undefined;
    this.#speaking = new Speaking(this.#merged);
  }

  get number(): number {
    return this.#merged.number;
  }

  open(): Promise<ConnectionsAnswer> {
    return this.#oneByOne(async () => {
      const { silent } = await this.#deps.line.ask(openPart, this.#part(this.#asked.window), this.#taking());
      this.hearSilence(silent);
      return this.#asked.window.from === 0 ? this.#answer(this.#asked.window) : this.#look(this.#asked.window, false);
    });
  }

  look(window: Window, refresh: boolean): Promise<ConnectionsAnswer> {
    return this.#oneByOne(() => this.#look(window, refresh));
  }

  /** What a node says of its part. */
  take(node: string, word: PartWord<ConnectionRow>): void {
    if (!this.#merged.take(node, word)) void this.#read(node);
  }

  /** A node says that it has the part, and how much it has said of it; undefined: it has none. */
  held(node: string, n: number | undefined): void {
    this.#silent.delete(node);
    const known = this.#merged.numberOf(node);
    if (n === undefined || known === undefined) void this.#join(node);
    else if (n > known) void this.#read(node);
  }

  hearSilence(nodes: readonly string[]): void {
    for (const node of nodes) this.#silent.add(node);
  }

  join(node: string): void {
    void this.#join(node);
  }

  leave(node: string): void {
    this.#silent.delete(node);
    this.#merged.drop(node);
  }

  next(nowMs: number): Said | undefined {
    // What is said meanwhile is in the answer.
    if (this.#looks > 0) return undefined;
    // Whoever looks has what another node said last.
    const why = this.#isTaken
      ? 'node_back'
      : (this.#mustReset ?? (this.#merged.isShort ? 'too_many_changes' : undefined));
    this.#isTaken = false;
    this.#mustReset = undefined;
    const said = why === undefined ? this.#speaking.next(nowMs) : this.#speaking.reset(nowMs, why);
    return said === undefined ? undefined : { ...said, data: { ...said.data, ...this.#silence() } };
  }

  end(): void {
    this.#hasEnded = true;
  }

  async #look(window: Window, refresh: boolean): Promise<ConnectionsAnswer> {
    const { line } = this.#deps;
    const { id } = this;
    const between = window.from === 0 ? undefined : await this.#range(window, refresh);
    const ask = {
      ...{ id, refresh, window: between === undefined ? { ...window, from: 0 } : window },
      ...(between === undefined ? {} : { between }),
    };
    const { by, silent } = await line.ask(lookAtPart, ask, this.#taking());
    this.hearSilence(silent);
    // Nodes that have forgotten it, or came meanwhile.
    for (const node of line.others) if (!by.has(node) && !silent.includes(node)) void this.#join(node);
    return this.#answer(window);
  }

  async #range(window: Window, refresh: boolean): Promise<{ first: Place; end: Place | undefined } | undefined> {
    const { by } = await this.#deps.line.ask(markPart, { id: this.id, refresh });
    const { first, end } = rangeOf(by.values(), window, this.#compare);
    return first === undefined ? undefined : { first, end };
  }

  #answer(window: Window): ConnectionsAnswer {
    this.#mustReset = undefined;
    this.#speaking.asked();
    return { ...this.#merged.look(window), ...this.#silence() };
  }

  /** A node has no part so far. */
  async #join(node: string): Promise<void> {
    if (!this.#begin(node)) return;
    const { window } = this.#merged;
    const answer = await this.#deps.line.askOne(node, openPart, this.#part({ ...window, from: 0 }));
    this.#reading.delete(node);
    if (answer === undefined || this.#hasEnded) return;
    this.#silent.delete(node);
    this.#merged.put(node, answer);
    // Else its rows would push apart those that somebody reads.
    if (!window.follows && answer.length > 0) this.#mustReset = 'node_back';
  }

  /** Words were lost. */
  async #read(node: string): Promise<void> {
    if (!this.#begin(node)) return;
    const answer = await this.#deps.line.askOne(node, readPart, { id: this.id });
    this.#reading.delete(node);
    if (answer !== undefined && !this.#hasEnded) this.#merged.put(node, answer);
  }

  #begin(node: string): boolean {
    if (this.#hasEnded || this.#reading.has(node)) return false;
    this.#reading.add(node);
    return true;
  }

  #part(window: Window): PartOfConnections {
    const { filter, sort, isDescending } = this.#asked;
    return { id: this.id, app: this.#app, filter, sort, isDescending, window, atMs: this.#deps.clock.now() };
  }

  #taking(): OfPart {
    return { onAnswer: (node, answer) => this.#merged.put(node, answer) };
  }

  #silence(): { silent?: string[] } {
    return this.#silent.size === 0 ? {} : { silent: [...this.#silent].sort() };
  }

  async #oneByOne<T>(run: () => Promise<T>): Promise<T> {
    this.#looks += 1;
    const turn = this.#looking.then(run);
    this.#looking = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#looks -= 1;
    }
  }
}
