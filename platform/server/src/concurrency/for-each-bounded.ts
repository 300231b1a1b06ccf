// A loop over items of which a bounded number is worked on at once. Has no queue: fair-pool.ts is for tasks
// that come one by one.

/**
 * Runs `task` for each item, at most `atOnce` at a time; rejects with the first failure, after all have
 * ended.
 */
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
