// The outcome of a delivery to which no answer came. Reports the kind of failure only: messages of network
// errors name addresses, and addresses can hold secrets.
import { OutcomeError } from './outcome-error.ts';
import { retry } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/**
 * `thrown` is what `ctx.fetch`, or reading its answer, rejected with. Always a retry, as the service may or
 * may not have taken it; only an OutcomeError says by itself what it comes to.
 */
export function outcomeOfFailure(thrown: unknown): Outcome {
  if (thrown instanceof OutcomeError) return thrown.outcome;
  if (!(thrown instanceof Error)) return retry('no answer');
  if (thrown.name === 'TimeoutError') return retry('no answer in time');
  if (thrown.name === 'AbortError') return retry('stopped while waiting for the answer');
  if (thrown instanceof SyntaxError) return retry('an answer that cannot be read');
  const code = codeOf(thrown) ?? codeOf(thrown.cause);
  return retry(code === undefined ? 'no answer' : `no answer (${code})`);
}

function codeOf(thrown: unknown): string | undefined {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' && /^[A-Za-z_0-9]{1,40}$/.test(code) ? code : undefined;
}
