// The lists that tabs of this node look at where there are several nodes: what the others say of them goes to the list
// that it is of, nodes come and go in them, and what was lost is found. One list: shared-view.ts, shared-stream.ts.

import type { NodeLine } from '../../concurrency/node-line.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  closePart,
  holdParts,
  openHistoryPart,
  openStreamPart,
  partChanged,
  partPassed,
  type PartOfStream,
} from './part.ts';
import { SharedStream } from './shared-stream.ts';
import { SharedView, type SharedViewOf } from './shared-view.ts';
import type { Passed } from './stream-view.ts';
import { streamRounds } from './streams-here.ts';
import { WhileWanted } from './while-wanted.ts';

interface Stream {
  stream: SharedStream;
  asked: PartOfStream;
}

/** A word that was lost is found by then, where no later one has told. */
const holdEveryMs = 4000;
/** A question and its answer take no longer. */
const handOnForMs = 3000;

export class ClusterViews {
  readonly #deps: { line: NodeLine; clock: Clock };
  readonly #views = new Map<string, SharedView>();
  readonly #streams = new Map<string, Stream>();
  /** Streams that another node has taken over a moment ago: what still comes here is handed on. */
  readonly #left = new Map<string, string>();
  readonly #rounds: WhileWanted;

  constructor(deps: { line: NodeLine; clock: Clock }) {
    this.#deps = deps;
    const { line, clock } = deps;
    this.#rounds = new WhileWanted({ clock, everyMs: holdEveryMs, run: () => this.#hold() });
    line.handle(partChanged, ({ id, word }, node) => this.#views.get(id)?.take(node, word));
    line.handle(partPassed, (passed) => {
      const stream = this.#streams.get(passed.id)?.stream;
      const home = this.#left.get(passed.id);
      if (stream !== undefined) stream.take(passed.rows, passed.seen);
      else if (home !== undefined) line.say(partPassed, passed, home);
    });
    line.onNode((node, is) => {
      for (const view of this.#views.values()) {
        if (is === 'there') view.join(node);
        else view.leave(node);
      }
    });
  }

  /** Its `open` is to be called. */
  connections(of: SharedViewOf): SharedView {
    const view = new SharedView(of, this.#deps);
    this.#views.set(of.id, view);
    this.#rounds.start();
    return view;
  }

  /** Undefined where no node has what it is of. `passed`: what a node has not said that had it before. */
  async stream(asked: PartOfStream, passed?: Passed<{ at: string }>): Promise<SharedStream | undefined> {
    const { id } = asked;
    const stream = new SharedStream({ perRound: streamRounds[asked.kind] });
    if (passed !== undefined) stream.take(passed.rows, passed.seen);
    this.#streams.set(id, { stream, asked });
    this.#rounds.start();
    // One connection is of one node.
    const isEnough = ({ isThere }: { isThere: boolean }): boolean => asked.kind !== 'live' && isThere;
    const open = asked.kind === 'history' ? openHistoryPart : openStreamPart;
    const { by } = await this.#deps.line.ask(open, asked, { isEnough });
    if ([...by.values()].some(({ isThere }) => isThere)) return stream;
    this.end(id);
    return undefined;
  }

  /** What has passed and was not said; `home` has it from here on, with its parts. */
  leaveTo(id: string, home: string): Passed<{ at: string }> | undefined {
    const passed = this.#streams.get(id)?.stream.passed();
    this.#drop(id);
    this.#left.set(id, home);
    this.#deps.clock.after(handOnForMs, () => void this.#left.delete(id));
    return passed;
  }

  /** Nodes have no part of it any more. */
  end(id: string): void {
    this.#drop(id);
    const { line } = this.#deps;
    line.sayToOthers(closePart, { id });
    line.say(closePart, { id }, line.node);
  }

  #drop(id: string): void {
    this.#views.delete(id);
    this.#streams.delete(id);
    if (this.#views.size + this.#streams.size === 0) void this.#rounds.stop();
  }

  async #hold(): Promise<void> {
    const ids = [...this.#views.keys(), ...this.#streams.keys()];
    const { by, silent } = await this.#deps.line.ask(holdParts, { ids });
    for (const [node, { held }] of by) {
      const numbers = new Map(held);
      for (const [id, view] of this.#views) if (ids.includes(id)) view.held(node, numbers.get(id));
      for (const [id, { asked }] of this.#streams) {
        const isNew = ids.includes(id) && !numbers.has(id);
        if (isNew && asked.kind === 'live') void this.#deps.line.askOne(node, openStreamPart, asked);
      }
    }
    for (const view of this.#views.values()) view.hearSilence(silent);
  }
}
