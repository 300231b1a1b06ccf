// How many pushes an app and each of its providers have made, against how many they may. Counts in memory, and in the store by the batch; sends nothing.
import type { PushQuota } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { UsageStore } from '../../ports/stores/index.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';

/**
 * A push counts when its first attempt is made; further attempts are the same push. Days are UTC's. Minutes are counted by each process that sends, days by
 * all together: several may exceed a day's quota by what they send within `flushMs`, and a kill forgets as much.
 */
export interface Quotas {
  /** Resolves when what was used today is known; rejects while it isn't and the store is away. */
  load(app: AppId): Promise<void>;
  /** Whose quota is used up, or undefined. Meaningful after `load`. */
  spent(app: AppId, asked: QuotaQuestion): 'app' | 'provider' | undefined;
  count(app: AppId, providerId: string): void;
  /** Today so far; without a provider the app's. */
  today(app: AppId, providerId?: string): Promise<number>;
  /** Stores what was counted. Idempotent. */
  stop(): Promise<void>;
}

export interface QuotaQuestion {
  provider: { readonly id: string; readonly quota?: PushQuota | undefined };
  appQuota: PushQuota | undefined;
}

interface Counts {
  day: string;
  /** By counter: as the store had it last, and what was counted since. */
  total: Map<string, number>;
  /** Of any day, not handed to the store so far. */
  pending: { day: string; name: string; count: number }[];
  minutes: Map<string, { startedAt: number; count: number }>;
  /** Monotonic ms; when the store was last heard. */
  readAt: number;
}

const flushMs = 1000;
/** What other nodes count is learnt this late at the latest. */
const freshMs = 10_000;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const keptDays = 35;
const appCounter = 'push';
const counterOf = (providerId: string | undefined): string =>
  providerId === undefined ? appCounter : `${appCounter}:${providerId}`;

export function createQuotas({ usage, clock, log }: { usage: UsageStore; clock: Clock; log: Log }): Quotas {
  const apps = new Map<AppId, Counts>();
  /** One call of the store an app at a time: what is read and what is added must not overtake each other. */
  const turns = new KeyedQueue<string>();
  let timer: Timer | undefined;
  let stopped = false;

  const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

  function countsOf(app: AppId): Counts {
    const day = dayOf(clock.now());
    const known = apps.get(app);
    if (known?.day === day) return known;
    const fresh = { day, total: new Map<string, number>(), readAt: -Infinity };
    const next = { ...fresh, pending: known?.pending ?? [], minutes: known?.minutes ?? new Map() };
    apps.set(app, next);
    return next;
  }

  async function load(app: AppId): Promise<void> {
    const { readAt } = countsOf(app);
    if (clock.monotonic() - readAt < freshMs) return;
    const reading = turns.run(app, async () => {
      const counts = countsOf(app);
      if (clock.monotonic() - counts.readAt < freshMs) return;
      const stored = await usage.read(app, counts.day);
      counts.readAt = clock.monotonic();
      counts.total = new Map(stored);
      for (const { day, name, count } of counts.pending) if (day === counts.day) raise(counts.total, name, count);
    });
    // What was known is good enough while the store is away.
    await (readAt === -Infinity ? reading : reading.catch(() => undefined));
  }

  function isOver(counts: Counts, name: string, quota: PushQuota | undefined): boolean {
    if (quota?.perDay !== undefined && (counts.total.get(name) ?? 0) >= quota.perDay) return true;
    if (quota?.perMinute === undefined) return false;
    const minute = counts.minutes.get(name);
    const inMinute = minute !== undefined && clock.monotonic() - minute.startedAt < minuteMs ? minute.count : 0;
    return inMinute >= quota.perMinute;
  }

  function countOne(counts: Counts, name: string): void {
    raise(counts.total, name, 1);
    hold(counts, { day: counts.day, name, count: 1 });
    const now = clock.monotonic();
    const minute = counts.minutes.get(name);
    if (minute === undefined || now - minute.startedAt >= minuteMs)
      counts.minutes.set(name, { startedAt: now, count: 1 });
    else minute.count += 1;
  }

  function schedule(): void {
    if (!stopped)
      timer ??= clock.after(flushMs, () => {
        timer = undefined;
        void flush();
      });
  }

  async function flush(): Promise<void> {
    await Promise.all([...apps.keys()].map((app) => turns.run(app, () => store(app))));
  }

  async function store(app: AppId): Promise<void> {
    const { pending } = countsOf(app);
    if (pending.length === 0) return;
    const sent = pending.splice(0);
    try {
      const totals = await usage.add(app, sent, dayOf(clock.now() - keptDays * dayMs));
      const counts = countsOf(app);
      for (const [index, { day, name }] of sent.entries()) {
        if (day !== counts.day) continue;
        const since = counts.pending.find((each) => each.name === name && each.day === day)?.count ?? 0;
        counts.total.set(name, (totals[index] ?? 0) + since);
      }
    } catch (error) {
      log.debug('pushes could not be counted; again in a moment', { app, error });
      for (const each of sent) hold(countsOf(app), each);
      schedule();
    }
  }

  return {
    load,
    spent(app, { provider, appQuota }) {
      const counts = countsOf(app);
      if (isOver(counts, counterOf(provider.id), provider.quota)) return 'provider';
      return isOver(counts, counterOf(undefined), appQuota) ? 'app' : undefined;
    },
    count(app, providerId) {
      const counts = countsOf(app);
      countOne(counts, counterOf(undefined));
      countOne(counts, counterOf(providerId));
      schedule();
    },
    async today(app, providerId) {
      await load(app);
      return countsOf(app).total.get(counterOf(providerId)) ?? 0;
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await flush();
    },
  };
}

/** Keeps it for the store, with what is kept of the same counter. */
function hold({ pending }: Counts, { day, name, count }: Counts['pending'][number]): void {
  const same = pending.find((each) => each.name === name && each.day === day);
  if (same === undefined) pending.push({ day, name, count });
  else same.count += count;
}

function raise(total: Map<string, number>, name: string, by: number): void {
  total.set(name, (total.get(name) ?? 0) + by);
}
