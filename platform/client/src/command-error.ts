// The error that commands and HTTP calls reject with. What the codes mean: docs/errors.md.
import type { CommandFailure } from './types.ts';

export class CommandError extends Error implements CommandFailure {
  declare readonly code: string;
  declare readonly retry: CommandFailure['retry'];
  declare readonly afterMs?: number;
  declare readonly path?: (string | number)[];

  constructor({ message, ...rest }: CommandFailure) {
    super(message);
    Object.assign(this, { name: 'CommandError', ...rest });
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The failure of a rejected call, for callers that go on after it. A defect, which is no `CommandError`, is
 * reported and will not go better later.
 */
export function failureOf(error: unknown, report: (error: unknown) => void): CommandFailure {
  if (error instanceof Error && 'code' in error && 'retry' in error) return error as Error & CommandFailure;
  report(error);
  return { code: 'internal', message: String(error), retry: 'never' };
}
