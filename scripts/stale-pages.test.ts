// Proves that `generate-docs --check` distinguishes a stale or missing page from one that is up to date.
import { expect, test } from 'vitest';
import { stalePages } from './stale-pages.ts';

const onDisk = new Map([
  ['docs/same.md', '# Same\n'],
  ['docs/windows.md', '# Same\r\n'],
  ['docs/old.md', '# Old\n'],
]);

async function read(file: string): Promise<string> {
  const text = onDisk.get(file);
  if (text === undefined) throw new Error('no such file');
  return text;
}

test('a page that differs is stale, one that is not there is missing, the others are fine', async () => {
  const pages = ['docs/same.md', 'docs/windows.md', 'docs/old.md', 'docs/new.md'];
  const found = await stalePages(
    pages.map((file) => ({ file, text: '# Same\n' })),
    read,
  );
  expect(found.map(({ file, state }) => [file, state])).toEqual([
    ['docs/old.md', 'stale'],
    ['docs/new.md', 'missing'],
  ]);
});
