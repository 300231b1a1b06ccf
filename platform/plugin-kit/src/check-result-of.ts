// What `check` says, for a call that came to an outcome. The call itself is the plugin's.
import type { CheckResult } from './check-result.ts';
import type { Outcome } from './outcome.ts';

export function checkResultOf(outcome: Outcome): CheckResult {
  if (outcome.outcome === 'accepted') return { ok: true };
  return { ok: false, detail: outcome.outcome === 'retry' ? outcome.reason : outcome.detail };
}
