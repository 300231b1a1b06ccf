// The lists that people of the console look at now: who has which, how many there may be, and when each hears of
// changes. What a list holds: view.ts, stream-view.ts. Which rows there are: watched-app.ts.

import { BelfryError, notFound } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import { Rounds } from '../../concurrency/rounds.ts';
import { consoleApp, type AppId } from '../../ports/app-id.ts';
import type { Facts } from '../../ports/facts.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { encode } from '../encoded.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import {
  connectionOrder,
  connectionShape,
  connectionTests,
  type ConnectionFilter,
  type ConnectionSort,
} from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import { watchFrames } from './frames-view.ts';
import { LiveFeed, type LiveFilter } from './live-feed.ts';
import type { Said, Turns } from './turns.ts';
import { View, type ViewAnswer, type Window } from './view.ts';
import { WatchedApp } from './watched-app.ts';

/** Who looks, and in which tab of theirs. */
export interface Looker {
  account: string;
  tab: string;
}

export interface ConnectionsAsked {
  filter: ConnectionFilter;
  sort: ConnectionSort;
  isDescending: boolean;
  window: Window;
}

interface Held {
  id: string;
  app: AppId;
  looker: Looker;
  turns: Turns;
  connections?: ConnectionView;
  heardAtMs: number;
}

interface LiveViewsDeps {
  registry: Pick<Registry, 'ofApp' | 'ofTopic' | 'byId'>;
  facts: Facts;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

/** Streams speak every round, lists of connections every second one. */
const roundMs = 250;
const mostOfTab = 8;
const mostOfAccount = 40;
const mostOfNode = 200;
const unheardMs = 60_000;

export class LiveViews {
  readonly #deps: LiveViewsDeps;
  readonly #held = new Map<string, Held>();
  readonly #apps = new Map<AppId, WatchedApp>();
  readonly #feed: LiveFeed;
  #rounds: Rounds;
  #round = 0;
  #isStopped = false;

  constructor(deps: LiveViewsDeps) {
    this.#deps = deps;
    const { registry, facts, surroundings } = deps;
    this.#feed = new LiveFeed({ registry, facts, clock: surroundings.clock });
    this.#rounds = new Rounds({ clock: deps.surroundings.clock, everyMs: roundMs, run: () => this.#speak() });
  }

  /** To be called when a session came, changed or went. Costs a look-up where nobody looks at its app. */
  changed(session: Session): void {
    if (this.#held.size === 0) return;
    this.#feed.changed(session);
    this.#apps.get(session.app)?.record(session);
  }

  /** Throws `too_many`. */
  openConnections(
    app: AppId,
    looker: Looker,
    asked: ConnectionsAsked,
  ): { id: string; answer: ViewAnswer<ConnectionRow> } {
    this.#needRoom(looker);
    const nowMs = this.#nowMs();
    let watched = this.#apps.get(app);
    if (watched === undefined) {
      watched = new WatchedApp(app, { registry: this.#deps.registry, nowMs });
      this.#apps.set(app, watched);
    } else this.#passOn(app, watched);
    const view = new View({
      tests: connectionTests(asked.filter, this.#deps.surroundings.clock.now()),
      compare: connectionOrder(asked.sort, asked.isDescending),
      shape: connectionShape,
      rows: watched.rows(),
      window: asked.window,
    });
    const connections = new ConnectionView(view);
    const id = this.#hold(app, looker, { turns: connections, connections });
    return { id, answer: connections.answer() };
  }

  /** What passes in the app; throws `too_many`. */
  openLive(app: AppId, looker: Looker, filter: LiveFilter): string {
    this.#needRoom(looker);
    return this.#hold(app, looker, { turns: this.#feed.watch(app, filter) });
  }

  /** What passes over one connection; throws `too_many`, and `not_found` for one that this node does not have. */
  openFrames(app: AppId, looker: Looker, asked: { connectionId: string; withBodies: boolean }): string {
    this.#needRoom(looker);
    const { registry, surroundings } = this.#deps;
    const session = registry.byId(asked.connectionId);
    if (session?.app !== app) throw notFound('connection');
    const { withBodies } = asked;
    return this.#hold(app, looker, {
      turns: watchFrames(session, { withBodies, now: () => surroundings.clock.now() }),
    });
  }

  /** Another part of a list of connections; throws `not_found` where there is none of this account's. */
  look(
    id: string,
    account: string,
    asked: { window: Window; refresh?: boolean | undefined },
  ): ViewAnswer<ConnectionRow> {
    const held = this.#held.get(id);
    if (held?.connections === undefined || held.looker.account !== account) throw notFound('view');
    held.heardAtMs = this.#nowMs();
    const watched = this.#apps.get(held.app);
    if (watched !== undefined) this.#passOn(held.app, watched);
    return held.connections.look(asked.window, asked.refresh ?? false);
  }

  /** False where there is none of this account's. */
  close(id: string, account: string): boolean {
    const held = this.#held.get(id);
    if (held?.looker.account !== account) return false;
    this.#letGo(held);
    return true;
  }

  /** The app that a list is of, for whoever may look at it. */
  appOf(id: string, account: string): AppId | undefined {
    const held = this.#held.get(id);
    return held?.looker.account === account ? held.app : undefined;
  }

  get size(): number {
    return this.#held.size;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const held of [...this.#held.values()]) this.#letGo(held);
    await this.#rounds.stop();
  }

  #needRoom({ account, tab }: Looker): void {
    const own = [...this.#held.values()].filter(({ looker }) => looker.account === account);
    const isFull = this.#isStopped || this.#held.size >= mostOfNode || own.length >= mostOfAccount;
    if (isFull || own.filter(({ looker }) => looker.tab === tab).length >= mostOfTab) {
      throw new BelfryError('too_many', { message: `A tab looks at ${mostOfTab} lists at once.` });
    }
  }

  #hold(app: AppId, looker: Looker, made: Pick<Held, 'turns' | 'connections'>): string {
    const id = uuidv7();
    this.#held.set(id, { id, app, looker, ...made, heardAtMs: this.#nowMs() });
    this.#rounds.start();
    return id;
  }

  #letGo(held: Held): void {
    held.turns.end();
    this.#held.delete(held.id);
    const { app, connections } = held;
    if (connections !== undefined && ![...this.#held.values()].some((each) => each.app === app && each.connections)) {
      this.#apps.delete(app);
    }
    if (this.#held.size > 0 || this.#isStopped) return;
    void this.#rounds.stop();
    this.#rounds = new Rounds({
      clock: this.#deps.surroundings.clock,
      everyMs: roundMs,
      run: () => this.#speak(),
    });
  }

