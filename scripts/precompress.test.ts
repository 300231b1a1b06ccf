// The files of a build that are packed, and that they unpack to the same.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { precompress } from './precompress.ts';

test('a text file that gets smaller is packed in both ways, wherever it lies', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-precompress-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const script = 'const x = 1;\n'.repeat(200);
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'assets/app.js'), script);
  await writeFile(join(dir, 'small.js'), 'x');
  await writeFile(join(dir, 'photo.png'), script);

  await precompress(dir);

  const names = await readdir(dir, { recursive: true });
  expect(names.sort()).toEqual([
    'assets',
    'assets/app.js',
    'assets/app.js.br',
    'assets/app.js.gz',
    'photo.png',
    'small.js',
  ]);
  expect(brotliDecompressSync(await readFile(join(dir, 'assets/app.js.br'))).toString()).toBe(script);
  expect(gunzipSync(await readFile(join(dir, 'assets/app.js.gz'))).toString()).toBe(script);
});
