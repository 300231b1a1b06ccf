// Puts into words why the data cannot be opened, for a start and for commands that need it for themselves. Which
// process is in the way is found by holders.ts.
import { lockFileOf } from '../drivers/stores/sqlite/database.ts';
import { StoreOpenError } from '../drivers/stores/sqlite/open-error.ts';
import { describeTakenFile } from './holders.ts';

/** The store says `unavailable` to clients, and the reason behind it to operators. */
export async function describeFailure(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof StoreOpenError && error.reason === 'in_use') {
    return `${error.message}; ${await describeTakenFile(lockFileOf(error.file))}`;
  }
  const why = error.cause instanceof Error ? error.cause.message : '';
  return error.message.includes(why) ? error.message : `${error.message} (${why})`;
}

/** A start would bring the data forward. */
export function isOlderData(error: unknown): boolean {
  return error instanceof StoreOpenError && error.reason === 'older_version';
}
