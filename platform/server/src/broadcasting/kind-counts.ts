// How many broadcasts of each kind an app made in the last day, by the hour, over all nodes. Not what became of
// them, and not those that were refused.

import { Rounds } from '../concurrency/rounds.ts';
import { dayOf, keptSince } from '../notifications/sending/usage-days.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts, FactSubscription } from '../ports/facts.ts';
import type { UsageCount, UsageStore } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Kinds } from './kinds.ts';

export interface KindCountsDeps {
  usage: UsageStore;
  kinds: Pick<Kinds, 'find'>;
  facts: Pick<Facts, 'subscribe'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

/** What a kill forgets, and what other nodes see later, at most. */
const flushMs = 10_000;
const hourMs = 3_600_000;
export const countedHours = 24;

/** Other counters of an app's day have other names. */
const prefix = 'kind:';

export class KindCounts {
  readonly #deps: KindCountsDeps;
  readonly #listening: FactSubscription;
  readonly #rounds: Rounds;
  /** Not stored so far: by app, then by kind and hour. */
  #pending = new Map<AppId, Map<string, PendingCount>>();

  constructor(deps: KindCountsDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({ clock: deps.surroundings.clock, everyMs: flushMs, run: () => this.#flush() });
    this.#listening = deps.facts.subscribe('counts of kinds', ['message.sent'], (app, facts) => {
      for (const { kind, acceptedAtMs } of facts) this.#count(app, { kind, hour: hourOf(acceptedAtMs), count: 1 });
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Stores what was counted. */
  async stop(): Promise<void> {
    await this.#listening.flush();
    this.#listening.end();
    await this.#rounds.stop();
    await this.#flush();
  }

  /**
   * By kind, the oldest of the last 24 hours first, the hour that is under way last; kinds without any are left
   * out. Rejects with `unavailable`.
   */
  async of(app: AppId): Promise<ReadonlyMap<string, readonly number[]>> {
    await this.#listening.flush();
    await this.#flushOf(app);
    const now = hourOf(this.#deps.surroundings.clock.now());
    const first = now - countedHours + 1;
    const days = new Set([first, now].map((hour) => dayOf(hour * hourMs)));
    const counts = new Map<string, number[]>();
    for (const day of days) {
      for (const [name, count] of await this.#deps.usage.read(app, day)) {
        const found = readName(name, day);
        if (found === undefined || found.hour < first || found.hour > now) continue;
        const hours = counts.get(found.kind) ?? Array.from({ length: countedHours }, () => 0);
        hours[found.hour - first] = count;
        counts.set(found.kind, hours);
      }
    }
    return counts;
  }

  #count(app: AppId, added: PendingCount): void {
    const pending = this.#pending.get(app) ?? new Map<string, PendingCount>();
    this.#pending.set(app, pending);
    const key = `${added.kind} ${added.hour}`;
    const known = pending.get(key);
    if (known === undefined) pending.set(key, added);
    else known.count += added.count;
  }

  async #flush(): Promise<void> {
    for (const app of [...this.#pending.keys()]) {
      await this.#flushOf(app).catch((err: unknown) => {
        this.#deps.surroundings.log.warn('counts of kinds could not be stored', { app, err });
      });
    }
  }

  async #flushOf(app: AppId): Promise<void> {
    const pending = [...(this.#pending.get(app)?.values() ?? [])];
    this.#pending.delete(app);
    if (pending.length === 0) return;
    try {
      const rows: UsageCount[] = [];
      for (const { kind, hour, count } of pending) {
        // An action with a policy of its own goes by a name that anybody chooses: there is no end of those.
        if ((await this.#deps.kinds.find(app, kind)) === undefined) continue;
        const atMs = hour * hourMs;
        rows.push({ day: dayOf(atMs), name: `${prefix}${kind}:${new Date(atMs).getUTCHours()}`, count });
      }
      if (rows.length > 0) await this.#deps.usage.add(app, rows, keptSince(this.#deps.surroundings.clock.now()));
    } catch (error) {
      for (const each of pending) this.#count(app, each);
      throw error;
    }
  }
}

interface PendingCount {
  kind: string;
  /** Since the epoch. */
  hour: number;
  count: number;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / hourMs);
}

function readName(name: string, day: string): { kind: string; hour: number } | undefined {
  const [, kind, hour] = /^kind:(.+):(\d+)$/.exec(name) ?? [];
  if (kind === undefined || hour === undefined) return undefined;
  return { kind, hour: hourOf(Date.parse(`${day}T00:00:00.000Z`)) + Number(hour) };
}
