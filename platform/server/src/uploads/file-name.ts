// Makes of the client's name for a file a name that can be shown and offered for saving. It is never part of
// a path here.

import { beginningOf, previewLine } from '@belfry/plugin-kit';

/**
 * In UTF-16 units; most file systems stop at 255 bytes, which for Chinese is fewer, and a browser cuts then.
 */
const longestChars = 200;
const fallback = 'file';

/**
 * The last part of a path, in one line, without characters that turn the reading direction or that some
 * system takes for a path; never empty, `.` or `..`. A name that is too long loses its middle and keeps its
 * extension.
 */
export function cleanFileName(given: string | undefined): string {
  const last = (given ?? '').toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    // Not the joiners U+200C and U+200D: names in Persian, in scripts of India and with emoji need them.
    .replace(/[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return previewLine(name) === '' ? fallback : shorten(name);
}

/**
 * The text behind the last dot, when that looks like an extension: letters and digits, of which at least one
 * letter.
 */
export function extensionOf(name: string): string | undefined {
  return /\.(?=[0-9]*[A-Za-z])([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase();
}

function shorten(name: string): string {
  if (name.length <= longestChars) return name;
  const extension = extensionOf(name);
  const end = extension === undefined ? '' : `.${extension}`;
  return `${beginningOf(name, longestChars - end.length).trimEnd()}${end}`;
}
