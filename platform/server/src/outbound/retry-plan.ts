// When a request of a webhook that failed is sent again. Keeps no state and sets no timer.

/**
 * Some seconds for a receiver that starts anew, then ever longer, over three days together: whoever comes to
 * work after a weekend finds that nothing is lost.
 */
const waitsMs = [5_000, 5 * 60_000, ...[0.5, 2, 5, 10, 14, 18, 22].map((hours) => hours * 3_600_000)];
/** Waits differ by up to a fifth either way, so that those that failed together do not come back together. */
const spread = 0.2;
/** A receiver that asks for more than a day is asked again after a day. */
const longestAfterMs = 24 * 3_600_000;

/** What is paused is looked at this often; who resumes it wakes it. */
export const pausedMs = 3_600_000;

/** `tries`: those that failed. Undefined: it is given up. */
export function nextTryMs(given: {
  tries: number;
  /** As the receiver asked: never sooner. */
  retryAfterMs?: number | undefined;
  /** In [0, 1). */
  random: () => number;
}): number | undefined {
  const plain = waitsMs[given.tries - 1];
  if (plain === undefined) return undefined;
  const wait = plain * (1 - spread + 2 * spread * given.random());
  return Math.ceil(Math.max(wait, Math.min(given.retryAfterMs ?? 0, longestAfterMs)));
}

/** `Retry-After`, in seconds or as a date; undefined for anything else. */
export function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
