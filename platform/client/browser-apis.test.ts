// The built SDK asks nothing of the oldest promised browsers that they lack, and the search for it finds.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureBrowserBuild } from '../../scripts/browser-build.ts';
import { browsers } from './bundle-input.ts';
import { missingApis } from './browser-apis.ts';

const dist = join(import.meta.dirname, 'dist');
const buildMs = 240_000;

beforeAll(() => ensureBrowserBuild({ say: () => undefined }), buildMs);

test.each([
  ['const { promise } = Promise.withResolvers();', ['Promise.withResolvers']],
  ['await Array.fromAsync(list);', ['Array.fromAsync']],
  ['new Set(a).isSubsetOf(b); other?.symmetricDifference(b);', ['.isSubsetOf', '.symmetricDifference']],
  ['globalThis.requestIdleCallback(run); requestIdleCallback(run);', ['requestIdleCallback']],
  ['new Intl.Segmenter("en").segment(text);', ['Intl.Segmenter']],
  ['/[\\p{L}--[a-z]]/v.test(text);', ['the flag v of a regular expression']],
  ['URL.canParse(text) && RegExp.escape(text);', ['RegExp.escape', 'URL.canParse']],
])('what they lack is found: %s', (code, names) => {
  expect(missingApis(code)).toEqual(names);
});

test.each([
  'if ("navigation" in window) window.navigation.addEventListener("currententrychange", run);',
  'const parts = typeof Intl.Segmenter === "function" ? new Intl.Segmenter().segment(text) : [...text];',
  'const { promise, resolve } = own.withResolvers(); list.at(-1); URL.createObjectURL(file);',
])('what stands behind a test for it, and what they have, is let be: %s', (code) => {
  expect(missingApis(code)).toEqual([]);
});

test('no file of the built SDK uses what they lack', () => {
  const files = globSync(['*.js', 'chunks/*.js'], { cwd: dist });
  expect(files).toContain('belfry.global.js');
  expect(files).toContain('belfry-service-worker.js');
  const uses = files.flatMap((file) => missingApis(readFileSync(join(dist, file), 'utf8')).map((name) => [file, name]));
  expect(uses).toEqual([]);
});

test('the page of the docs names the browsers that the build is made for', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/browsers.md'), 'utf8');
  for (const browser of browsers) {
    const [, name = '', version] = /^([a-z]+)([\d.]+)$/.exec(browser) ?? [];
    expect(page).toMatch(new RegExp(`^\\| ${name}\\b[^|]*\\| ${version}`, 'im'));
  }
});
