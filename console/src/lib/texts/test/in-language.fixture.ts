// The language in which a test's texts are said, taken back after it: the next file of the same process has the
// texts too. Of a page: ../language.svelte.ts.
import { afterAll, beforeAll } from 'vitest';
import { getLocale, overwriteGetLocale, type Locale } from '#texts/runtime';

/** For the tests of the `describe`, or of the file, that calls it. */
export function inLanguage(locale: Locale): void {
  let before: typeof getLocale;
  beforeAll(() => {
    before = getLocale;
    overwriteGetLocale(() => locale);
  });
  afterAll(() => overwriteGetLocale(before));
}
