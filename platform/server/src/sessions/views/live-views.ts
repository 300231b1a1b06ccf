// The lists that people of the console look at now: who has which, how many there may be, when each hears of changes,
// and at which node it is. Where there are several, that is the node that the tab's connection is at: there it is said.
// What a list holds: own-view.ts, cluster-views.ts, stream-view.ts.

import { setImmediate as turn } from 'node:timers/promises';
import { BelfryError, notFound } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import { subject, type NodeLine } from '../../concurrency/node-line.ts';
import { pause } from '../../concurrency/pause.ts';
import { consoleApp, type AppId } from '../../ports/app-id.ts';
import type { Facts } from '../../ports/facts.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { encode } from '../encoded.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import { ClusterViews } from './cluster-views.ts';
import { LiveFeed, type LiveFilter } from './live-feed.ts';
import { OwnView } from './own-view.ts';
import type { PartOfStream, StreamKind } from './part.ts';
import type { Passed } from './stream-view.ts';
import { streamHere } from './streams-here.ts';
import {
  roundMs,
  type ConnectionsAnswer,
  type ConnectionsAsked,
  type ConnectionTurns,
  type Said,
  type Turns,
} from './turns.ts';
import type { Window } from './view-shape.ts';
import { ViewParts } from './view-parts.ts';
import { WatchedApps } from './watched-apps.ts';
import { WhileWanted } from './while-wanted.ts';

/** Who looks, and in which tab of theirs. */
export interface Looker {
  account: string;
  tab: string;
}

/** What a list is of, for whoever makes it anew. */
type Kind = ({ kind: 'connections' } & ConnectionsAsked) | StreamKind;

interface Held {
  id: string;
  app: AppId;
  looker: Looker;
  kind: Kind;
  turns: Turns;
  connections?: ConnectionTurns;
  heardAtMs: number;
}

/** `n`: of what was said last. `passed`: what was not said yet. */
type Taken = Pick<Held, 'id' | 'app' | 'looker' | 'kind'> & {
  n: number;
  passed: Passed<{ at: string }> | undefined;
};
type Look = { id: string; app: AppId; account: string } & LookAsked;

export interface LookAsked {
  window: Window;
  refresh?: boolean | undefined;
}

/** A list that another node has, for this one, at which its tab is now. */
const takeView = subject<{ id: string; account: string }, Taken>('views/1 take');
const lookAtView = subject<Look, ConnectionsAnswer>('views/1 look at');
const closeView = subject<{ id: string; app: AppId; account: string }, true>('views/1 let go');
/** Asks all parts at its turn, which takes two of their times. */
const lookWithinMs = 3000;

interface LiveViewsDeps {
  registry: Pick<Registry, 'ofApp' | 'ofTopic' | 'byId'>;
  facts: Facts;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  line: NodeLine;
}

/** Whoever is told to ask again does so at once: the next is told when that is answered. */
const mostBetweenResetsMs = 50;
const resetsWithinMs = 1000;

const mostOfTab = 8;
const mostOfAccount = 40;
const mostOfNode = 200;
const unheardMs = 60_000;

export class LiveViews {
  readonly #deps: LiveViewsDeps;
  readonly #held = new Map<string, Held>();
  readonly #watched: WatchedApps;
  readonly #feed: LiveFeed;
  readonly #parts: ViewParts;
  readonly #cluster: ClusterViews;
  readonly #rounds: WhileWanted;
  #round = 0;
  #isStopped = false;

