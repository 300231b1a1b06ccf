// The schema of a text that people are to read. What else it must be, such as how long, is its user's.
import { z } from 'zod';
import { isBlank } from './is-blank.ts';

/** At most `maxChars` UTF-16 units, as every JavaScript client counts, of which something can be seen. */
export function visibleText(maxChars: number) {
  return z
    .string()
    .min(1)
    .max(maxChars)
    .refine((text) => !isBlank(text), 'must have something that can be seen');
}
