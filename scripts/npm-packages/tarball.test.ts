// The folders of our packages hold TypeScript, which no app can load out of node_modules. What is published are the
// tarballs of the build, which platform/client/test/packages tries.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { extract } from 'tar';
import { writeTarball } from './tarball.ts';

const packages = ['client', 'plugin-kit', 'protocol'];
const folderOf = (name: string): string => join(import.meta.dirname, '../../platform', name);

test.each(packages)('npm publishes no %s out of its folder', (name) => {
  expect(JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'))).toMatchObject({ private: true });
});

test.each(packages)('the tarball of %s may be published, with its words for people', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-tarball-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'built'));
  writeFileSync(join(folder, 'built/index.js'), '');
  const file = join(folder, 'packed.tgz');
  await writeTarball({ project: folderOf(name), file, built: { dist: join(folder, 'built') } });
  await extract({ file, cwd: folder });
  const manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: `@belfry/${name}`, license: 'Apache-2.0' });
  for (const field of ['private', 'devDependencies', 'scripts']) expect(manifest).not.toHaveProperty(field);
  for (const path of ['README.md', 'LICENSE', 'dist/index.js']) readFileSync(join(folder, 'package', path));
});
