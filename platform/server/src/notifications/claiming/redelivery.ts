// Redoes the claims that a killed or overloaded process did not make, from the flags on the stored messages (G10). Harmless where they were made.
import { LRUCache } from 'lru-cache';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { DeviceStore, OutboxStore, StoredMessage } from '../../ports/stores/index.ts';
import type { Claim } from './claim.ts';
import { forEachBounded } from '../../concurrency/for-each-bounded.ts';
import { Rounds } from '../../concurrency/rounds.ts';
import { SingleFlight } from '../../concurrency/single-flight.ts';
import { claimIdOf } from '../push-job.ts';
import type { RecipientsOf } from '../needs.ts';
import type { OutboxFlags } from './outbox-flags.ts';

export interface Relay {
  /** Scans now, and then every few seconds. */
  start(): void;
  /** One scan: resolves when what was due is done or has failed. */
  scan(): Promise<void>;
  stop(): Promise<void>;
}

interface RelayDeps {
  outbox: OutboxStore;
  devices: Pick<DeviceStore, 'ofUsers'>;
  recipientsOf: RecipientsOf;
  claim: Claim;
  settling: OutboxFlags;
  isAtWork: (message: StoredMessage) => boolean;
  clock: Clock;
  log: Log;
}

const everyMs = 5_000;
const batch = 200;
const messagesAtOnce = 4;
/** Users whose devices are looked up in one call. */
const usersAtOnce = 500;
/** Messages that failed are asked for beside the batch, so that they can't stand in the way of the others. */
const mostFailing = 1_000;
const failingAgainMs = 60_000;

export function createRelay(deps: RelayDeps): Relay {
  const { outbox, clock, log, settling } = deps;
  /** When a message that failed may be tried again, monotonic ms. */
  const failing = new LRUCache<string, number>({ max: mostFailing });
  const scans = new SingleFlight(scanOnce);
  const rounds = new Rounds({ clock, everyMs, run: tick });
  let stopped = false;

  async function scanOnce(): Promise<void> {
    const due = await outbox.due(clock.now(), batch + failing.size);
    const mine = due.filter(({ message }) => !deps.isAtWork(message) && isTime(message));
    await forEachBounded(mine, messagesAtOnce, async ({ app, message }) => {
      if (stopped) return;
      try {
        await redo(app, message);
        failing.delete(claimIdOf(message));
      } catch (error) {
        failing.set(claimIdOf(message), clock.monotonic() + failingAgainMs);
        log.warn('push could not be relayed', { app, messageId: message.id, error });
      }
    });
    await settling.flush();
  }

  function isTime(message: StoredMessage): boolean {
    return (failing.get(claimIdOf(message)) ?? 0) <= clock.monotonic();
  }

  async function redo(app: AppId, message: StoredMessage): Promise<void> {
    if (message.policy.push !== 'never' && message.deletedAt === undefined) {
      const users = await deps.recipientsOf(app, message);
      for (let start = 0; start < users.length; start += usersAtOnce) {
        const chunk = users.slice(start, start + usersAtOnce);
        // As the fast path: who has no device is not claimed, and the same winners make the same job.
        const devices = await deps.devices.ofUsers(app, chunk);
        await deps.claim(
          app,
          message,
          chunk.filter((userId) => devices.has(userId)),
        );
      }
    }
    settling.clear(app, message);
  }

  async function tick(): Promise<void> {
    try {
      await scans.join();
    } catch (error) {
      // The store says itself that it is away.
      log.debug('outbox could not be read', { error });
    }
  }

  return {
    start: () => rounds.start('now'),
    scan: () => scans.join(),
    async stop() {
      stopped = true;
      await Promise.all([rounds.stop(), scans.idle()]);
    },
  };
}
