import { expect, test } from 'vitest';
import { readLock, type Lock } from './licenses.ts';
import { sbom } from './sbom.ts';

const belfry = { name: 'belfry', version: '1.2.3' };
const lock: Lock = {
  'node_modules/a': { version: '1.0.0', license: 'MIT', integrity: 'sha512-AQID', dependencies: { '@s/b': '1' } },
  'node_modules/@s/b': { version: '2.0.0', license: '(MIT AND Zlib)' },
  'node_modules/a/node_modules/@s/b': { version: '1.0.0', license: 'ISC' },
  'node_modules/tests': { version: '1.0.0', license: 'MIT', dev: true },
};

test('each package is named with version, licence and checksum, and what it needs as Node finds it', () => {
  const { metadata, components, dependencies } = sbom(lock, belfry);
  expect(metadata.component).toMatchObject({ name: 'belfry', version: '1.2.3' });
  expect(components.map(({ purl, licenses, hashes }) => [purl, licenses, hashes])).toEqual([
    ['pkg:npm/%40s/b@1.0.0', [{ license: { id: 'ISC' } }], undefined],
    ['pkg:npm/%40s/b@2.0.0', [{ expression: '(MIT AND Zlib)' }], undefined],
    ['pkg:npm/a@1.0.0', [{ license: { id: 'MIT' } }], [{ alg: 'SHA-512', content: '010203' }]],
  ]);
  expect(dependencies).toContainEqual({ ref: 'pkg:npm/a@1.0.0', dependsOn: ['pkg:npm/%40s/b@1.0.0'] });
  expect(dependencies[0]).toMatchObject({ ref: 'pkg:npm/belfry@1.2.3' });
});

test('what an installation has is in the list, also where development uses it too, and what is in its pages', () => {
  const { components, dependencies } = sbom(readLock(), belfry);
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['koa', 'ws', 'zod', 'mongoose', 'bullmq', 'web-push']));
  expect(names).toEqual(expect.arrayContaining(['svelte', 'bits-ui', 'tailwindcss']));
  for (const name of ['vitest', 'typescript', 'prettier']) expect(names).not.toContain(name);
  const refs = new Set(components.map((each) => each['bom-ref']));
  expect(refs.size).toBe(components.length);
  expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
});
