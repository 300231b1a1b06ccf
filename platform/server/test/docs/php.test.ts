// The programs in PHP on the pages of the docs, run as they stand against a real server.

import { expect, it } from 'vitest';
import { pagesWith, playPage } from './play-page.ts';

it.each(pagesWith('php'))(
  '$page has programs in PHP that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['php'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);
