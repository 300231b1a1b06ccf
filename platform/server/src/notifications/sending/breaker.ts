// Stops calling a provider's service that has used up its error budget, and tries one call now and then. Per
// configuration; knows nothing of messages.
import type { Clock } from '../../ports/clock.ts';

/** `unavailable` alone uses the budget up: the others are answers of a service that is well. */
export const callClasses = ['accepted', 'unavailable', 'target', 'payload', 'credentials', 'quota'] as const;
export type CallClass = (typeof callClasses)[number];
export type CallCounts = Readonly<Partial<Record<CallClass, number>>>;

/** Enough that a few unlucky calls of a healthy service do not stop it. */
const failuresToOpen = 10;
/** Of the calls of the window, where there were enough of them to say so. */
const mostShare = 0.5;
const fewestCalls = 20;
const bucketMs = 60_000;
const buckets = 5;
/** Doubled with each probe that fails. */
const firstOpenMs = 5_000;
const longestOpenMs = 2 * 60_000;

/** How one configuration is: plain JSON. Durations, as they are measured by a clock of this process. */
export interface BudgetState {
  /** Of the last minutes. */
  errors: CallCounts;
  /** Undefined while it is called as ever. */
  quarantine?: { sinceMs: number; nextProbeMs: number; reason: string };
}

interface Trouble {
  /** Of the last failure. */
  reason: string;
  openedAt: number | undefined;
  failures: number;
  /** Monotonic ms; undefined while closed. */
  openUntil: number | undefined;
  openMs: number;
  /** The one call that is let through when the time is over. */
  probing: boolean;
}

interface Bucket {
  /** In whole `bucketMs`. */
  at: number;
  counts: Map<CallClass, number>;
}

export class Breaker {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Only configurations in trouble are remembered, so the memory is bounded by their number. */
  readonly #troubles = new Map<string, Trouble>();
  /** Of each configuration that is called, its calls of the last minutes. */
  readonly #windows = new Map<string, Bucket[]>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** 0: `admitMs` would let a call through now. Above 0: not before this many ms. */
  heldMs(key: string): number {
    const trouble = this.#troubles.get(key);
    if (trouble?.openUntil === undefined) return 0;
    const leftMs = trouble.openUntil - this.#clock.monotonic();
    if (leftMs > 0) return leftMs;
    // Half-open: what comes while the probe is under way looks in again when it should have ended.
    return trouble.probing ? firstOpenMs : 0;
  }

  /**
   * 0: call now, and then say what came of it with `record`. Above 0: not before this many ms; nothing was
   * counted.
   */
  admitMs(key: string): number {
    const heldMs = this.heldMs(key);
    const trouble = this.#troubles.get(key);
    if (heldMs === 0 && trouble?.openUntil !== undefined) trouble.probing = true;
    return heldMs;
  }

  /** Says when the configuration is quarantined by this, or comes back. `reason`: of a failure, for people. */
  record(key: string, said: CallClass, reason = ''): 'opened' | 'closed' | undefined {
    this.#count(key, said);
    const known = this.#troubles.get(key);
    if (said !== 'unavailable') {
      if (known !== undefined && this.#isWithinBudget(key, known)) {
        this.#troubles.delete(key);
        if (known.openUntil === undefined) return undefined;
        this.#windows.delete(key);
        return 'closed';
      }
      return undefined;
    }
    const fresh = { openedAt: undefined, openUntil: undefined, openMs: firstOpenMs, probing: false };
    const trouble: Trouble = known ?? { ...fresh, reason, failures: 0 };
    trouble.reason = reason;
    this.#troubles.set(key, trouble);
    trouble.failures += 1;
    const wasOpen = trouble.openUntil !== undefined;
    if (trouble.probing) trouble.openMs = Math.min(trouble.openMs * 2, longestOpenMs);
    else if (wasOpen || !this.#isUsedUp(key, trouble)) return undefined;
    trouble.probing = false;
    trouble.openUntil = this.#clock.monotonic() + trouble.openMs;
    trouble.openedAt ??= this.#clock.monotonic();
    return wasOpen ? undefined : 'opened';
  }

  /** Whether calls are held back now, for people. */
  isOpen(key: string): boolean {
    return this.#troubles.get(key)?.openUntil !== undefined;
  }

  /** For people. */
  state(key: string): BudgetState {
    const errors = this.counts(key);
    const { openUntil, openedAt, reason = '' } = this.#troubles.get(key) ?? {};
    if (openUntil === undefined || openedAt === undefined) return { errors };
    const now = this.#clock.monotonic();
    return { errors, quarantine: { sinceMs: now - openedAt, nextProbeMs: Math.max(0, openUntil - now), reason } };
  }

  /** Of the last minutes. */
  counts(key: string): CallCounts {
    const sums = new Map<CallClass, number>();
    for (const { counts } of this.#window(key))
      for (const [said, count] of counts) sums.set(said, (sums.get(said) ?? 0) + count);
    return Object.fromEntries(sums);
  }

  /** An answer of a probe ends the quarantine; another one only ends a row of failures. */
  #isWithinBudget(key: string, { openUntil, probing }: Trouble): boolean {
    return openUntil === undefined ? !this.#isShareUsedUp(key) : probing;
  }

  #isUsedUp(key: string, { failures }: Trouble): boolean {
    return failures >= failuresToOpen || this.#isShareUsedUp(key);
  }

  #isShareUsedUp(key: string): boolean {
    const { unavailable = 0, ...others } = this.counts(key);
    const calls = Object.values(others).reduce((sum, count) => sum + count, unavailable);
    return calls >= fewestCalls && unavailable / calls > mostShare;
  }

  #count(key: string, said: CallClass): void {
    const at = Math.floor(this.#clock.monotonic() / bucketMs);
    const window = this.#window(key);
    const last = window.at(-1);
    if (last?.at === at) last.counts.set(said, (last.counts.get(said) ?? 0) + 1);
    else this.#windows.set(key, [...window, { at, counts: new Map([[said, 1]]) }]);
  }

  #window(key: string): Bucket[] {
    const oldest = Math.floor(this.#clock.monotonic() / bucketMs) - buckets;
    return (this.#windows.get(key) ?? []).filter(({ at }) => at > oldest);
  }
}
