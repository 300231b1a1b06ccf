// How far each page policy has got: on how many open connections the server goes by which version, and how many
// clients have confirmed it. Read once, and reported to consoles that are subscribed to `rollout.<app>`. Putting
// policies into effect: enforce.ts.

import { consoleApp, type AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { RolloutTally } from '../ports/bus-messages.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Presence } from '../ports/presence.ts';
import type { Pages } from '../pages/pages.ts';
import { encode } from './encoded.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';
import { isOfConsole } from './topics.ts';

export interface Rollout {
  /** Patterns with connections. */
  pages: RolloutTally[];
  /** Connections of nodes that did not say. */
  unheard: number;
}

export interface RolloutsDeps {
  registry: Pick<Registry, 'ofApp' | 'ofTopic'>;
  presence: Pick<Presence, 'count'>;
  pages: Pick<Pages, 'set' | 'onChange'>;
  bus: Pick<Bus, 'control' | 'events'>;
  clock: Clock;
  node: string;
  /** There is no other node. */
  isAlone: boolean;
  findApp: (key: string) => Promise<{ app: AppId } | undefined>;
}

const topicPrefix = 'rollout.';
/** While a change is under way. */
const hotEveryMs = 500;
const hotForMs = 60_000;
const calmEveryMs = 5000;
/** What another node said holds for two rounds and some. */
const heardForMs = 12_000;
const answerWithinMs = 400;

interface Followed {
  timer: Timer;
  hotUntilMs: number;
  /** What was reported last, as JSON. */
  reported: string;
}

interface Heard {
  atMs: number;
  pages: readonly RolloutTally[];
}

export class Rollouts {
  readonly #deps: RolloutsDeps;
  readonly #followed = new Map<AppId, Followed>();
  /** By app, then by node. */
  readonly #heard = new Map<AppId, Map<string, Heard>>();
  /** Who waits for other nodes to answer. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  constructor(deps: RolloutsDeps) {
    this.#deps = deps;
    const { pages, bus, node } = deps;
    pages.onChange((app) => this.#heatUp(app));
    bus.events.on('rollout_wanted', (app) => {
      const tally = this.#tally(app);
      if (tally.length > 0) bus.control.publish({ type: 'rollout', app, node, pages: tally }).catch(() => undefined);
    });
    bus.control.on('rollout', ({ app, node: of, pages: told }) => this.#take(app, of, told));
  }

  /** To be called when a session subscribed to a topic, whichever. */
  subscribed(session: Session, topic: string): void {
    if (!isOfConsole(session) || !topic.startsWith(topicPrefix)) return;
    void this.#follow(topic.slice(topicPrefix.length));
  }

  /** Other nodes have a moment to answer. Rejects with `unavailable`. */
  async of(app: AppId): Promise<Rollout> {
    const elsewhere = await this.#elsewhere(app);
    const isHeard = (): boolean => this.#heardFrom(app) >= elsewhere;
    if (elsewhere > 0) {
      this.#heard.delete(app);
      this.#ask(app);
      await this.#until(isHeard);
    }
    const rollout = { pages: this.#merged(app), unheard: Math.max(0, elsewhere - this.#heardFrom(app)) };
    if (!this.#followed.has(app)) this.#heard.delete(app);
    return rollout;
  }

  stop(): void {
    this.#isStopped = true;
    for (const { timer } of this.#followed.values()) timer.cancel();
    this.#followed.clear();
  }

  async #follow(key: string): Promise<void> {
    const app = (await this.#deps.findApp(key).catch(() => undefined))?.app;
    if (app === undefined || this.#isStopped) return;
    const known = this.#followed.get(app);
    known?.timer.cancel();
    // Whoever is new gets what the others have.
    this.#followed.set(app, { timer: this.#later(app, 0), hotUntilMs: known?.hotUntilMs ?? 0, reported: '' });
  }

  #heatUp(app: AppId): void {
    const followed = this.#followed.get(app);
    if (followed === undefined) return;
    followed.hotUntilMs = this.#deps.clock.monotonic() + hotForMs;
    followed.timer.cancel();
    followed.timer = this.#later(app, 0);
  }

  #later(app: AppId, delayMs: number): Timer {
    return this.#deps.clock.after(delayMs, () => void this.#round(app));
  }

  async #round(app: AppId): Promise<void> {
    const { registry, clock, pages } = this.#deps;
    const followed = this.#followed.get(app);
    if (followed === undefined) return;
    const topic = `${topicPrefix}${app}`;
    const subscribers = registry.ofTopic(consoleApp, topic);
    if (subscribers === undefined) {
      this.#followed.delete(app);
      this.#heard.delete(app);
      return;
    }
    // Kept in use, so that a change is heard of although no connection of the app is here.
    await pages.set(app).catch(() => undefined);
    const elsewhere = await this.#elsewhere(app).catch(() => 0);
    if (elsewhere > 0) this.#ask(app);
    this.#report(app, subscribers, { followed, topic, elsewhere });
    const isHot = clock.monotonic() < followed.hotUntilMs;
    if (this.#followed.get(app) === followed) {
      followed.timer.cancel();
      followed.timer = this.#later(app, isHot ? hotEveryMs : calmEveryMs);
    }
  }

  #report(
    app: AppId,
    subscribers: Iterable<Session>,
    { followed, topic, elsewhere }: { followed: Followed; topic: string; elsewhere: number },
  ): void {
    const data = { pages: this.#merged(app), unheard: Math.max(0, elsewhere - this.#heardFrom(app)) };
    const text = JSON.stringify(data);
    if (text === followed.reported) return;
    followed.reported = text;
    const timestamp = new Date(this.#deps.clock.now()).toISOString();
    const event = encode({ action: 'policy_rollout', topic, timestamp, data });
    for (const session of subscribers) session.outlet.send(event);
  }

  #ask(app: AppId): void {
    this.#deps.bus.events.publish(app, { type: 'rollout_wanted' }).catch(() => undefined);
  }

  #take(app: AppId, node: string, pages: readonly RolloutTally[]): void {
    // Another node asked for it: what nobody here wants is not kept.
    if (!this.#followed.has(app) && this.#waiting.size === 0) return;
    const nodes = this.#heard.get(app) ?? new Map<string, Heard>();
    this.#heard.set(app, nodes.set(node, { atMs: this.#deps.clock.monotonic(), pages }));
    for (const look of this.#waiting) look();
  }

  #others(app: AppId): Heard[] {
    const sinceMs = this.#deps.clock.monotonic() - heardForMs;
    return [...(this.#heard.get(app)?.values() ?? [])].filter(({ atMs }) => atMs >= sinceMs);
  }

  #heardFrom(app: AppId): number {
    const tallies = this.#others(app).flatMap(({ pages }) => pages);
    return tallies
      .flatMap(({ versions }) => versions)
      .reduce((sum, { confirmed, enforced }) => sum + confirmed + enforced, 0);
  }

  async #elsewhere(app: AppId): Promise<number> {
    return this.#deps.isAlone ? 0 : (await this.#deps.presence.count(app)).elsewhere;
  }

  #until(isDone: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#waiting.delete(look);
        resolve();
      };
      const look = (): void => {
        if (isDone()) end();
      };
      const timer = this.#deps.clock.after(answerWithinMs, end);
      this.#waiting.add(look);
      look();
    });
  }

  #merged(app: AppId): RolloutTally[] {
    const sums = new Sums();
    for (const tally of this.#tally(app)) sums.addTally(tally);
    for (const { pages } of this.#others(app)) for (const tally of pages) sums.addTally(tally);
    return sums.tallies();
  }

  /** Of this node. */
  #tally(app: AppId): RolloutTally[] {
    const sums = new Sums();
    for (const { page, policyVersion } of this.#deps.registry.ofApp(app) ?? []) {
      const { pattern, version } = page.policy;
      sums.add(pattern, version, {
        ...(policyVersion === version ? { confirmed: 1, enforced: 0 } : { confirmed: 0, enforced: 1 }),
        silent: policyVersion === undefined ? 1 : 0,
      });
    }
    return sums.tallies();
  }
}

type Counts = Omit<RolloutTally['versions'][number], 'version'>;

class Sums {
  readonly #patterns = new Map<string, Map<number, Counts>>();

  add(pattern: string, version: number, { confirmed, enforced, silent }: Counts): void {
    let versions = this.#patterns.get(pattern);
    if (versions === undefined) this.#patterns.set(pattern, (versions = new Map<number, Counts>()));
    const sum = versions.get(version);
    if (sum === undefined) {
      versions.set(version, { confirmed, enforced, silent });
      return;
    }
    sum.confirmed += confirmed;
    sum.enforced += enforced;
    sum.silent += silent;
  }

  addTally({ pattern, versions }: RolloutTally): void {
    for (const { version, ...counts } of versions) this.add(pattern, version, counts);
  }

  tallies(): RolloutTally[] {
    return [...this.#patterns].map(([pattern, versions]) => ({
      pattern,
      versions: [...versions]
        .map(([version, counts]) => ({ version, ...counts }))
        .toSorted((a, b) => b.version - a.version),
    }));
  }
}
