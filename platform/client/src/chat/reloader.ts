// Reads something anew when it may be out of date: one reading at a time, and once more for whoever asks
// meanwhile. What is read is the caller's.
import { failureOf } from '../http.ts';
import type { CommandFailure, Surroundings } from '../types.ts';

export interface Reloader {
  ask: () => void;
  /** Nothing is tried again before the next `ask`. */
  pause: () => void;
}

export interface ReloaderDeps {
  surroundings: Surroundings;
  read: () => Promise<void>;
  failed: (failure: CommandFailure) => void;
}

/** After a failure that may be over later. A new connection asks anew in any case. */
const againMs = 5000;

export function createReloader({ surroundings, read, failed }: ReloaderDeps): Reloader {
  let isReading = false;
  let isWanted = false;
  let isPaused = false;
  let endTimer: (() => void) | undefined;

  function ask(): void {
    isWanted = true;
    isPaused = false;
    endTimer?.();
    if (!isReading) void run();
  }

  async function run(): Promise<void> {
    isReading = true;
    while (isWanted) {
      isWanted = false;
      try {
        await read();
      } catch (error) {
        fail(error);
      }
    }
    isReading = false;
  }

  function fail(error: unknown): void {
    const failure = failureOf(error, surroundings.report);
    failed(failure);
    // Asked for meanwhile, it is read again at once: a timer as well would be one that nobody ends.
    if (failure.retry !== 'never' && !isPaused && !isWanted) {
      endTimer = surroundings.clock.setTimer(ask, failure.afterMs ?? againMs);
    }
  }

  return {
    ask,
    pause() {
      isPaused = true;
      isWanted = false;
      endTimer?.();
    },
  };
}
