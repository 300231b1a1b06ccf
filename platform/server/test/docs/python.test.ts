// The programs in Python on the pages of the docs, run as they stand against a real server.

import { expect, it } from 'vitest';
import { pagesWith, playPage } from './play-page.ts';

it.each(pagesWith('python'))(
  '$page has programs in Python that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['python'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);
