// The lists that tabs of this node look at where there are several nodes: what the others say of them goes to the list
// that it is of, nodes come and go in them, and what was lost is found. One list: shared-view.ts, shared-stream.ts.

import type { NodeLine } from '../../concurrency/node-line.ts';
import type { Clock } from '../../ports/clock.ts';
import { framesPerRound } from './frames-view.ts';
import { livePerRound } from './live-feed.ts';
import { closePart, holdParts, openStreamPart, partChanged, partPassed, type PartOfStream } from './part.ts';
import { SharedStream } from './shared-stream.ts';
import { SharedView, type SharedViewOf } from './shared-view.ts';
import { WhileWanted } from './while-wanted.ts';

interface Stream {
  stream: SharedStream;
  asked: PartOfStream;
}

/** A word that was lost is found by then, where no later one has told. */
const holdEveryMs = 4000;

export class ClusterViews {
  readonly #deps: { line: NodeLine; clock: Clock };
  readonly #views = new Map<string, SharedView>();
  readonly #streams = new Map<string, Stream>();
  readonly #rounds: WhileWanted;

  constructor(deps: { line: NodeLine; clock: Clock }) {
    this.#deps = deps;
    const { line, clock } = deps;
    this.#rounds = new WhileWanted({ clock, everyMs: holdEveryMs, run: () => this.#hold() });
    line.handle(partChanged, ({ id, word }, node) => this.#views.get(id)?.take(node, word));
    line.handle(partPassed, ({ id, rows, seen }) => this.#streams.get(id)?.stream.take(rows, seen));
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

  /** Undefined where no node has what it is of. */
  async stream(asked: PartOfStream): Promise<SharedStream | undefined> {
    const { id } = asked;
    const stream = new SharedStream({ perRound: asked.kind === 'live' ? livePerRound : framesPerRound });
    this.#streams.set(id, { stream, asked });
    this.#rounds.start();
    // One connection is of one node.
    const isEnough = ({ isThere }: { isThere: boolean }): boolean => asked.kind === 'frames' && isThere;
    const { by } = await this.#deps.line.ask(openStreamPart, asked, { isEnough });
    if ([...by.values()].some(({ isThere }) => isThere)) return stream;
    this.end(id);
    return undefined;
  }

  /** Nodes have no part of it any more. */
  end(id: string): void {
    this.#views.delete(id);
    this.#streams.delete(id);
    if (this.#views.size + this.#streams.size === 0) void this.#rounds.stop();
    const { line } = this.#deps;
    line.sayToOthers(closePart, { id });
    line.say(closePart, { id }, line.node);
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
