// Sizes of files made by hand: each counts once, and dynamic imports only where `all` is asked for.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTemporaryFolder, type TemporaryFolder } from '../platform/server/test/support/temporary-folder.ts';
import { measureSdk, sizeTable } from './sdk-size.ts';

let folder: TemporaryFolder;
beforeEach(() => (folder = createTemporaryFolder()));
afterEach(() => folder.remove());

const files: Record<string, string> = {
  'index.js':
    'import{a as b}from"./chunks/shared.js";const later=()=>import(`./chunks/queue-Ab3_d-9x.js`);export{b,later};',
  'chat.js': 'import"./index.js";export*from"./chunks/shared.js";',
  'push.js': 'export const push=1;',
  'element.js': 'export const element=1;',
  'react.js': 'import{useMemo}from"react";import"./chunks/shared.js";',
  'svelte.js': 'export const svelte=1;',
  'belfry.global.js': 'var Belfry=1;',
  'belfry-service-worker.js': 'self.a=1;',
  'chunks/shared.js': 'export const a=1;',
  'chunks/queue-Ab3_d-9x.js': 'import"./shared.js";export const q=1;',
};
const gzipped = (...names: string[]): number =>
  names.reduce((sum, name) => sum + gzipSync(files[name] ?? '', { level: 9 }).byteLength, 0);

test('every file counts once, and a file that is loaded later counts only for everything', async () => {
  mkdirSync(join(folder.path, 'chunks'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);

  const sizes = await measureSdk(folder.path);
  const of = (what: string) => sizes.find((size) => size.what === what);

  expect(of('core')).toMatchObject({ files: 2, gzipBytes: gzipped('index.js', 'chunks/shared.js') });
  expect(of('core and chat')).toMatchObject({
    files: 3,
    gzipBytes: gzipped('index.js', 'chat.js', 'chunks/shared.js'),
  });
  expect(of('everything')).toMatchObject({
    files: 6,
    gzipBytes: gzipped('index.js', 'chat.js', 'push.js', 'element.js', 'chunks/shared.js', 'chunks/queue-Ab3_d-9x.js'),
  });
  expect(of('everything')?.parts).toContainEqual({ name: 'queue', gzipBytes: gzipped('chunks/queue-Ab3_d-9x.js') });
  expect(of('everything and react')?.files).toBe(7);
  // Nobody loads all of it, so nobody who builds is told that it is too large.
  expect(sizes.filter(({ reachBytes }) => reachBytes !== undefined).map(({ what }) => what)).toEqual(['core']);
});

test('the table says whether the core is within its reach, and nothing of what nobody loads whole', () => {
  expect(sizeTable([{ what: 'core', gzipBytes: 13 * 1024, files: 2, parts: [], reachBytes: 12 * 1024 }])).toContain(
    'TOO LARGE',
  );
  expect(sizeTable([{ what: 'core', gzipBytes: 11 * 1024, files: 1, parts: [], reachBytes: 12 * 1024 }])).toContain(
    'good',
  );
  expect(sizeTable([{ what: 'everything', gzipBytes: 40 * 1024, files: 7, parts: [] }])).not.toMatch(/good|LARGE/);
});

test('without a build it rejects', async () => {
  await expect(measureSdk(folder.path)).rejects.toThrow('index.js');
});
