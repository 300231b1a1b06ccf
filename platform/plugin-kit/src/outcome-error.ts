// An error that says what it comes to: thrown where a delivery cannot go on, such as by a refused sign-in.
import type { Outcome } from './outcome.ts';

/** `outcomeOfFailure` gives back its outcome. The message is the outcome's text, which holds no secret. */
export class OutcomeError extends Error {
  override readonly name = 'OutcomeError';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(textOf(outcome));
    this.outcome = outcome;
  }
}

function textOf(outcome: Outcome): string {
  if (outcome.outcome === 'accepted') return 'accepted';
  return outcome.outcome === 'retry' ? outcome.reason : `${outcome.reason}: ${outcome.detail}`;
}
