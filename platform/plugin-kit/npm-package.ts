// `node npm-package.ts <folder>`: makes the kit as a package for plugins outside of this repository, where Node
// does not run TypeScript: modules, their declarations, and the tarball belfry-plugin-kit.tgz.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { writeDeclarations } from '../../scripts/npm-packages/declarations.ts';
import { writeTarball } from '../../scripts/npm-packages/tarball.ts';

const here = import.meta.dirname;
const dist = process.argv[2];
if (dist === undefined) throw new Error('usage: node npm-package.ts <folder>');

const folder = await mkdtemp(join(tmpdir(), 'belfry-kit-'));
try {
  await build({
    cwd: here,
    input: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts' },
    platform: 'node',
    // Ours is built in; of the packages, a plugin has the same ones as the kit.
    external: (id) => !/^([./\0]|@belfry\/)/.test(id),
    resolve: { conditionNames: ['@belfry/source', 'node', 'import', 'default'] },
    tsconfig: join(here, '../../tsconfig.json'),
    logLevel: 'warn',
    output: {
      dir: folder,
      format: 'esm',
      minify: false,
      preserveModules: true,
      preserveModulesRoot: join(here, 'src'),
    },
  });
  writeDeclarations({ project: here, folder, tables: join(here, 'wire-tables.ts') });
  const file = join(dist, 'belfry-plugin-kit.tgz');
  await writeTarball({ project: here, file, built: { dist: folder }, manifest: await outsideOf() });
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Inside of the repository, Node loads its sources. */
async function outsideOf(): Promise<Record<string, unknown>> {
  const { default: manifest } = (await import('./package.json', { with: { type: 'json' } })) as {
    default: { dependencies: Record<string, string> };
  };
  const { '@belfry/protocol': _builtIn, ...dependencies } = manifest.dependencies;
  return {
    files: ['dist'],
    dependencies,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
      './package.json': './package.json',
    },
  };
}
