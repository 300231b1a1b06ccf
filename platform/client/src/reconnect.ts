// When to try again. What an attempt is, and what a close code asks for first: page-lifecycle.ts.
import type { Policies } from './policies.ts';
import type { Surroundings } from './types.ts';

export interface Reconnect {
  /**
   * An attempt failed, or a connection was lost: runs when the next one is due, by the schedule and not
   * before `afterMs`.
   */
  again(run: () => void, afterMs: number): void;
  /** Runs after this time, whatever the schedule says. */
  wait(delayMs: number, run: () => void): void;
  cancel(): void;
  /**
   * The server goes away and comes back soon: for a minute the attempts are this far apart at most, and do not
   * count.
   */
  expectRestart(withinMs: number): void;
  /** When it runs, ms since the epoch; undefined when nothing is waited for. */
  dueAt(): number | undefined;
  /** `again` since `reset`. */
  readonly failures: number;
  /** The attempts are used up: what is waited for is a slow probe. */
  isUsedUp(): boolean;
  /** Connected, or the user, the browser or the server gave reason to begin anew. */
  reset(): void;
}

/**
 * A client that has given up looks in this often, so that a page left open over night finds the server again.
 */
const probeMs = 120_000;

/** A restart that takes longer is an outage like any other. */
const restartMs = 60_000;

/**
 * A page that was switched off under its reader, by mistake perhaps, is looked at after this for the first
 * time, and each time after twice as long.
 */
const firstLookMs = 15_000;

/** A quarter less to a quarter more; `random` is 0 to 1, `looks` how many there were before. */
export function probeDelayMs(random: number, looks = Infinity): number {
  return Math.min(probeMs, firstLookMs * 2 ** looks) * (0.75 + random / 2);
}

/**
 * Doubling from the base to the maximum, full jitter: any part of the time, so that a thousand clients do not
 * come back at once.
 */
export function createReconnect(
  policies: Pick<Policies, 'settings'>,
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
): Reconnect {
  let failures = 0;
  let restartWithinMs = 0;
  let restartUntilMs = -Infinity;
  let waiting: { cancel: () => void; dueAt: number } | undefined;

  function delayMs(): number {
    if (isRestart()) return random() * restartWithinMs;
    const { reconnectBaseMs, reconnectMaxMs } = policies.settings();
    if (isUsedUp()) return probeDelayMs(random());
    // The power is bounded, or a server that allows a thousand attempts makes it Infinity.
    return random() * Math.min(reconnectMaxMs, reconnectBaseMs * 2 ** Math.min(failures - 1, 30));
  }

  function isRestart(): boolean {
    return clock.monotonic() < restartUntilMs;
  }

  function isUsedUp(): boolean {
    return failures > policies.settings().reconnectMaxAttempts;
  }

  function wait(waitMs: number, run: () => void): void {
    waiting?.cancel();
    const cancel = clock.setTimer(() => {
      waiting = undefined;
      run();
    }, waitMs);
    waiting = { cancel, dueAt: clock.now() + waitMs };
  }

  return {
    again(run, afterMs) {
      if (!isRestart()) failures += 1;
      wait(Math.max(delayMs(), afterMs), run);
    },
    wait,
    cancel() {
      waiting?.cancel();
      waiting = undefined;
    },
    expectRestart(withinMs) {
      restartWithinMs = withinMs;
      restartUntilMs = clock.monotonic() + restartMs;
    },
    dueAt: () => waiting?.dueAt,
    get failures() {
      return failures;
    },
    isUsedUp,
    reset() {
      failures = 0;
    },
  };
}

/** The network was to blame, or a restart, and not the client: the schedule begins anew. */
export function isNetworkLoss(code: number): boolean {
  return [1001, 1005, 1006, 1012].includes(code);
}
