// The sources of an earlier commit that is a cluster already, beside this tree's libraries: the old version of a
// rolling restart.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');
const engine = 'platform/server/src/compose/cluster-engine.ts';
/** The shape of everything that is stored. */
const schemas = ['*-document.ts', 'declaration.ts', 'prepare.ts', 'record-stores.ts'].map(
  (name) => `platform/server/src/drivers/stores/mongo/${name}`,
);
/** Of this tree, not of the old one. */
const notLinked = new Set(['@belfry', '.bin', '.cache']);

/**
 * The commit before the last change of a schema; where that was no cluster yet, the first that is one. Throws where
 * there is no history.
 */
export function oldVersion(): string {
  const changed = git('log', '-1', '--format=%H', '--', ...schemas);
  const before = git('rev-parse', `${changed}^`);
  const first = git('log', '--diff-filter=A', '-1', '--format=%H', '--', engine);
  return isIn(before, engine) ? before : first;
}

/** Puts it into the folder; the path of its program. */
export function extractTree(commit: string, folder: string): string {
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 2 ** 29 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@belfry'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!notLinked.has(name)) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const part of ['platform', 'plugins']) {
    for (const name of readdirSync(join(folder, part))) linkPackage(join(folder, part, name), modules);
  }
  const own = 'platform/server/node_modules';
  if (existsSync(join(root, own))) symlinkSync(join(root, own), join(folder, own));
  return join(folder, 'platform/server/src/cli/main.ts');
}

function linkPackage(folder: string, modules: string): void {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return;
  const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name: string };
  if (name.startsWith('@belfry/')) symlinkSync(folder, join(modules, name));
}

function isIn(commit: string, path: string): boolean {
  return git('ls-tree', '--name-only', commit, '--', path) === path;
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
