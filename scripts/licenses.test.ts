import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { builtIn, installed, notAgreed, readLock, type Lock } from './licenses.ts';

const root = dirname(import.meta.dirname);

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

test('whatever the pages import is among what the build puts in, or in every installation', () => {
  const files = globSync(['{console,platform/playground,platform/client}/src/**/*.{ts,tsx,svelte,css}'], { cwd: root });
  const own = files.filter((path) => !/\.(test|bench)\.|fixture|\/test\//.test(path));
  const named = own.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const from = /^\s*(?:import|export)\s(?!type\b)(?:[\w\s{},*$]+from\s+)?'(@[^/']+\/[^/']+|[^@./$#'][^/']*)/gm;
    return [...text.matchAll(from)].map(([, name = '']) => name);
  });
  const css = own.flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(/^@import '([^./'][^']*)'/gm)]);
  const real = readLock();
  const known = [...installed(real), ...builtIn(real)].map(({ name }) => name);
  const wanted = new Set([...named, ...css.map(([, name = '']) => name)]);
  // React is brought along by the app that uses that part of the SDK.
  const others = [...wanted].filter((name) => !/^(node:|virtual:|@belfry\/|react$|react-dom$)/.test(name));
  expect(others).toEqual(expect.arrayContaining(['svelte', 'uqr', 'tailwindcss']));
  expect(others.filter((name) => !known.includes(name))).toEqual([]);
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
