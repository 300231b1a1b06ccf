// The programs in Java on the pages of the docs, run as they stand against a real server.

import { expect, it } from 'vitest';
import { pagesWith, playPage } from './play-page.ts';

it.each(pagesWith('java'))(
  '$page has programs in Java that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['java'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);
