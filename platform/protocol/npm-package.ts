// `node npm-package.ts <folder>`: makes the protocol as a package for those who write a client or a proxy outside of
// this repository, where Node does not run TypeScript: modules with their declarations, the suite with its scenarios,
// and the tarball belfry-protocol.tgz.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeModules } from '../../scripts/npm-packages/declarations.ts';
import { writeTarball } from '../../scripts/npm-packages/tarball.ts';

const here = import.meta.dirname;
const dist = process.argv[2];
if (dist === undefined) throw new Error('usage: node npm-package.ts <folder>');

const folder = await mkdtemp(join(tmpdir(), 'belfry-protocol-'));
try {
  writeModules({ project: here, folder });
  await cp(join(here, 'suite/scenarios'), join(folder, 'suite/scenarios'), { recursive: true });
  const exportOf = (path: string): object => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
  const exports = { '.': exportOf('src/index'), './suite': exportOf('suite/index') };
  await writeTarball({
    project: here,
    file: join(dist, 'belfry-protocol.tgz'),
    built: { dist: folder },
    manifest: { files: ['dist'], exports: { ...exports, './package.json': './package.json' } },
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
