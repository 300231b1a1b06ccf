// Shortens a text between characters as people see them. What is fit to be shown at all: preview-line.ts.

const ellipsis = '…';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * At most `maxChars` code points, the last an ellipsis when something is missing. No emoji or accent is torn,
 * unless one alone is longer than that: a letter may carry hundreds of combining marks. Halves of surrogate
 * pairs become U+FFFD.
 */
export function cutText(text: string, maxChars: number): string {
  const whole = text.toWellFormed();
  // A text has at most as many code points as UTF-16 units: most are short enough without being taken apart.
  if (whole.length <= maxChars) return whole;
  const points = Array.from(whole);
  if (points.length <= maxChars) return whole;
  if (maxChars < 1) return '';
  const end = points.slice(0, maxChars - 1).join('').length;
  const start = graphemes.segment(whole).containing(end)?.index ?? end;
  return whole.slice(0, start === 0 ? end : start).trimEnd() + ellipsis;
}

/** Longer characters are torn: a letter may carry hundreds of combining marks. */
const longestCharacterUnits = 100;

/**
 * The longest beginning in whole characters as people see them that has at most so many UTF-16 units; without
 * an ellipsis. Costs the same however long the text is.
 */
export function beginningOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const near = text.slice(0, maxUnits + longestCharacterUnits);
  const start = graphemes.segment(near).containing(maxUnits)?.index ?? maxUnits;
  const isTorn = start < maxUnits - longestCharacterUnits;
  return text.slice(0, isTorn || start === 0 ? maxUnits : start).toWellFormed();
}
