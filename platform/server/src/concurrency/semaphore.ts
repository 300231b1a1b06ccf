// Lets a bounded number of tasks run at once and refuses what would wait beyond a bound. Does not remember what it refused.

export interface Semaphore {
  /** False when too many wait already; then nothing was done. A task's failure is its own affair: it may not reject. */
  enter(task: () => Promise<void>): boolean;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export function createSemaphore({ running, waiting }: { running: number; waiting: number }): Semaphore {
  const queue: (() => Promise<void>)[] = [];
  let active = 0;
  let idlers: (() => void)[] = [];

  const pump = (): void => {
    while (active < running) {
      const task = queue.shift();
      if (task === undefined) break;
      active += 1;
      void task().finally(() => {
        active -= 1;
        pump();
      });
    }
    if (active > 0) return;
    for (const tell of idlers) tell();
    idlers = [];
  };

  return {
    enter(task) {
      if (queue.length >= waiting) return false;
      queue.push(task);
      pump();
      return true;
    },
    async idle() {
      if (active > 0 || queue.length > 0) await new Promise<void>((resolve) => void idlers.push(resolve));
    },
  };
}

/** Runs `task` for each item, at most `atOnce` at a time; rejects with the first failure, after all have ended. */
export async function forEachBounded<T>(
  items: readonly T[],
  atOnce: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const run = async (): Promise<void> => {
    for (const item of rest) await task(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, run));
  const failed = ended.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
