// Claims the pushes of a message right after it was sent: at once for who is away, after one wait for all who are online. What it drops the relay does.
import type { AppId } from '../../ports/app-id.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { StoredMessage } from '../../ports/stores/index.ts';
import type { Claim } from './claim.ts';
import { Semaphore } from '../../concurrency/semaphore.ts';
import type { PushSettings } from '../needs.ts';
import { claimIdOf } from '../push-job.ts';
import type { OutboxFlags } from './outbox-flags.ts';

export interface PushRecipient {
  userId: string;
  /** `now`: nobody is there to acknowledge. `wait`: a connection may, within the policy's `waitMs`. */
  when: 'now' | 'wait';
}

export interface FastPath {
  /** After append and fan-out, with those who have a device that some provider can serve. Never throws. */
  schedule(app: AppId, message: StoredMessage, recipients: readonly PushRecipient[]): void;
  /** Whether this process still works on the message: then the relay lets it be. */
  readonly isAtWork: (message: StoredMessage) => boolean;
  /** Drops the waits (their messages keep their flags) and finishes the claims under way. */
  stop(): Promise<void>;
}

interface FastPathDeps {
  claim: Claim;
  settling: OutboxFlags;
  settings: (app: AppId) => Promise<PushSettings>;
  clock: Clock;
  log: Log;
}

/** Beyond these the relay takes over: its memory is the store. */
const mostWaits = 20_000;
const claimsAtOnce = 16;
const mostClaimsWaiting = 20_000;

export function createFastPath({ claim, settling, settings, clock, log }: FastPathDeps): FastPath {
  const gate = new Semaphore({ running: claimsAtOnce, waiting: mostClaimsWaiting });
  const waits = new Set<Timer>();
  /** Claim ids, each with the parts that are still to be claimed. */
  const atWork = new Map<string, number>();
  let stopped = false;

  async function claimPart(app: AppId, message: StoredMessage, userIds: readonly string[]): Promise<void> {
    try {
      await claim(app, message, userIds);
      finishPart(app, message, true);
    } catch (error) {
      log.debug('push left to the relay', { app, messageId: message.id, error });
      finishPart(app, message, false);
    }
  }

  /** A part that failed leaves the message's entry without its last part: nobody settles it, and the relay is free to take it. */
  function finishPart(app: AppId, message: StoredMessage, done: boolean): void {
    const id = claimIdOf(message);
    const left = atWork.get(id);
    if (left === undefined) return;
    if (done && left > 1) atWork.set(id, left - 1);
    else atWork.delete(id);
    if (done && left === 1) settling.clear(app, message);
  }

  function enter(app: AppId, message: StoredMessage, userIds: readonly string[]): void {
    if (stopped || !gate.enter(() => claimPart(app, message, userIds))) finishPart(app, message, false);
  }

  async function wait(app: AppId, message: StoredMessage, userIds: readonly string[]): Promise<void> {
    const waitMs = message.policy.waitMs ?? (await settings(app)).waitMs;
    if (stopped || waits.size >= mostWaits) {
      finishPart(app, message, false);
      return;
    }
    const timer = clock.after(waitMs, () => {
      waits.delete(timer);
      enter(app, message, userIds);
    });
    waits.add(timer);
  }

  return {
    schedule(app, message, recipients) {
      const { push } = message.policy;
      if (push === 'never' || recipients.length === 0) {
        settling.clear(app, message);
        return;
      }
      // One that is always pushed waits for nobody.
      const waiting = recipients.filter(({ when }) => when === 'wait' && push !== 'always').map(({ userId }) => userId);
      const away = recipients.filter(({ when }) => when === 'now' || push === 'always').map(({ userId }) => userId);
      atWork.set(claimIdOf(message), [away, waiting].filter(({ length }) => length > 0).length);
      if (away.length > 0) enter(app, message, away);
      if (waiting.length > 0) void wait(app, message, waiting).catch(() => finishPart(app, message, false));
    },
    isAtWork: (message) => atWork.has(claimIdOf(message)),
    async stop() {
      stopped = true;
      for (const timer of waits) timer.cancel();
      waits.clear();
      await gate.idle();
      await settling.flush();
    },
  };
}
