// How busy each app was in the last hour, in steps of ten seconds, as this node saw it: for charts of the console.
// What is kept for days: figure-keeping.ts.
// Figures of the moment: live-stats.ts. An installation is monitored by its metrics, not by this.

import type { DeviceType } from '@belfry/protocol';
import { Rounds } from '../../concurrency/rounds.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Facts, FactSubscription } from '../../ports/facts.ts';
import type { MessageSent } from '../../ports/message-facts.ts';
import type { Presence } from '../../ports/presence.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { Registry } from '../registry.ts';
import { add } from './counts.ts';

export interface Figures {
  /** The end of the step, ms since the epoch. */
  at: number;
  /** On all nodes; undefined where presence could not be asked. */
  connections: Readonly<Partial<Record<DeviceType, number>>> | undefined;
  users: number | undefined;
  /** Of this node, in this step. */
  messages: number;
  events: number;
  accepted: number;
  failed: number;
  withheld: number;
  /** What went wrong or was withheld, by reason and what it was at: `target_gone web`. */
  reasons: ReadonlyMap<string, number>;
  /** People, each for one message that may be pushed to them. */
  mayPush: number;
  /** What became of the message for them, by reason. */
  pushEnds: ReadonlyMap<string, number>;
}

/** Since this node began to count. */
export interface Totals {
  messages: number;
  events: number;
}

interface Counting {
  messages: number;
  events: number;
  accepted: number;
  failed: number;
  withheld: number;
  reasons: Map<string, number>;
  mayPush: number;
  pushEnds: Map<string, number>;
}

export const figuresEveryMs = 10_000;
const keptSteps = 360;
/** Of apps that are busy at once; beyond it those that were longest quiet are forgotten. */
const mostApps = 500;

/** Totals that nobody asks for any more are not counted. */
const totalsForMs = 60_000;

const factTypes = ['message.sent', 'push.accepted', 'push.failed', 'push.withheld', 'push.ended'] as const;

/** Is given each step, and begins and ends with the counting. */
interface StepKeeping {
  take(app: AppId, step: Figures): void;
  start(): void;
  stop(): Promise<void>;
}

interface AppFiguresDeps {
  registry: Pick<Registry, 'ofApp' | 'sessions'>;
  presence: Pick<Presence, 'count'>;
  facts: Facts;
  keeping: StepKeeping;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class AppFigures {
  readonly #deps: AppFiguresDeps;
  readonly #counting = new Map<AppId, Counting>();
  /** The app that was busy last is the last. */
  readonly #kept = new Map<AppId, Figures[]>();
  readonly #totals = new Map<AppId, Totals & { askedAtMs: number }>();
  readonly #listening: FactSubscription;
  readonly #rounds: Rounds;

  constructor(deps: AppFiguresDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({
      ...{ clock: deps.surroundings.clock, everyMs: figuresEveryMs, run: () => this.#step() },
    });
    this.#listening = deps.facts.subscribe('figures of apps', factTypes, (app, facts) => {
      const counting = this.#of(app);
      for (const fact of facts) {
        if (fact.type === 'message.sent') this.#sent(app, counting, fact);
        else if (fact.type === 'push.ended') add(counting.pushEnds, fact.reason, fact.count);
        else {
          const { provider = '', reason } = fact;
          if (fact.type === 'push.accepted') counting.accepted += 1;
          else if (fact.type === 'push.failed') counting.failed += 1;
          else counting.withheld += 1;
          if (fact.type !== 'push.accepted') add(counting.reasons, `${reason} ${provider}`.trim(), 1);
        }
      }
    });
  }

  #sent(app: AppId, counting: Counting, { counts, mayPush }: MessageSent): void {
    counting.messages += 1;
    const totals = this.#totals.get(app);
    if (totals !== undefined) totals.messages += 1;
    for (const [reason, count] of Object.entries(counts)) if (told.has(reason)) add(counting.reasons, reason, count);
    if (mayPush === undefined) return;
    counting.mayPush += mayPush.people;
    for (const [reason, count] of mayPush.ended) add(counting.pushEnds, reason, count);
    if (mayPush.deferred > 0) add(counting.pushEnds, 'quiet_hours_deferred', mayPush.deferred);
  }

  /** An event was handed to `sent` connections of this node. */
  delivered(app: AppId, { sent }: { sent: number }): void {
    this.#of(app).events += sent;
    const totals = this.#totals.get(app);
    if (totals !== undefined) totals.events += sent;
  }

  /** Counts from the first time that it is asked, for as long as it is asked for. */
  totals(app: AppId): Totals {
    const known = this.#totals.get(app) ?? { messages: 0, events: 0 };
    const { messages, events } = known;
    this.#totals.set(app, { messages, events, askedAtMs: this.#deps.surroundings.clock.monotonic() });
    return { messages, events };
  }

  start(): void {
    this.#rounds.start();
    this.#deps.keeping.start();
  }

  async stop(): Promise<void> {
    this.#listening.end();
    await this.#rounds.stop();
    await this.#deps.keeping.stop();
  }

  /** The oldest first; nothing of a step in which nobody was there and nothing happened. */
  of(app: AppId, fromMs: number): readonly Figures[] {
    return (this.#kept.get(app) ?? []).filter(({ at }) => at >= fromMs);
  }

  async #step(): Promise<void> {
    const apps = new Set([...this.#counting.keys(), ...this.#kept.keys()]);
    for (const { app } of this.#deps.registry.sessions()) apps.add(app);
    for (const app of apps) await this.#keep(app);
    const before = this.#deps.surroundings.clock.monotonic() - totalsForMs;
    for (const [app, { askedAtMs }] of this.#totals) if (askedAtMs < before) this.#totals.delete(app);
    for (const [app] of this.#kept) {
      if (this.#kept.size <= mostApps) break;
      this.#kept.delete(app);
    }
  }

  async #keep(app: AppId): Promise<void> {
    const { presence, keeping, surroundings } = this.#deps;
    const counted = this.#counting.get(app) ?? nothing();
    this.#counting.delete(app);
    const count = await presence.count(app).catch((error: unknown) => {
      surroundings.log.debug('figures of an app are without its connections', { app, err: error });
    });
    const at = surroundings.clock.now();
    const kept = this.#kept.get(app) ?? [];
    const step = { at, connections: count?.byDeviceType, users: count?.users, ...counted };
    kept.push(step);
    keeping.take(app, step);
    const recent = kept.filter((each) => each.at > at - keptSteps * figuresEveryMs);
    const isQuiet = recent.every((each) => isNothing(each));
    this.#kept.delete(app);
    if (!isQuiet) this.#kept.set(app, recent);
  }

  #of(app: AppId): Counting {
    let counting = this.#counting.get(app);
    if (counting === undefined) {
      counting = nothing();
      this.#counting.set(app, counting);
    }
    return counting;
  }
}

/** Reasons of a broadcast that may mean that something is wrong with a page or a push. */
const told: ReadonlySet<string> = new Set(['feature_off_on_page', 'slow_consumer', 'no_provider_for_device']);

function nothing(): Counting {
  const counts = { messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0, mayPush: 0 };
  return { ...counts, reasons: new Map(), pushEnds: new Map() };
}

/** Nobody was there, as far as it is known, and nothing happened. */
export function isNothing({ connections = {}, pushEnds, ...step }: Figures): boolean {
  const { messages, events, accepted, failed, withheld } = step;
  const isQuiet = messages + events + accepted + failed + withheld + pushEnds.size === 0;
  return isQuiet && Object.values(connections).every((count) => count === 0);
}
