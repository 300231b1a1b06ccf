// The parts that this node keeps of lists that another node puts together: its own connections, what passes over
// them, and what passes here in an app. Each change is said to the node that asked. Putting together: shared-view.ts.

import { setImmediate as turn } from 'node:timers/promises';
import type { NodeLine } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Registry } from '../registry.ts';
import { ConnectionPart } from './connection-part.ts';
import type { ConnectionRow } from './connection-row.ts';
import type { LiveFeed } from './live-feed.ts';
import {
  closePart,
  holdParts,
  lookAtPart,
  markPart,
  openHistoryPart,
  openPart,
  openStreamPart,
  readPart,
  partChanged,
  partPassed,
  type PartAnswer,
  type PartOfConnections,
  type PartOfStream,
} from './part.ts';
import { streamHere } from './streams-here.ts';
import type { WatchedApps } from './watched-apps.ts';
import { WhileWanted } from './while-wanted.ts';

interface Part {
  home: string;
  heldAtMs: number;
  /** What there is to say; undefined: nothing. */
  next: (nowMs: number) => (() => void) | undefined;
  everyRounds: number;
  connections?: { app: AppId; part: ConnectionPart };
  end: () => void;
}

interface ViewPartsDeps {
  watched: WatchedApps;
  feed: LiveFeed;
  registry: Pick<Registry, 'byId'>;
  line: NodeLine;
  clock: Clock;
}

const roundMs = 250;
const connectionRounds = 2;
/** The node that puts them together says every few seconds that it still does. */
const unheldMs = 15_000;
/** Of all nodes together; two hundred of each are theirs to keep. */
const mostParts = 2000;

export class ViewParts {
  readonly #deps: ViewPartsDeps;
  readonly #parts = new Map<string, Part>();
  readonly #rounds: WhileWanted;
  #round = 0;

  constructor(deps: ViewPartsDeps) {
    this.#deps = deps;
    const { line, clock } = deps;
    this.#rounds = new WhileWanted({ clock, everyMs: roundMs, run: () => this.#speak() });
    line.handle(openPart, (asked, home) => this.#open(asked, home));
    line.handle(openStreamPart, (asked, home) => this.#openStream(asked, home));
    line.handle(openHistoryPart, (asked, home) => this.#openStream(asked, home));
    line.handle(lookAtPart, (asked) => this.#connections(asked.id)?.look(asked));
    line.handle(readPart, ({ id }) => this.#connections(id)?.answer());
    line.handle(markPart, ({ id, refresh }) => this.#connections(id)?.marks(refresh));
    line.handle(holdParts, ({ ids }, home) => ({ held: this.#hold(ids, home) }));
    line.handle(closePart, ({ id }, home) => {
      if (this.#parts.get(id)?.home === home) this.#end(id);
    });
  }

  get size(): number {
    return this.#parts.size;
  }

  async stop(): Promise<void> {
    for (const id of [...this.#parts.keys()]) this.#end(id);
    await this.#rounds.stop();
  }

  #open(asked: PartOfConnections, home: string): PartAnswer<ConnectionRow> | undefined {
    if (!this.#hasRoom(asked.id)) return undefined;
    const { watched } = this.#deps;
    const connections = watched.watch(asked.app, (rows) => new ConnectionPart(asked, rows));
    this.#keep(asked.id, home, {
      everyRounds: connectionRounds,
      connections: { app: asked.app, part: connections },
      next: (nowMs) => {
        watched.tell(asked.app, connections);
        const word = connections.next(nowMs);
        return word && (() => this.#deps.line.say(partChanged, { id: asked.id, word }, home));
      },
      end: () => watched.end(asked.app, connections),
    });
    return connections.answer();
  }

  #openStream(asked: PartOfStream, home: string): { isThere: boolean } {
    const known = this.#parts.get(asked.id);
    if (known !== undefined && known.connections === undefined) {
      // Its tab is at another node now: nothing that passes is missed.
      known.home = home;
      known.heldAtMs = this.#deps.clock.monotonic();
      return { isThere: true };
    }
    if (!this.#hasRoom(asked.id)) return { isThere: false };
    const stream = streamHere(asked, this.#deps);
    if (stream === undefined) return { isThere: false };
    const part = this.#keep(asked.id, home, {
      everyRounds: 1,
      next: () => {
        const passed = stream.passed();
        return passed && (() => this.#deps.line.say(partPassed, { id: asked.id, ...passed }, part.home));
      },
      end: () => stream.end(),
    });
    return { isThere: true };
  }

  #hasRoom(id: string): boolean {
    return this.#parts.has(id) || this.#parts.size < mostParts;
  }

  #keep(id: string, home: string, made: Pick<Part, 'next' | 'everyRounds' | 'connections' | 'end'>): Part {
    // Another node puts it together now.
    this.#parts.get(id)?.end();
    const part: Part = { ...made, home, heldAtMs: this.#deps.clock.monotonic() };
    this.#parts.set(id, part);
    this.#rounds.start();
    return part;
  }

  #connections(id: string): ConnectionPart | undefined {
    const connections = this.#parts.get(id)?.connections;
    // What has changed by now is in the answer, and in no word after it.
    if (connections !== undefined) this.#deps.watched.tell(connections.app, connections.part);
    return connections?.part;
  }

  #hold(ids: readonly string[], home: string): [string, number][] {
    const heldAtMs = this.#deps.clock.monotonic();
    return ids.flatMap((id): [string, number][] => {
      const part = this.#parts.get(id);
      if (part?.home !== home) return [];
      part.heldAtMs = heldAtMs;
      return [[id, part.connections?.part.n ?? 0]];
    });
  }

  #end(id: string): void {
    this.#parts.get(id)?.end();
    this.#parts.delete(id);
    if (this.#parts.size === 0) void this.#rounds.stop();
  }

  /** A part after the other: what else the process has to do is between them. */
  async #speak(): Promise<void> {
    this.#round += 1;
    const nowMs = this.#deps.clock.monotonic();
    for (const [id, part] of [...this.#parts]) {
      if (this.#parts.get(id) !== part) continue;
      if (nowMs - part.heldAtMs >= unheldMs) {
        this.#end(id);
        continue;
      }
      if (this.#round % part.everyRounds !== 0) continue;
      const say = part.next(nowMs);
      if (say === undefined) continue;
      say();
      await turn();
    }
  }
}
