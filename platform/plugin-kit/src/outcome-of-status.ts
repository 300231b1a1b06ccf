// The usual outcome for an HTTP status. A service may say more in its body: its plugin reads that first.
import { accepted, rejected, retry } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Statuses about the moment, not about the request: worth another try. */
const passing = new Set([302, 303, 307, 408, 425, 429]);

/**
 * 2xx accepted; 410 target gone; 401 and 403 credentials; 408, 425, 429 and 5xx retry, after Retry-After
 * where it is given. Redirects are never followed: a lasting one (301, 308) means that the configured address
 * is wrong, so credentials; a passing one (302, 303, 307) is a retry. Any other 3xx and 4xx: payload. A
 * status that is not final (1xx, over 599) is no answer: retry.
 */
export function outcomeOfStatus(status: number, headers: { get(name: string): string | null }, nowMs: number): Outcome {
  if (status >= 200 && status <= 299) return accepted();
  if (status === 410) return rejected('target_gone', 'HTTP 410');
  if (status === 401 || status === 403) return rejected('credentials', `HTTP ${status}`);
  if (status === 301 || status === 308) {
    return rejected('credentials', `HTTP ${status}: the configured address redirects, and redirects are not followed`);
  }
  if (status >= 300 && status <= 499 && !passing.has(status)) return rejected('payload', `HTTP ${status}`);
  return retry(`HTTP ${status}`, parseRetryAfter(headers.get('retry-after'), nowMs));
}
