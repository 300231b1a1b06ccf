// `npm run sbom [FILE]`: what an installation is made of, as CycloneDX, out of package-lock.json: its packages, and those
// that the build puts into its pages. `npm sbom` leaves out the latter, and each that development uses too: zod, ws. The licences alone are in docs/licenses.md.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inPages, licensed, readLock, resolve, shipped, type Lock, type LockedPackage } from './licenses.ts';

export interface Bom {
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  version: 1;
  metadata: { component: Record<string, unknown> };
  components: { name: string; version: string; purl: string; 'bom-ref': string; [field: string]: unknown }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** `of` is what it is made of these. The same lock gives the same text. */
export function sbom(lock: Lock, of: { name: string; version: string }): Bom {
  const all = [...new Map([...shipped(lock), ...inPages(lock)])];
  // A package may be in several folders.
  const components = new Map(all.map(([path, each]) => [refOf(path, each), component(path, each)]));
  // What a program of the build needs to write into the pages is no part of them.
  const needs = all.map(([path, each]) => ({
    ref: refOf(path, each),
    dependsOn: refsOf(lock, path, each).filter((ref) => components.has(ref)),
  }));
  const own = { ref: `pkg:npm/${of.name}@${of.version}`, dependsOn: [...components.keys()].sort() };
  const sorted = needs.sort((a, b) => (a.ref < b.ref ? -1 : 1));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', ...of, 'bom-ref': own.ref, licenses: [{ license: { id: 'Apache-2.0' } }] },
    },
    components: [...components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
    dependencies: [own, ...new Map(sorted.map((each) => [each.ref, each])).values()],
  };
}

function component(path: string, each: LockedPackage): Bom['components'][number] {
  const { name, license } = licensed(path, each);
  const ref = refOf(path, each);
  const [algorithm = '', hash = ''] = each.integrity?.split('-') ?? [];
  const hashes = [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(hash, 'base64').toString('hex') }];
  return {
    ...{ type: 'library', name, version: each.version ?? '', purl: ref, 'bom-ref': ref },
    // An expression such as `(MIT AND Zlib)` has a field of its own.
    licenses: [license.startsWith('(') ? { expression: license } : { license: { id: license } }],
    ...(each.integrity === undefined ? {} : { hashes }),
  };
}

function refsOf(lock: Lock, path: string, { dependencies = {} }: LockedPackage): string[] {
  const found = Object.keys(dependencies).flatMap((name) => {
    const at = resolve(lock, path, name);
    const each = at === undefined ? undefined : lock[at];
    return at === undefined || each === undefined || each.link === true ? [] : [refOf(at, each)];
  });
  return [...new Set(found)].sort();
}

function refOf(path: string, each: LockedPackage): string {
  return `pkg:npm/${licensed(path, each).name.replace('@', '%40')}@${each.version ?? ''}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = dirname(import.meta.dirname);
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const text = `${JSON.stringify(sbom(readLock(), { name, version }), null, 2)}\n`;
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}
