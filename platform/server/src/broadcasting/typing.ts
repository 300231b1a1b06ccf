// Typing state: told at most once a second and user, the last change never lost. It reaches who is connected and is kept nowhere.

import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Origin } from './prepare.ts';

const minIntervalMs = 1000;

export interface TypingChange {
  conversationId: string;
  userId: string;
  isTyping: boolean;
}

export interface Typing {
  /** Resolves when it was told or is due to be; throws `not_found` when it can be told at once and the user is not in the conversation. */
  change(app: AppId, change: TypingChange, origin: Origin): Promise<void>;
  stop(): void;
}

interface Recent {
  told: boolean;
  /** What came within the second, told at its end when it differs from what was told. */
  next: { isTyping: boolean; origin: Origin } | undefined;
  timer: Timer;
}

export function createTyping(deps: {
  clock: Clock;
  tell: (app: AppId, change: TypingChange, origin: Origin) => Promise<void>;
}): Typing {
  const { clock, tell } = deps;
  const recents = new Map<string, Recent>();

  return {
    async change(app, change, origin) {
      const key = `${app} ${change.conversationId} ${change.userId}`;
      const recent = recents.get(key);
      if (recent !== undefined) {
        recent.next = recent.told === change.isTyping ? undefined : { isTyping: change.isTyping, origin };
        return;
      }
      await tellNow(key, app, { change, origin });
    },
    stop() {
      for (const { timer } of recents.values()) timer.cancel();
      recents.clear();
    },
  };

  async function tellNow(key: string, app: AppId, now: { change: TypingChange; origin: Origin }): Promise<void> {
    const { change, origin } = now;
    const timer = clock.after(minIntervalMs, () => {
      const next = recents.get(key)?.next;
      recents.delete(key);
      // A conversation that was left within the second has nobody to tell.
      if (next !== undefined) {
        const later = { change: { ...change, isTyping: next.isTyping }, origin: next.origin };
        tellNow(key, app, later).catch(() => undefined);
      }
    });
    recents.set(key, { told: change.isTyping, next: undefined, timer });
    try {
      await tell(app, change, origin);
    } catch (error) {
      timer.cancel();
      recents.delete(key);
      throw error;
    }
  }
}
