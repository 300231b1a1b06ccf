// How long a job that threw waits for its next run. Not when it is given up: that is the worker's `maxAttempts`.

const firstMs = 1000;
const longestMs = 5 * 60 * 1000;

/** From 1 s, doubling, to 5 min (the port's numbers), and up to a quarter more, so that jobs that failed together do not come back together. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const plain = Math.min(firstMs * 2 ** Math.max(attempt - 1, 0), longestMs);
  return Math.ceil(Math.min(plain * (1 + random() / 4), longestMs));
}
