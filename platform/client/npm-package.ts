// `node npm-package.ts <folder>`: makes the SDK as a package for apps outside of this repository: readable modules with their declarations, and
// a tarball of them that is the same for the same sources. What browsers load without a bundler is bundle.ts's.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, type OutputOptions } from 'rolldown';
import { create } from 'tar';
import { external, input, modules, serviceWorker } from './bundle-input.ts';
import { writeDeclarations } from './declarations.ts';

const here = import.meta.dirname;
const client = /[\\/]client[\\/]src[\\/](.*)[.]tsx?$/;
const protocol = /[\\/]protocol[\\/]src[\\/](.*)[.]ts$/;
/** Below the folder of the package; package.json names them. */
const modulesFolder = 'dist/npm';
/** The date that npm gives all files that it packs. */
const epoch = new Date('1985-10-26T08:15:00.000Z');

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
writeDeclarations(folder);
await pack(join(dist, 'belfry-client.tgz'));

function fileNameOf(path: string): string {
  const [, own] = client.exec(path) ?? [];
  const [, shared] = protocol.exec(path) ?? [];
  if (own !== undefined) return `${own}.js`;
  if (shared !== undefined) return `protocol/${shared}.js`;
  throw new Error(`${path} is neither the SDK's nor the protocol's: it does not belong into the package`);
}

/** As `npm pack` would, less what only this repository needs. The same files make the same bytes. */
async function pack(file: string): Promise<void> {
  const staged = await mkdtemp(join(tmpdir(), 'belfry-client-'));
  try {
    const root = join(staged, 'package');
    await cp(folder, join(root, modulesFolder), { recursive: true });
    for (const name of ['README.md', 'LICENSE']) await cp(join(here, name), join(root, name));
    const manifest = outside(JSON.parse(await readFile(join(here, 'package.json'), 'utf8')) as Manifest);
    await writeFile(join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const names = await readdir(staged, { recursive: true, withFileTypes: true });
    const files = names
      .filter((each) => each.isFile())
      .map((each) => relative(staged, join(each.parentPath, each.name)));
    await create({ file, cwd: staged, gzip: { level: 9 }, portable: true, mtime: epoch }, files.sort());
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

type Manifest = Record<string, unknown> & { exports: Record<string, string | Record<string, string>> };

function outside({ devDependencies: _tools, scripts: _scripts, exports, ...manifest }: Manifest): Manifest {
  const named = Object.entries(exports).map(([name, target]) => {
    if (typeof target === 'string') return [name, target] as const;
    const { '@belfry/source': _source, ...rest } = target;
    return [name, rest] as const;
  });
  return { ...manifest, exports: Object.fromEntries(named) };
}
