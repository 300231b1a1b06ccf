// One short line about anything that foreign code threw. Not a stack trace, not redaction.
import { cutText } from '@belfry/plugin-kit';

/** Long enough for a reason, short enough for a table. */
const longestChars = 300;

/** Never throws, although what was thrown may when it is looked at. */
export function sayThrown(thrown: unknown): string {
  try {
    const said = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
    const line = said.replaceAll(/\s+/g, ' ').trim();
    return cutText(line, longestChars);
  } catch {
    return 'an unreadable error';
  }
}
