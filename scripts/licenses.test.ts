import { expect, test } from 'vitest';
import { builtIn, installed, notAgreed, readLock, type Lock } from './licenses.ts';

const lock: Lock = {
  '': {},
  'node_modules/a': { license: 'MIT', dependencies: { b: '1' } },
  'node_modules/b': { license: 'GPL-3.0' },
  'node_modules/a/node_modules/b': {},
  'node_modules/only-dev': { license: 'MIT', dev: true },
  'node_modules/only-some-machines': { license: 'MIT', optional: true },
  'node_modules/@belfry/server': { link: true },
  'node_modules/svelte': { license: 'MIT', dev: true, dependencies: { deep: '1' } },
  'node_modules/deep': { license: 'WTFPL', dev: true },
  'console/node_modules/svelte': { license: 'ISC', dev: true },
};

test('an installation has what is neither for development nor for some machines, each licence of a name once', () => {
  expect(installed(lock)).toEqual([
    { name: 'a', license: 'MIT' },
    { name: 'b', license: 'GPL-3.0' },
    { name: 'b', license: 'unknown' },
  ]);
});

test('pages have what the build puts in, found as Node finds it, with all that it needs', () => {
  expect(builtIn(lock)).toEqual([
    { name: 'deep', license: 'WTFPL' },
    { name: 'svelte', license: 'ISC' },
    { name: 'svelte', license: 'MIT' },
  ]);
});

test('a licence that is unknown, or that nobody has agreed to, is found', () => {
  expect(notAgreed(installed(lock)).map(({ license }) => license)).toEqual(['GPL-3.0', 'unknown']);
});

test('everything that is shipped has a licence that was agreed to', () => {
  const real = readLock();
  expect(installed(real).length).toBeGreaterThan(100);
  expect(builtIn(real).length).toBeGreaterThan(10);
  expect(notAgreed([...installed(real), ...builtIn(real)])).toEqual([]);
});
