// How many pushes an app and each of its providers have made, against how many they may. Days are counted in
// the store by the batch, minutes by the rates; sends nothing.
import type { PushQuota } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Rate, RateAnswer, Rates } from '../../ports/rates.ts';
import type { UsageStore } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import { DayCounts } from './day-counts.ts';
import { dayOf, keptSince } from './usage-days.ts';

export interface QuotasDeps {
  usage: UsageStore;
  rates: Rates;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export interface QuotaQuestion {
  provider: { readonly id: string; readonly quota?: PushQuota | undefined };
  appQuota: PushQuota | undefined;
}

/** The owner of a quota that is used up. */
export type Spent = 'app' | 'provider';

const flushMs = 1000;
/** Counts of other nodes are learnt this late at the latest. */
const freshMs = 10_000;
const minuteMs = 60_000;
const appCounter = 'push';

/**
 * A push counts when its first attempt is made; further attempts are the same push. Days are UTC's. Both are
 * counted over all nodes, but days with a delay: several nodes may exceed a day's quota by what they send
 * within `flushMs`, and a kill forgets as much.
 */
export class Quotas {
  readonly #deps: QuotasDeps;
  readonly #apps = new Map<AppId, DayCounts>();
  /** One call of the store an app at a time: what is read and what is added must not overtake each other. */
  readonly #turns = new KeyedQueue<string>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(deps: QuotasDeps) {
    this.#deps = deps;
  }

  /** Resolves when what was used today is known; rejects while it isn't and the store is away. */
  async load(app: AppId): Promise<void> {
    const { clock } = this.#deps.surroundings;
    const { readAt } = this.#countsOf(app);
    if (clock.monotonic() - readAt < freshMs) return;
    const reading = this.#turns.run(app, async () => {
      const counts = this.#countsOf(app);
      if (clock.monotonic() - counts.readAt < freshMs) return;
      counts.adopt(await this.#deps.usage.read(app, counts.day), clock.monotonic());
    });
    // Counts that were known are good enough while the store is away.
    await (readAt === -Infinity ? reading : reading.catch(() => undefined));
  }

  /** The owner of the quota that a push would find used up now, or undefined. Meaningful after `load`. */
  async spent(app: AppId, asked: QuotaQuestion): Promise<Spent | undefined> {
    return this.#spentDay(app, asked) ?? (await this.#askRates('peek', app, asked));
  }

  /** Counts a push, or says whose quota is used up and counts nothing. Meaningful after `load`. */
  async take(app: AppId, asked: QuotaQuestion): Promise<Spent | undefined> {
    const spent = this.#spentDay(app, asked);
    if (spent !== undefined) return spent;
    // Before the minute is asked: pushes that are made side by side must not all see the day's last one.
    this.#count(app, asked.provider.id, 1);
    const refused = await this.#askRates('take', app, asked);
    if (refused !== undefined) this.#count(app, asked.provider.id, -1);
    return refused;
  }

  /** Today so far; without a provider the app's. */
  async today(app: AppId, providerId?: string): Promise<number> {
    await this.load(app);
    return this.#countsOf(app).total(counterOf(providerId));
  }

  /** Stores what was counted. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#flush();
  }

  #countsOf(app: AppId): DayCounts {
    const day = dayOf(this.#deps.surroundings.clock.now());
    const known = this.#apps.get(app);
    if (known?.day === day) return known;
    const next = new DayCounts(day, known);
    this.#apps.set(app, next);
    return next;
  }

  #spentDay(app: AppId, { provider, appQuota }: QuotaQuestion): Spent | undefined {
    const counts = this.#countsOf(app);
    const isOver = (counter: string, perDay = Infinity): boolean => counts.total(counter) >= perDay;
    if (isOver(counterOf(provider.id), provider.quota?.perDay)) return 'provider';
    return isOver(appCounter, appQuota?.perDay) ? 'app' : undefined;
  }

  async #askRates(
    method: 'take' | 'peek',
    app: AppId,
    { provider, appQuota }: QuotaQuestion,
  ): Promise<Spent | undefined> {
    const ofProvider = rateOf(`push:${app}:${provider.id}`, provider.quota);
    const asked = [...ofProvider, ...rateOf(`push:${app}`, appQuota)];
    if (asked.length === 0) return undefined;
    let answer: RateAnswer;
    try {
      answer = await this.#deps.rates[method](asked);
    } catch (error) {
      // A quota keeps a bill small; it is no reason to lose a push.
      this.#deps.surroundings.log.debug('pushes of this minute could not be counted', { app, err: error });
      return undefined;
    }
    if (answer.ok) return undefined;
    return answer.key === ofProvider[0]?.key ? 'provider' : 'app';
  }

  #count(app: AppId, providerId: string, by: 1 | -1): void {
    const counts = this.#countsOf(app);
    counts.count(appCounter, by);
    counts.count(counterOf(providerId), by);
    this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#deps.surroundings.clock.after(flushMs, () => {
      this.#timer = undefined;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    await Promise.all([...this.#apps.keys()].map((app) => this.#turns.run(app, () => this.#store(app))));
  }

  async #store(app: AppId): Promise<void> {
    const { usage, surroundings } = this.#deps;
    const sent = this.#countsOf(app).takePending();
    if (sent.length === 0) return;
    try {
      const totals = await usage.add(app, sent, keptSince(surroundings.clock.now()));
      this.#countsOf(app).learn(sent, totals);
    } catch (error) {
      surroundings.log.debug('pushes could not be counted; again in a moment', { app, err: error });
      this.#countsOf(app).putBack(sent);
      this.#scheduleFlush();
    }
  }
}

function counterOf(providerId: string | undefined): string {
  return providerId === undefined ? appCounter : `${appCounter}:${providerId}`;
}

function rateOf(key: string, quota: PushQuota | undefined): Rate[] {
  return quota?.perMinute === undefined ? [] : [{ key, limit: quota.perMinute, perMs: minuteMs }];
}
