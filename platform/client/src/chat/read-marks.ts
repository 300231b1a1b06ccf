// Reports to the server how far a conversation was read: the newest mark alone, one command at a time, again
// after a connection was lost.
import type { Belfry, Clock, CommandFailure } from '../types.ts';

export interface ReadMarks {
  mark: (seq: number) => void;
  /** There is a new connection. */
  resume: () => void;
  /** The marks are another user's, or of another log. */
  forget: () => void;
  /** Nothing is tried again before the next `resume`. */
  pause: () => void;
}

/** When the server had too much to do and did not say how long. */
const againMs = 2000;

export interface ReadMarksDeps {
  id: string;
  belfry: Belfry;
  clock: Clock;
  /** The server has the mark. */
  sent: (seq: number) => void;
}

export function createReadMarks(deps: ReadMarksDeps): ReadMarks {
  const { id: conversationId, belfry, clock } = deps;
  let wanted = 0;
  let sent = 0;
  let isSending = false;
  let isPaused = false;
  let endTimer: (() => void) | undefined;

  async function send(): Promise<void> {
    endTimer?.();
    if (isSending) return;
    isSending = true;
    while (sent < wanted && belfry.snapshot().status === 'connected') {
      const seq = wanted;
      try {
        await belfry.command('read', { conversationId, seq });
        sent = Math.min(seq, wanted);
        deps.sent(seq);
      } catch (error) {
        const { retry, afterMs } = error as CommandFailure;
        if (retry === 'never') sent = Math.min(seq, wanted);
        else {
          sendLater(afterMs ?? againMs);
          break;
        }
      }
    }
    isSending = false;
  }

  function sendLater(afterMs: number): void {
    if (!isPaused) endTimer = clock.setTimer(() => void send(), afterMs);
  }

  return {
    mark(seq) {
      wanted = Math.max(wanted, seq);
      void send();
    },
    resume() {
      isPaused = false;
      void send();
    },
    forget() {
      wanted = sent = 0;
    },
    pause() {
      isPaused = true;
      endTimer?.();
    },
  };
}
