// Proves that a link or path to something that does not exist is found, and that our own pages have none.
import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { docFindings, sourceFindings, type Repository } from './doc-links.ts';

const small: Record<string, string> = {
  'README.md': '# Title\n',
  'docs/guide.md': '# A guide\n\n## First, start it\n',
  'platform/server/src/gateway/connection.ts': '',
  'platform/server/src/gateway': '',
  'scripts/check.ts': '',
};
const repository: Repository = {
  exists: (path) => Object.hasOwn(small, path),
  textOf: (path) => small[path],
};

describe('a page', () => {
  test.each([
    'See [the guide](guide.md), [its start](guide.md#first-start-it), [this](#here).\n\n# Here\n',
    'See [the top](../README.md) and [elsewhere](https://example.com/none.md).',
    '`gateway/connection.ts`, `platform/server/src/gateway/connection.ts` and the folder `platform/server/src/gateway`.',
    'Written by you: `plugins/notify-my-sms` and `plugins/notify-my-sms/index.ts`.',
    'At https://example.com/a/b.json and `/api/v1/openapi.json`.',
    'In an example:\n\n    [a link](nowhere.md)\n\n```\n# no heading, [no link](nowhere.md)\n```\n',
  ])('that names what is there is fine: %j', (text) => {
    expect(docFindings({ path: 'docs/guide.md', text: `${text}\n${small['docs/guide.md']}` }, repository)).toEqual([]);
  });

  test.each([
    ['[gone](gone.md)', 'docs/page.md: the link to gone.md leads nowhere'],
    ['[gone](guide.md#second)', 'docs/page.md: docs/guide.md has no heading #second'],
    ['`gateway/gone.ts`', 'docs/page.md: there is no gateway/gone.ts'],
    ['    gateway/gone.ts in a picture', 'docs/page.md: there is no gateway/gone.ts'],
    ['`platform/gone`', 'docs/page.md: there is no platform/gone'],
  ])('that says %s is found out', (text, finding) => {
    expect(docFindings({ path: 'docs/page.md', text }, repository)).toEqual([finding]);
  });
});

test('a source that names a page is found out when that page is gone, and an address of elsewhere is not', () => {
  const text = '// Why: docs/guide.md, and docs/decisions/001-gone.md.\n// https://example.com/docs/none.md\n';
  expect(sourceFindings({ path: 'a.ts', text }, repository)).toEqual(['a.ts: there is no docs/decisions/001-gone.md']);
});

const root = dirname(import.meta.dirname);

test('our own sources name no page that is not there', async () => {
  const sources = '{platform,console,plugins,scripts,examples}/**/*.{ts,tsx,js,mjs,lua,svelte}';
  // Tests of pages have examples of them.
  const exclude = ['**/node_modules/**', '**/dist/**', '**/build/**', '**/.svelte-kit/**', 'scripts/*.test.ts'];
  const paths = await Array.fromAsync(glob(sources, { cwd: root, exclude }));
  const findings = paths
    .sort()
    .flatMap((path) =>
      sourceFindings(
        { path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') },
        { exists: (named) => existsSync(join(root, named)) },
      ),
    );
  expect(paths).toContain('platform/server/src/drivers/queue/bullmq/bullmq-queue.ts');
  expect(findings).toEqual([]);
});

test('our own pages name nothing that is not there', async () => {
  const pages = await Array.fromAsync(glob(['*.md', 'docs/**/*.md', 'platform/*/suite/*.md'], { cwd: root }));
  const findings = pages.sort().flatMap((path) =>
    docFindings(
      { path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') },
      {
        exists: (named) => existsSync(join(root, named)),
        textOf: (named) => readFileSync(join(root, named), 'utf8'),
      },
    ),
  );
  expect(pages).toContain('docs/architecture.md');
  expect(findings).toEqual([]);
});
