// Whether anything of a text can be seen. What follows from that is the caller's: a message type refuses it.

/**
 * Spaces, control characters, and what is not drawn: zero-width spaces and joiners, soft hyphens, marks of the
 * reading direction, Hangul fillers, empty Braille.
 */
const nothingToSee = /^[\s\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Of a text of nothing but these, people see an empty line. */
export function isBlank(text: string): boolean {
  return nothingToSee.test(text);
}
