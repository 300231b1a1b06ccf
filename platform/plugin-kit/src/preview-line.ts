// Makes one line of any text, fit for a notification or a list. Words before it, such as [File], are the
// type's.
import { cutText } from './cut-text.ts';
import { isBlank } from './is-blank.ts';

/** More than any lock screen shows. */
const previewChars = 200;

/**
 * Control characters, line ends, and letters that are drawn as an empty place: Hangul fillers, empty Braille.
 */
const blanks = /[\p{Cc}\p{Zl}\p{Zp}\s\u3164\uFFA0\u2800]+/gu;

/**
 * Characters that are not drawn: zero-width spaces, soft hyphens, marks that turn the reading direction (and
 * so can make a name that ends in `gpj.exe` look like one that ends in `exe.jpg`). Those that shape what
 * stands beside them are kept: joiners, variation selectors, conjoining Hangul, the tags of flags.
 */
const invisibles =
  /(?![\u034F\u115F\u1160\u3164\uFFA0\u180B-\u180D\u180F\u200C\u200D\uFE00-\uFE0F\u{E0020}-\u{E007F}\u{E0100}-\u{E01EF}])\p{Default_Ignorable_Code_Point}/gu;

/**
 * At most `maxChars` code points, 200 unless said, cut between characters as people see them. Empty where
 * nothing of the text can be seen.
 */
export function previewLine(text: string, maxChars: number = previewChars): string {
  const line = text.toWellFormed().replace(invisibles, '').replace(blanks, ' ').trim();
  return isBlank(line) ? '' : cutText(line, maxChars);
}
