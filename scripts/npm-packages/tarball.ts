// Packs one of our packages as `npm pack` would, less what only this repository needs: the same files make the
// same bytes. What is built of it before is its own.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { create } from 'tar';

/** The date that npm gives all files that it packs. */
const epoch = new Date('1985-10-26T08:15:00.000Z');

interface Packing {
  /** The folder of its package.json, README.md and LICENSE. */
  project: string;
  /** The tarball. */
  file: string;
  /** Folders, by where they are in the package. */
  built: Readonly<Record<string, string>>;
  /** What the manifest says outside of this repository alone. */
  manifest?: Readonly<Record<string, unknown>>;
}

export async function writeTarball({ project, file, built, manifest: change }: Packing): Promise<void> {
  const staged = await mkdtemp(join(tmpdir(), 'belfry-package-'));
  try {
    const root = join(staged, 'package');
    for (const [place, folder] of Object.entries(built)) await cp(folder, join(root, place), { recursive: true });
    for (const name of ['README.md', 'LICENSE']) await cp(join(project, name), join(root, name));
    const inside = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as Manifest;
    await writeFile(join(root, 'package.json'), `${JSON.stringify({ ...outside(inside), ...change }, null, 2)}\n`);
    const entries = await readdir(staged, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const names = files.map(({ parentPath, name }) => relative(staged, join(parentPath, name)));
    await create({ file, cwd: staged, gzip: { level: 9 }, portable: true, mtime: epoch }, names.sort());
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

type Manifest = Record<string, unknown> & { exports: Record<string, string | Record<string, string>> };

function outside({ devDependencies: _tools, private: _guard, exports, ...manifest }: Manifest): Manifest {
  const named = Object.entries(exports).map(([name, target]): [string, Manifest['exports'][string]] => {
    if (typeof target === 'string') return [name, target];
    const { '@belfry/source': _source, ...rest } = target;
    return [name, rest];
  });
  return { ...manifest, exports: Object.fromEntries(named) };
}
