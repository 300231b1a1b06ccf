// Claims the pushes of a message right after it was sent: at once for users who are away, after one wait for
// all who are online. What it drops, redelivery does.
import type { AppId } from '../../ports/app-id.ts';
import type { Timer } from '../../ports/clock.ts';
import type { StoredMessage } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { traced } from '../../ports/tracing.ts';
import { FairPool } from '../../concurrency/fair-pool.ts';
import { claimIdOf } from '../push-job.ts';
import type { SettingsOf } from '../push-settings.ts';
import type { Claim } from './claim.ts';
import type { OutboxFlags } from './outbox-flags.ts';

export interface PushRecipient {
  userId: string;
  /** `now`: nobody is there to acknowledge. `wait`: a connection may, within the policy's `waitMs`. */
  when: 'now' | 'wait';
}

export interface PushScheduleDeps {
  claim: Claim;
  flags: OutboxFlags;
  settings: SettingsOf;
  surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics' | 'tracing'>;
  /** Beyond `claimsWaiting` redelivery takes over: its memory is the store. */
  limits: { claimsAtOnce: number; claimsWaiting: number };
}

/** Beyond these redelivery takes over: its memory is the store. */
const mostWaits = 20_000;

export class PushSchedule {
  readonly #deps: PushScheduleDeps;
  readonly #claims: FairPool;
  readonly #waits = new Set<Timer>();
  /** By claim id, how many parts of a message are still to be claimed. */
  readonly #atWork = new Map<string, number>();
  #isStopped = false;

  constructor(deps: PushScheduleDeps) {
    this.#deps = deps;
    const { limits, surroundings } = deps;
    const { claimsAtOnce: running, claimsWaiting: waiting } = limits;
    this.#claims = new FairPool({ name: 'claims', running, waiting, metrics: surroundings.metrics });
  }

  /**
   * After append and fan-out, with the users who have a device that some provider can serve. Never throws.
   */
  schedule(app: AppId, message: StoredMessage, recipients: readonly PushRecipient[]): void {
    const { push } = message.policy;
    if (push === 'never' || recipients.length === 0) {
      this.#deps.flags.clear(app, message);
      return;
    }
    // One that is always pushed waits for nobody.
    const waits = ({ when }: PushRecipient): boolean => when === 'wait' && push !== 'always';
    const waiting = recipients.filter(waits).map(({ userId }) => userId);
    const away = recipients.filter((recipient) => !waits(recipient)).map(({ userId }) => userId);
    this.#atWork.set(claimIdOf(message), [away, waiting].filter(({ length }) => length > 0).length);
    if (away.length > 0) this.#enter(app, message, away);
    if (waiting.length > 0)
      void this.#wait(app, message, waiting).catch(() => this.#endPart(app, message, { isClaimed: false }));
  }

  /** Whether this process still works on the message: then its relay lets it be. */
  isAtWork(message: StoredMessage): boolean {
    return this.#atWork.has(claimIdOf(message));
  }

  /** Drops the waits (their messages keep their flags) and finishes the claims under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#waits) timer.cancel();
    this.#waits.clear();
    await this.#claims.idle();
    await this.#deps.flags.flush();
  }

  async #wait(app: AppId, message: StoredMessage, userIds: readonly string[]): Promise<void> {
    const waitMs = message.policy.waitMs ?? (await this.#deps.settings(app)).waitMs;
    if (this.#isStopped || this.#waits.size >= mostWaits) {
      this.#endPart(app, message, { isClaimed: false });
      return;
    }
    const timer = this.#deps.surroundings.clock.after(waitMs, () => {
      this.#waits.delete(timer);
      this.#enter(app, message, userIds);
    });
    this.#waits.add(timer);
  }

  #enter(app: AppId, message: StoredMessage, userIds: readonly string[]): void {
    const turn = { app, user: message.senderId };
    const { tracing } = this.#deps.surroundings;
    // The pool may begin it on the turn of another, whose trace it is not.
    const options = { parent: tracing?.traceparent(), attributes: { users: userIds.length } };
    const claim = () => traced(tracing, ['claim', options], () => this.#claimPart(app, message, userIds));
    const entered = !this.#isStopped && this.#claims.enter(turn, claim);
    if (!entered) this.#endPart(app, message, { isClaimed: false });
  }

  async #claimPart(app: AppId, message: StoredMessage, userIds: readonly string[]): Promise<void> {
    try {
      await this.#deps.claim(app, message, userIds);
      this.#endPart(app, message, { isClaimed: true });
    } catch (error) {
      this.#deps.surroundings.log.debug('push left to the relay', { app, messageId: message.id, err: error });
      this.#endPart(app, message, { isClaimed: false });
    }
  }

  /**
   * A part that failed leaves the message's entry without its last part: nobody clears its flag, and
   * redelivery is free to take it.
   */
  #endPart(app: AppId, message: StoredMessage, { isClaimed }: { isClaimed: boolean }): void {
    const id = claimIdOf(message);
    const left = this.#atWork.get(id);
    if (left === undefined) return;
    if (isClaimed && left > 1) this.#atWork.set(id, left - 1);
    else this.#atWork.delete(id);
    if (isClaimed && left === 1) this.#deps.flags.clear(app, message);
  }
}
