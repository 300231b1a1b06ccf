// What the checks of a token mean for whoever has to mend the code that makes it: a remedy for each refusal.
// The checks themselves: inspect-token.ts.

import type { TokenRefusal } from './claims.ts';
import type { TokenInspection } from './inspect-token.ts';
import { inEnglish, type TokenFinding } from './token-findings.ts';

export interface TokenStep {
  step: string;
  result: 'ok' | 'refused' | 'left_out';
  found: TokenFinding;
  /** `found` in English. */
  detail: string;
  reason?: TokenRefusal;
  remedy?: string;
}

/** What is to be changed, and where. */
const tokenRemedies: Readonly<Record<TokenRefusal, string>> = {
  too_large: 'Put less into the token: ids and roles, no profile or list of permissions.',
  unknown_app: 'Name an app of this installation in `aud`.',
  malformed: 'Send the token as it was made: three parts with dots between them, without quotes or `Bearer`.',
  refused_header: 'Leave the named field out of the header. The keys of the app are those that its settings name.',
  unknown_key:
    'Sign with a key of the app: with HS256 and one of its signing secrets, or with a key of its JWKS URL. Take `kid` from there, or leave it out.',
  wrong_signature: 'Sign with the secret itself, as a text and not decoded from base64, and send the token unchanged.',
  bad_claim: 'Give the claim the form that the detail names. `sub` is the id of the user as a text, times are seconds.',
  wrong_audience: 'Set `aud` to the key of this app.',
  expired: 'Make a fresh token for each sign-in, and let the SDK ask for the next one with `getToken`.',
  lives_too_long: 'Let the token live for 24 hours at most. `exp` is in seconds, not milliseconds.',
  not_yet_valid:
    'Set the clock of the machine that makes the tokens. `iat` and `nbf` are in seconds, not milliseconds.',
  signed_out: 'Make the token after the user has signed in again: those from before the sign-out stay refused.',
};

/** In the order in which they are decided; the token is good where none is refused. */
export function tokenSteps({ checks, verdict }: TokenInspection): TokenStep[] {
  const steps = checks.map(({ name, result, found, reason }) => ({
    ...{ step: name, result: result === 'left out' ? ('left_out' as const) : result },
    ...{ found, detail: inEnglish(found) },
    ...remedyOf(reason),
  }));
  if (verdict === undefined || verdict.ok || checks.some(({ reason }) => reason === verdict.reason)) return steps;
  // Decided by what is not in the token itself: its size, and what happened since it was made.
  const { reason, found, detail } = verdict;
  const last = { step: reason === 'too_large' ? 'size' : reason, result: 'refused' as const, found, detail };
  return reason === 'too_large' ? [{ ...last, ...remedyOf(reason) }] : [...steps, { ...last, ...remedyOf(reason) }];
}

function remedyOf(reason: TokenRefusal | undefined): Pick<TokenStep, 'reason' | 'remedy'> {
  return reason === undefined ? {} : { reason, remedy: tokenRemedies[reason] };
}
