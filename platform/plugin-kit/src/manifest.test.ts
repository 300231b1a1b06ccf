// Manifests: how a package.json is read, and that a refusal names the path.
import { expect, test } from 'vitest';
import { isApiAdmitted, readManifest } from './index.ts';

const belfry = { kind: 'notification-provider', id: 'my-sms', api: '^1.0.0' };

test.each<[packageJson: Record<string, unknown>, entry: string]>([
  [{}, './index.ts'],
  [{ main: './main.js' }, './main.js'],
  [{ main: './main.js', exports: './index.ts' }, './index.ts'],
  [{ exports: { '.': './a.ts', './b': './b.ts' } }, './a.ts'],
  [{ exports: { '.': { types: './a.d.ts', default: './a.js' } } }, './a.js'],
])('of %j the entry is %s', (packageJson, entry) => {
  expect(readManifest({ name: 'x', belfry, ...packageJson })).toEqual({ ok: true, manifest: belfry, entry });
});

test.each<[packageJson: unknown, path: string]>([
  [undefined, 'package.json'],
  [[], 'package.json'],
  [{}, 'belfry'],
  [{ belfry: { ...belfry, kind: 'storage' } }, 'belfry.kind'],
  [{ belfry: { ...belfry, id: '../x' } }, 'belfry.id'],
  [{ belfry: { ...belfry, id: 'x'.repeat(41) } }, 'belfry.id'],
  [{ belfry: { ...belfry, api: 'newest' } }, 'belfry.api'],
  [{ belfry: { ...belfry, api: '' } }, 'belfry.api'],
  [{ belfry: { ...belfry, icon: './../../etc/icon.svg' } }, 'belfry.icon'],
  [{ belfry: { ...belfry, icon: 'https://example.com/icon.svg' } }, 'belfry.icon'],
  [{ belfry: { ...belfry, apiVersion: '1' } }, 'belfry'],
  [{ belfry, exports: '../other/index.ts' }, 'exports'],
  [{ belfry, main: '/etc/passwd' }, 'main'],
])('%j is refused at %s', (packageJson, path) => {
  const reading = readManifest(packageJson);

  expect(reading).toMatchObject({ ok: false, problems: [expect.stringMatching(new RegExp(`^${path}: `))] });
});

test.each([
  ['^1.0.0', true],
  ['1.x', true],
  ['>=1 <3', true],
  ['^2.0.0', false],
  ['~0.9', false],
  ['newest', false],
])('the range %s admits version 1.0.0: %s', (range, admitted) => {
  expect(isApiAdmitted(range, '1.0.0')).toBe(admitted);
});
