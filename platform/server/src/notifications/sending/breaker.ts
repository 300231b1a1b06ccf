// Stops calling a provider's service that keeps failing, and tries one call now and then. Per configuration; knows nothing of messages.
import type { Clock } from '../../ports/clock.ts';

/** Enough that a few unlucky calls of a healthy service do not stop it. */
const failuresToOpen = 10;
/** Doubled with each probe that fails. */
const firstOpenMs = 5_000;
const longestOpenMs = 2 * 60_000;

export interface Breaker {
  /** 0: call now, and then say what came of it with `note`. Above 0: not before this many ms; nothing was counted. */
  admitMs(key: string): number;
  /** `answered`: the service said something, be it no. */
  record(key: string, result: 'answered' | 'failed'): void;
  /** Whether calls are held back now, for people. */
  isOpen(key: string): boolean;
}

interface Trouble {
  failures: number;
  /** Monotonic ms; undefined while closed. */
  openUntil: number | undefined;
  openMs: number;
  /** The one call that is let through when the time is over. */
  probing: boolean;
}

/** Only configurations in trouble are remembered, so the memory is bounded by their number. */
export function createBreaker(clock: Clock): Breaker {
  const troubles = new Map<string, Trouble>();

  const isOpen = (key: string): boolean => troubles.get(key)?.openUntil !== undefined;
  return {
    isOpen,
    admitMs(key) {
      const trouble = troubles.get(key);
      if (trouble?.openUntil === undefined) return 0;
      const leftMs = trouble.openUntil - clock.monotonic();
      if (leftMs > 0) return leftMs;
      // Half-open: what comes while the probe is under way looks in again when it should have ended.
      if (trouble.probing) return firstOpenMs;
      trouble.probing = true;
      return 0;
    },
    record(key, result) {
      if (result === 'answered') {
        troubles.delete(key);
        return;
      }
      const trouble = troubles.get(key) ?? { failures: 0, openUntil: undefined, openMs: firstOpenMs, probing: false };
      troubles.set(key, trouble);
      trouble.failures += 1;
      if (trouble.probing) trouble.openMs = Math.min(trouble.openMs * 2, longestOpenMs);
      else if (trouble.failures < failuresToOpen || trouble.openUntil !== undefined) return;
      trouble.probing = false;
      trouble.openUntil = clock.monotonic() + trouble.openMs;
    },
  };
}
