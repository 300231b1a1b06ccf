// Typing state: told at most once a second and user, the last change never lost. It reaches who is connected and is kept nowhere.

import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';

const minIntervalMs = 1000;

export interface TypingChange {
  conversationId: string;
  userId: string;
  isTyping: boolean;
}

/** Tells the others; throws `not_found` when the user is not in the conversation. */
export type TellTyping = (isTyping: boolean) => Promise<unknown>;

export interface Typing {
  /** Resolves when it was told, or is due to be when the second is over; throws what `tell` throws when it is told at once. */
  change(app: AppId, change: TypingChange, tell: TellTyping): Promise<void>;
  stop(): void;
}

interface Recent {
  told: boolean;
  /** What came within the second last, told at its end; undefined while it changed nothing. */
  next: { isTyping: boolean; tell: TellTyping } | undefined;
  timer: Timer;
}

export function createTyping({ clock }: { clock: Clock }): Typing {
  const recents = new Map<string, Recent>();

  return {
    async change(app, { conversationId, userId, isTyping }, tell) {
      const key = `${app} ${conversationId} ${userId}`;
      const recent = recents.get(key);
      if (recent !== undefined) {
        // Begun again within the second is told as well: who has seen the message between takes it for the end of typing.
        const isNews = recent.told !== isTyping || recent.next !== undefined;
        recent.next = isNews ? { isTyping, tell } : undefined;
        return;
      }
      await tellNow(key, { isTyping, tell });
    },
    stop() {
      for (const { timer } of recents.values()) timer.cancel();
      recents.clear();
    },
  };

  async function tellNow(key: string, { isTyping, tell }: { isTyping: boolean; tell: TellTyping }): Promise<void> {
    const timer = clock.after(minIntervalMs, () => {
      const next = recents.get(key)?.next;
      recents.delete(key);
      // A conversation that was left within the second has nobody to tell.
      if (next !== undefined) tellNow(key, next).catch(() => undefined);
    });
    recents.set(key, { told: isTyping, next: undefined, timer });
    try {
      await tell(isTyping);
    } catch (error) {
      timer.cancel();
      recents.delete(key);
      throw error;
    }
  }
}
