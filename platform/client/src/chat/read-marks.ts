// Tells the server how far a conversation was read: the newest mark alone, one command at a time, again after a connection was lost.
import type { Belfry, Clock, CommandFailure } from '../types.ts';

export interface ReadMarks {
  mark: (seq: number) => void;
  /** There is a new connection. */
  retell: () => void;
  /** What was read is another user's, or of another log. */
  forget: () => void;
  /** Nothing is tried again before the next `retell`. */
  pause: () => void;
}

/** When the server had too much to do and did not say how long. */
const againMs = 2000;

export function createReadMarks(deps: { id: string; belfry: Belfry; clock: Clock }): ReadMarks {
  const { id: conversationId, belfry, clock } = deps;
  let wanted = 0;
  let told = 0;
  let isTelling = false;
  let isPaused = false;
  let endTimer: (() => void) | undefined;

  async function tell(): Promise<void> {
    endTimer?.();
    if (isTelling) return;
    isTelling = true;
    while (told < wanted && belfry.snapshot().status === 'connected') {
      const seq = wanted;
      try {
        await belfry.command('read', { conversationId, seq });
        told = Math.min(seq, wanted);
      } catch (error) {
        const { retry, afterMs } = error as CommandFailure;
        if (retry === 'never') told = Math.min(seq, wanted);
        else {
          tellLater(afterMs ?? againMs);
          break;
        }
      }
    }
    isTelling = false;
  }

  function tellLater(afterMs: number): void {
    if (!isPaused) endTimer = clock.setTimer(() => void tell(), afterMs);
  }

  return {
    mark(seq) {
      wanted = Math.max(wanted, seq);
      void tell();
    },
    retell() {
      isPaused = false;
      void tell();
    },
    forget() {
      wanted = told = 0;
    },
    pause() {
      isPaused = true;
      endTimer?.();
    },
  };
}
