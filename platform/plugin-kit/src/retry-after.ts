// Reads the HTTP header Retry-After (RFC 9110, 10.2.3). Not a back-off: that is the host's.

/**
 * One day. A service that asks for longer is tried again tomorrow, and a broken clock cannot hold a delivery
 * back for years.
 */
const longestMs = 24 * 60 * 60 * 1000;

/**
 * The three forms of HTTP-date (RFC 9110, 5.6.7) begin with a weekday. `Date.parse` alone would take `-5` for
 * a date.
 */
const httpDate = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d/i;

/**
 * The wait in milliseconds from `nowMs`: read from whole seconds or from an HTTP-date, at most a day, 0 for a
 * past date. Undefined where there is no header or it cannot be read.
 */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, longestMs);
  if (!httpDate.test(value)) return undefined;
  // asctime() names no zone, and HTTP means UTC.
  const atMs = Date.parse(/gmt$/i.test(value) ? value : `${value} GMT`);
  return Number.isNaN(atMs) ? undefined : Math.min(Math.max(atMs - nowMs, 0), longestMs);
}
