// The error that commands and HTTP calls reject with. What the codes mean: docs/errors.md.
import type { CommandFailure } from './types.ts';

export class CommandError extends Error implements CommandFailure {
  readonly code: string;
  readonly retry: CommandFailure['retry'];
  readonly afterMs?: number;
  readonly path?: (string | number)[];

  constructor({ code, message, retry, afterMs, path }: CommandFailure) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.retry = retry;
    if (afterMs !== undefined) this.afterMs = afterMs;
    if (path !== undefined) this.path = path;
  }
}

/** What anything that was thrown says for itself. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
