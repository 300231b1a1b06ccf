// Redoes the claims that a killed or overloaded process did not make, from the flags on the stored messages
// (docs/guarantees.md, G10). Harmless where they were made.
import { maxWaitMs } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { DeviceStore, OutboxStore, OwedMessage, StoredMessage } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { forEachBounded } from '../../concurrency/for-each-bounded.ts';
import { partsOf } from '../../concurrency/parts-of.ts';
import { Rounds } from '../../concurrency/rounds.ts';
import type { Claim } from './claim.ts';
import type { OutboxFlags } from './outbox-flags.ts';
import type { PushSchedule } from './schedule.ts';

/**
 * The users a message may be pushed to: its audience less its sender. Asked when nobody remembers any more.
 */
export type RecipientsOf = (app: AppId, message: StoredMessage) => Promise<readonly string[]>;

export interface RedeliveryDeps {
  outbox: OutboxStore;
  devices: Pick<DeviceStore, 'ofUsers'>;
  recipientsOf: RecipientsOf;
  claim: Claim;
  flags: OutboxFlags;
  schedule: Pick<PushSchedule, 'isAtWork'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

const everyMs = 5_000;
const batch = 200;
const messagesAtOnce = 4;
/** Users whose devices are looked up in one call. */
const usersAtOnce = 500;
/**
 * A message is this worker's for so long, ms. A worker that dies leaves what it took to the others after this
 * time, and one whose claim fails comes back to it then. Longer than a batch takes; where it is not, another
 * worker makes the same claims, which changes nothing.
 */
const leaseMs = 30_000;
/** A flag may be ahead of the clock by a wait or a lease, and by as much as clocks of nodes differ, ms. */
const furthestMs = maxWaitMs + 60_000;

export class Redelivery {
  readonly #deps: RedeliveryDeps;
  readonly #rounds: Rounds;

  constructor(deps: RedeliveryDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({ clock: deps.surroundings.clock, everyMs, run: () => this.#scan() });
  }

  /** Scans now, and then every few seconds. */
  start(): void {
    this.#rounds.start('now');
  }

  /** Resolves when a scan that runs has ended; it ends after the messages it is at. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Takes what is due, batch after batch, until there is no more. Never rejects. */
  async #scan(): Promise<void> {
    const { outbox, flags, surroundings } = this.#deps;
    const { clock, log } = surroundings;
    try {
      for (let taken = batch; taken === batch && this.#rounds.isStarted;) {
        const nowMs = clock.now();
        const owed = await outbox.take({ nowMs, implausibleFromMs: nowMs + furthestMs, limit: batch, leaseMs });
        await forEachBounded(owed, messagesAtOnce, (each) => this.#redeliver(each));
        await flags.flush();
        taken = owed.length;
      }
    } catch (error) {
      // The store reports itself that it is away.
      log.debug('outbox could not be read', { err: error });
    }
  }

  async #redeliver({ app, message }: OwedMessage): Promise<void> {
    if (!this.#rounds.isStarted || this.#deps.schedule.isAtWork(message)) return;
    try {
      await this.#claimAll(app, message);
      this.#deps.flags.clear(app, message);
    } catch (error) {
      this.#deps.surroundings.log.warn('push could not be relayed', { app, messageId: message.id, err: error });
    }
  }

  async #claimAll(app: AppId, message: StoredMessage): Promise<void> {
    if (message.policy.push === 'never' || message.deletedAt !== undefined) return;
    const users = await this.#deps.recipientsOf(app, message);
    for (const part of partsOf(users, usersAtOnce)) {
      // As the schedule does: a user without a device is not claimed, and the same winners make the same job.
      const devices = await this.#deps.devices.ofUsers(app, part);
      const reachable = part.filter((userId) => devices.has(userId));
      await this.#deps.claim(app, message, reachable);
    }
  }
}
