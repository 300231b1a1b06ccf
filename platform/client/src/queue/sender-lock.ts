// Lets one tab at a time send an owner's queue: Web Locks where there are any, else a lease in localStorage.
// The messages are the outbox's.
import { parseJson } from '../serializer.ts';
import type { Clock, KeyValue } from '../types.ts';

export interface SenderLock {
  /**
   * Runs `work` while no other tab runs its own under this name. A tab that dies lets go by itself. When
   * `signal` ends the waiting, `work` is not run; work under way is not ended by it.
   */
  hold(name: string, work: () => Promise<void>, signal: AbortSignal): Promise<void>;
}

export function createWebLock(locks: Pick<LockManager, 'request'>): SenderLock {
  return {
    async hold(name, work, signal) {
      const turn = { begun: false };
      const begin = (): Promise<void> => {
        turn.begun = true;
        return work();
      };
      try {
        await locks.request(name, { signal }, begin);
      } catch (error) {
        if (signal.aborted) return;
        if (turn.begun) throw error;
        // A sandboxed frame has no locks, and shares no storage either.
        await work();
      }
    },
  };
}

/** Where nothing is shared, nobody else is there. */
export const openLock: SenderLock = { hold: (_name, work) => work() };

/**
 * A tab that died is missed this long. Background tabs may be woken only once a second, so renewals come in
 * time.
 */
const leaseMs = 6000;
const renewMs = 2000;
/** Time for another tab's claim of the same moment to show. */
const rivalMs = 50;
const pollMs = 500;

/**
 * localStorage cannot compare and set, so in a bad moment two tabs may hold the lease. No harm is done: both
 * send in the same order, and the server knows a message by its cid.
 */
export function createLease(deps: { keyValue: KeyValue; clock: Clock; id: string }): SenderLock {
  const { keyValue, clock, id } = deps;

  return {
    async hold(name, work, signal) {
      while (!signal.aborted && !(await claim(name, signal))) await pause(pollMs, signal);
      if (signal.aborted) return;
      let endRenewal = renewLater();
      function renewLater(): () => void {
        return clock.setTimer(() => {
          write(name);
          endRenewal = renewLater();
        }, renewMs);
      }
      try {
        await work();
      } finally {
        endRenewal();
        if (holder(name) === id) keyValue.remove(name);
      }
    },
  };

  async function claim(name: string, signal: AbortSignal): Promise<boolean> {
    if ((holder(name) ?? id) !== id) return false;
    write(name);
    await pause(rivalMs, signal);
    // Nobody holds it: nothing can be kept here at all, and waiting would never end.
    return (holder(name) ?? id) === id;
  }

  function write(name: string): void {
    try {
      keyValue.set(name, JSON.stringify({ id, until: clock.now() + leaseMs }));
    } catch {
      // Full or forbidden: see claim.
    }
  }

  function holder(name: string): string | undefined {
    const lease = (parseJson(keyValue.get(name) ?? '') ?? {}) as { id?: string; until?: number };
    const leftMs = (lease.until ?? 0) - clock.now();
    // A lease that reaches further than one can was written before the clock was set back.
    return leftMs > 0 && leftMs <= leaseMs ? lease.id : undefined;
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const endTimer = clock.setTimer(resolve, ms);
      signal.addEventListener('abort', () => {
        endTimer();
        resolve();
      });
    });
  }
}