  #speak(): void {
    this.#round += 1;
    const nowMs = this.#nowMs();
    if (this.#round % connectionRounds === 0) {
      for (const [app, watched] of this.#apps) this.#passOn(app, watched);
    }
    for (const held of [...this.#held.values()]) {
      const topic = topicOfView(held.id);
      const subscribers = this.#deps.registry.ofTopic(consoleApp, topic);
      if (subscribers === undefined) {
        // What happens meanwhile is said to whoever comes: it is gathered in the list.
        if (nowMs - held.heardAtMs >= unheardMs) this.#letGo(held);
        continue;
      }
      held.heardAtMs = nowMs;
      if (this.#round % held.turns.everyRounds !== 0) continue;
      const said = held.turns.next(nowMs);
      if (said === undefined) continue;
      const timestamp = new Date(this.#deps.surroundings.clock.now()).toISOString();
      const event = encode({ action: said.action, topic, timestamp, data: { view: held.id, ...said.data } });
      for (const session of subscribers) session.outlet.send(event);
    }
  }

  /** Changes reach all lists of the app at once, so that none begins with what another is told later. */
  #passOn(app: AppId, watched: WatchedApp): void {
    const changed = watched.take(this.#nowMs());
    if (changed.size === 0) return;
    for (const { app: of, connections } of this.#held.values()) {
      if (of === app) connections?.change(changed);
    }
  }

  #nowMs(): number {
    return this.#deps.surroundings.clock.monotonic();
  }
}

export function topicOfView(id: string): string {
  return `view.${id}`;
}

const connectionRounds = 2;
/** More rows than these are asked for again, as one answer. */
const mostChangedRows = 200;
const mostNewRows = 80;
const resetEveryMs = 2000;

/** A list of connections, and whether the one who looks has all that was said. */
class ConnectionView implements Turns {
  readonly everyRounds = connectionRounds;
  readonly #view: View<ConnectionRow>;
  #resetAtMs: number | undefined;

  constructor(view: View<ConnectionRow>) {
    this.#view = view;
  }

  change(changed: ReadonlyMap<string, ConnectionRow | undefined>): void {
    for (const [id, row] of changed) this.#view.change(id, row);
  }

  answer(): ViewAnswer<ConnectionRow> {
    return this.#view.answer();
  }

  look(window: Window, refresh: boolean): ViewAnswer<ConnectionRow> {
    this.#resetAtMs = undefined;
    return this.#view.look(window, { refresh });
  }

  next(nowMs: number): Said | undefined {
    if (this.#resetAtMs !== undefined) {
      // It was told to ask anew, and has not: what is said before then is nothing to it.
      return nowMs - this.#resetAtMs >= resetEveryMs ? this.#reset(nowMs) : undefined;
    }
    const delta = this.#view.delta(nowMs);
    if (delta === undefined) return undefined;
    const added = delta.put.filter(({ at }) => at !== undefined).length;
    const isTooMuch = delta.put.length + delta.gone.length > mostChangedRows || added > mostNewRows;
    return isTooMuch ? this.#reset(nowMs) : { action: 'view_delta', data: { ...delta } };
  }

  end(): void {
    this.#resetAtMs = undefined;
  }

  #reset(nowMs: number): Said {
    this.#resetAtMs = nowMs;
    return { action: 'view_reset', data: { n: this.#view.nextNumber(), why: 'too_many_changes' } };
  }
}
