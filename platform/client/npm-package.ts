// `node npm-package.ts <folder>`: makes the SDK as a package for apps outside of this repository: readable modules with their declarations, and
// a tarball of them that is the same for the same sources. What browsers load without a bundler is bundle.ts's.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type OutputOptions } from 'rolldown';
import { writeDeclarations } from '../../scripts/npm-packages/declarations.ts';
import { writeTarball } from '../../scripts/npm-packages/tarball.ts';
import { external, input, modules, serviceWorker } from './bundle-input.ts';

const here = import.meta.dirname;
const client = /[\\/]client[\\/]src[\\/](.*)[.]tsx?$/;
const protocol = /[\\/]protocol[\\/]src[\\/](.*)[.]ts$/;
/** Below the folder of the package; package.json names them. */
const modulesFolder = 'dist/npm';

const dist = process.argv[2];
if (dist === undefined) throw new Error('usage: node npm-package.ts <folder that bundle.ts wrote>');
const folder = join(dist, 'npm');
const readable: OutputOptions = { dir: folder, minify: false };
await build({
  ...input(modules),
  external,
  output: {
    ...readable,
    format: 'esm',
    // A file for each of ours: bundlers keep what has effects, and drop the rest.
    preserveModules: true,
    preserveModulesRoot: join(here, 'src'),
    entryFileNames: ({ facadeModuleId }) => fileNameOf(facadeModuleId ?? ''),
    // Next takes everything that imports it for code of a browser, as it is.
    banner: ({ facadeModuleId }) => (fileNameOf(facadeModuleId ?? '') === 'react/index.js' ? "'use client';" : ''),
  },
});
await build({ ...input(serviceWorker), output: { ...readable, format: 'iife', codeSplitting: false } });
await cp(join(dist, 'belfry.global.js'), join(folder, 'belfry.global.js'));
writeDeclarations({ project: here, folder, tables: join(here, 'wire-tables.ts') });
await writeTarball({ project: here, file: join(dist, 'belfry-client.tgz'), built: { [modulesFolder]: folder } });

function fileNameOf(path: string): string {
  const [, own] = client.exec(path) ?? [];
  const [, shared] = protocol.exec(path) ?? [];
  if (own !== undefined) return `${own}.js`;
  if (shared !== undefined) return `protocol/${shared}.js`;
  throw new Error(`${path} is neither the SDK's nor the protocol's: it does not belong into the package`);
}
