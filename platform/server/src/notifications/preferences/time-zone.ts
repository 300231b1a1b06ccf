// Whether there is a time zone of a name. Its shape is the schema's business; whether it exists, only this
// machine's table can say.

import { BelfryError } from '@belfry/protocol';

/** The name as it was given. Throws `invalid_body` with the path. */
export function checkTimeZone(timeZone: string, path: readonly string[]): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch (cause) {
    throw new BelfryError('invalid_body', { message: 'There is no such time zone.', path, cause });
  }
}
