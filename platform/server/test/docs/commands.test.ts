// Every command with `curl` on every page of the docs, typed as it stands against a real server. Programs in
// other languages than JavaScript: python.test.ts and its neighbours.

import { describe, expect, it } from 'vitest';
import { callsServer, looseCommands, readPage } from './doc-page.ts';
import { allPages, playPage } from './play-page.ts';

const pages = allPages();
const played = pages.filter(({ markdown }) => callsServer(readPage(markdown)));

describe('a page of the docs', () => {
  it.each(pages)('$page has each call of curl in a block that can be copied', ({ markdown }) => {
    expect(looseCommands(markdown)).toEqual([]);
  });

  it.each(played)(
    '$page is answered as it says',
    async ({ markdown }) => {
      const { code, wrong, unseen, requests, output } = await playPage(markdown, { languages: ['js'] });
      expect({ code, wrong, unseen }, output).toEqual({ code: 0, wrong: [], unseen: [] });
      expect(requests).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('a page whose server says something else', () => {
  const play = (...lines: string[]) =>
    playPage(['# Title', '', '```sh', ...lines, '```'].join('\n'), { languages: [] });

  it('is found by a status that it does not name, and by one that never comes', async () => {
    const url = 'http://127.0.0.1:8000/api/v1/conversations';
    expect((await play(`curl -s ${url}`)).wrong).toEqual([expect.stringContaining('401 GET')]);
    expect((await play(`curl -s ${url}`, '# {"status":401}')).wrong).toEqual([]);
    expect((await play('curl -s http://127.0.0.1:8000/healthz', '# {"status":401}')).wrong).toHaveLength(1);
  });

  it('is found by an answer that it shows and nobody gets', async () => {
    const got = '{"status":401,"title":"Credentials are missing.",...}';
    const never = '{"status":401,"title":"..."}';
    const { unseen } = await play('curl -s http://127.0.0.1:8000/api/v1/conversations', `# ${got}`, `# ${never}`);
    expect(unseen).toEqual([never]);
  });

  it('is found by a variable that it does not define', async () => {
    expect((await play('curl -s http://127.0.0.1:8000/healthz?$NOT_DEFINED')).code).not.toBe(0);
  });
});
