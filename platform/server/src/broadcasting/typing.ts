// Typing state: published at most once a second and user, the last change never lost. It reaches connections
// alone and is kept nowhere.

import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';

const minIntervalMs = 1000;

export interface TypingChange {
  conversationId: string;
  userId: string;
  isTyping: boolean;
}

/** Throws `not_found` when the user is not in the conversation. */
export type PublishTyping = (isTyping: boolean) => Promise<unknown>;

/** The second after a change was published. */
interface Recent {
  isTyping: boolean;
  /** The last change within this second, published at its end; undefined while it changed nothing. */
  next: { isTyping: boolean; publish: PublishTyping } | undefined;
  timer: Timer;
}

export class Typing {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #recents = new Map<string, Recent>();

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /**
   * Resolves when it was published, or is due to be when the second is over; throws what `publish` throws
   * when it is called at once.
   */
  async change(app: AppId, { conversationId, userId, isTyping }: TypingChange, publish: PublishTyping): Promise<void> {
    const key = `${app} ${conversationId} ${userId}`;
    const recent = this.#recents.get(key);
    if (recent === undefined) {
      await this.#publishNow(key, { isTyping, publish });
      return;
    }
    // Begun again within the second is published as well: clients that got the message between take it for
    // the end of typing.
    const isNews = recent.isTyping !== isTyping || recent.next !== undefined;
    recent.next = isNews ? { isTyping, publish } : undefined;
  }

  stop(): void {
    for (const { timer } of this.#recents.values()) timer.cancel();
    this.#recents.clear();
  }

  async #publishNow(key: string, { isTyping, publish }: { isTyping: boolean; publish: PublishTyping }): Promise<void> {
    const timer = this.#clock.after(minIntervalMs, () => {
      const next = this.#recents.get(key)?.next;
      this.#recents.delete(key);
      // A conversation that was left within the second has nobody to hear of it.
      if (next !== undefined) this.#publishNow(key, next).catch(() => undefined);
    });
    this.#recents.set(key, { isTyping, next: undefined, timer });
    try {
      await publish(isTyping);
    } catch (error) {
      timer.cancel();
      this.#recents.delete(key);
      throw error;
    }
  }
}
