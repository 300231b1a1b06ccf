// The programs in Go on the pages of the docs, run as they stand against a real server.

import { expect, it } from 'vitest';
import { pagesWith, playPage } from './play-page.ts';

it.each(pagesWith('go'))(
  '$page has programs in Go that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['go'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);
