// What a rejected call says, for those who go on after it. What the codes mean: docs/errors.md.
import type { CommandFailure } from './types.ts';

/** A defect, which is no `CommandError`, is reported and will not go better later. */
export function failureOf(error: unknown, report: (error: unknown) => void): CommandFailure {
  if (error instanceof Error && 'code' in error && 'retry' in error) return error as Error & CommandFailure;
  report(error);
  return { code: 'internal', message: String(error), retry: 'never' };
}
