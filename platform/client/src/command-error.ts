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

/** What was thrown, as an error that has a code: `code` where it has none of its own. It may be over later. */
export function withCode(error: unknown, code = 'connection_lost'): CommandError {
  return error instanceof CommandError ? error : new CommandError({ code, message: messageOf(error), retry: 'same' });
}