  constructor(deps: LiveViewsDeps) {
    this.#deps = deps;
    const { registry, facts, line } = deps;
    const { clock } = deps.surroundings;
    this.#feed = new LiveFeed({ registry, facts, clock });
    this.#watched = new WatchedApps({ registry, clock });
    this.#parts = new ViewParts({ watched: this.#watched, feed: this.#feed, registry, line, clock });
    this.#cluster = new ClusterViews({ line, clock });
    this.#rounds = new WhileWanted({ clock, everyMs: roundMs, run: () => this.#speak() });
    line.handle(takeView, ({ id, account }, node) =>
      node === line.node ? undefined : this.#giveAway({ id, account, to: node }),
    );
    line.handle(lookAtView, (asked) => this.#lookHere(asked));
    line.handle(closeView, ({ id, app, account }) => (this.#closeHere(id, app, account) ? true : undefined));
  }

  /** To be called when a session came, changed or went. Costs a look-up where nobody looks at its app. */
  changed(session: Session): void {
    if (this.#held.size + this.#parts.size === 0) return;
    this.#feed.changed(session);
    this.#watched.changed(session);
  }

  /** Rejects with `too_many`. */
  async openConnections(
    app: AppId,
    looker: Looker,
    asked: ConnectionsAsked,
  ): Promise<{ id: string; answer: ConnectionsAnswer }> {
    this.#needRoom(looker);
    const { id, connections } = this.#holdConnections({ id: uuidv7(), app, looker, asked });
    return { id, answer: await connections.open() };
  }

  /** What passes in the app; rejects with `too_many`. */
  async openLive(app: AppId, looker: Looker, filter: LiveFilter): Promise<string> {
    this.#needRoom(looker);
    const id = uuidv7();
    const turns = await this.#stream({ id, app, kind: 'live', filter });
    if (turns === undefined) throw new BelfryError('too_many');
    return this.#hold({ id, app, looker, kind: { kind: 'live', filter }, turns });
  }

  /** What passes over one connection; rejects with `too_many`, and `not_found` for one that no node has. */
  openFrames(app: AppId, looker: Looker, asked: { connectionId: string; withBodies: boolean }): Promise<string> {
    return this.#openOfConnection(app, looker, { kind: 'frames', ...asked });
  }

  /** What one connection did, and goes on to do; rejects as `openFrames` does. */
  openHistory(app: AppId, looker: Looker, connectionId: string): Promise<string> {
    return this.#openOfConnection(app, looker, { kind: 'history', connectionId });
  }

  /** Another part of a list of connections; rejects with `not_found` where there is none of this account's. */
  async look(of: { id: string; app: AppId; account: string }, asked: LookAsked): Promise<ConnectionsAnswer> {
    const { line } = this.#deps;
    const look = { ...of, ...asked };
    if (this.#held.has(of.id)) {
      const answer = await this.#lookHere(look);
      if (answer === undefined) throw notFound('view');
      return answer;
    }
    const { by } = await line.ask(lookAtView, look, { withinMs: lookWithinMs, isEnough: () => true });
    const [answer] = by.values();
    if (answer === undefined) throw notFound('view');
    return answer;
  }

  /** False where there is none of this account's. */
  async close(of: { id: string; app: AppId; account: string }): Promise<boolean> {
    if (this.#held.has(of.id)) return this.#closeHere(of.id, of.app, of.account);
    return (await this.#deps.line.ask(closeView, of, { isEnough: () => true })).by.size > 0;
  }

  /**
   * The app that a list is of, for a tab of this account that wants to hear of it here. A list that another node has is
   * this node's from then on.
   */
  async appFor(id: string, account: string): Promise<AppId | undefined> {
    const held = this.#held.get(id);
    if (held !== undefined) return held.looker.account === account ? held.app : undefined;
    const { by } = await this.#deps.line.ask(takeView, { id, account }, { isEnough: () => true });
    const [taken] = by.values();
    if (taken === undefined || this.#isStopped || this.#held.has(id)) return taken?.app;
    return (await this.#take(taken)) ? taken.app : undefined;
  }

  get size(): number {
    return this.#held.size;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const held of [...this.#held.values()]) this.#letGo(held);
    await this.#parts.stop();
    await this.#rounds.stop();
  }

  async #openOfConnection(app: AppId, looker: Looker, kind: StreamKind): Promise<string> {
    this.#needRoom(looker);
    const id = uuidv7();
    const turns = await this.#stream({ id, app, ...kind });
    if (turns === undefined) throw notFound('connection');
    return this.#hold({ id, app, looker, kind, turns });
  }

  #needRoom(looker: Looker): void {
    if (this.#hasRoom(looker)) return;
    throw new BelfryError('too_many', { message: `A tab looks at ${mostOfTab} lists at once.` });
  }

  #hasRoom({ account, tab }: Looker): boolean {
    const own = [...this.#held.values()].filter(({ looker }) => looker.account === account);
    if (this.#isStopped || this.#held.size >= mostOfNode || own.length >= mostOfAccount) return false;
    return own.filter(({ looker }) => looker.tab === tab).length < mostOfTab;
  }

  /** `takenAt`: the number of what was said last by a node that had it before. */
  #holdConnections({
    id,
    app,
    looker,
    asked,
    takenAt,
  }: Pick<Held, 'id' | 'app' | 'looker'> & { asked: ConnectionsAsked; takenAt?: number }): {
    id: string;
    connections: ConnectionTurns;
  } {
    const { line, surroundings } = this.#deps;
    const connections = line.isAlone
      ? new OwnView(app, asked, { watched: this.#watched, nowMs: surroundings.clock.now() })
      : this.#cluster.connections({ id, app, asked, takenAt });
    this.#hold({ id, app, looker, kind: { kind: 'connections', ...asked }, turns: connections, connections });
    return { id, connections };
  }

  async #stream(asked: PartOfStream, passed?: Passed<{ at: string }>): Promise<Turns | undefined> {
    const { line, registry, surroundings } = this.#deps;
    if (!line.isAlone) return await this.#cluster.stream(asked, passed);
    return streamHere(asked, { feed: this.#feed, registry, clock: surroundings.clock });
  }

  #hold(held: Omit<Held, 'heardAtMs'>): string {
    this.#held.set(held.id, { ...held, heardAtMs: this.#nowMs() });
    this.#rounds.start();
    return held.id;
  }

  #letGo(held: Held): void {
    if (!this.#deps.line.isAlone) this.#cluster.end(held.id);
    this.#forget(held);
  }

  #forget(held: Held): void {
    held.turns.end();
    this.#held.delete(held.id);
    if (this.#held.size === 0) void this.#rounds.stop();
  }

  /** To a node at which the tab is now. */
  #giveAway({ id, account, to }: { id: string; account: string; to: string }): Taken | undefined {
    const held = this.#held.get(id);
    if (held?.looker.account !== account) return undefined;
    const passed = this.#cluster.leaveTo(id, to);
    this.#forget(held);
    const { app, looker, kind, connections } = held;
    return { id, app, looker, kind, n: connections?.number ?? 0, passed };
  }

  /** False where the tab, the account or the node has too many. */
  async #take({ id, app, looker, kind, n, passed }: Taken): Promise<boolean> {
    if (!this.#hasRoom(looker)) {
      this.#cluster.end(id);
      return false;
    }
    if (kind.kind === 'connections') {
      const { kind: _kind, ...asked } = kind;
      const { connections } = this.#holdConnections({ id, app, looker, asked, takenAt: n });
      await connections.open();
      return true;
    }
    const turns = await this.#stream({ id, app, ...kind }, passed);
    if (turns !== undefined) this.#hold({ id, app, looker, kind, turns });
    return turns !== undefined;
  }

  async #lookHere({ id, app, account, window, refresh }: Look): Promise<ConnectionsAnswer | undefined> {
    const held = this.#held.get(id);
    if (held?.connections === undefined || held.looker.account !== account || held.app !== app) return undefined;
    held.heardAtMs = this.#nowMs();
    return await held.connections.look(window, refresh ?? false);
  }

  #closeHere(id: string, app: AppId, account: string): boolean {
    const held = this.#held.get(id);
    if (held?.looker.account !== account || held.app !== app) return false;
    this.#letGo(held);
    return true;
  }

  /** A list after the other: what else the process has to do is between them. */
  async #speak(): Promise<void> {
    this.#round += 1;
    const { clock } = this.#deps.surroundings;
    for (const held of [...this.#held.values()]) {
      if (this.#held.get(held.id) !== held) continue;
      const said = this.#speakOf(held);
      if (said === undefined) continue;
      const isReset = said.action === 'view_reset' && this.#held.size > 1;
      await (isReset ? pause(clock, Math.min(mostBetweenResetsMs, resetsWithinMs / this.#held.size)) : turn());
    }
  }

  /** Undefined where there was nothing to say. */
  #speakOf(held: Held): Said | undefined {
    const nowMs = this.#nowMs();
    const topic = topicOfView(held.id);
    const subscribers = this.#deps.registry.ofTopic(consoleApp, topic);
    if (subscribers === undefined) {
      // What happens meanwhile is said to whoever comes: it is gathered in the list.
      if (nowMs - held.heardAtMs >= unheardMs) this.#letGo(held);
      return undefined;
    }
    held.heardAtMs = nowMs;
    if (this.#round % held.turns.everyRounds !== 0) return undefined;
    const said = held.turns.next(nowMs);
    if (said === undefined) return undefined;
    const timestamp = new Date(this.#deps.surroundings.clock.now()).toISOString();
    const event = encode({ action: said.action, topic, timestamp, data: { view: held.id, ...said.data } });
    for (const session of subscribers) session.outlet.send(event);
    return said;
  }

  #nowMs(): number {
    return this.#deps.surroundings.clock.monotonic();
  }
}

export function topicOfView(id: string): string {
  return `view.${id}`;
}
