// Plain text, stored exactly as it was sent. Whoever shows it shows it as text; only the preview is made fit for a notification.
import { defineMessageType, z } from '@belfry/plugin-kit';

/** In UTF-16 units, as every JavaScript client counts. */
const longestChars = 10_000;
/** More than any lock screen shows. In code points. */
const previewChars = 200;

export default defineMessageType({
  id: 'text',
  version: 1,
  displayName: 'Text',
  description: 'Plain text of up to 10,000 characters.',
  schema: z.strictObject({ text: z.string().min(1).max(longestChars) }),
  limits: { bytes: 32 * 1024 },
  preview: ({ text }) => ({ body: shorten(oneLine(text)) }),
});

/** Control characters and line breaks become a space; what turns the reading direction, and so could make a text lie, is dropped. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** Cuts between characters as people see them, so that no emoji or accent is torn. */
function shorten(text: string): string {
  const codePoints = Array.from(text);
  if (codePoints.length <= previewChars) return text;
  let kept = '';
  let left = previewChars - 1; // the ellipsis takes one
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= Array.from(segment).length;
    if (left < 0) break;
    kept += segment;
  }
  // One "character" may be hundreds of combining marks: then there is nothing whole to keep.
  return `${kept === '' ? codePoints.slice(0, previewChars - 1).join('') : kept.trimEnd()}…`;
}
