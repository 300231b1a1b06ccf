// One version of everything that is released together. The plugin kit and each plugin have versions of their own.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

test.each([
  ...globSync(['platform/*/package.json', 'console/package.json'], { cwd: root }).filter(
    (path) => dirname(path) !== 'platform/plugin-kit',
  ),
])('%s has the version of Belfry', (path) => {
  expect(JSON.parse(read(path))).toMatchObject({ version });
});

test('the chart and the image that it takes have the version of Belfry', () => {
  expect(parse(read('helm/belfry/Chart.yaml'))).toMatchObject({ version, appVersion: version });
  expect(/^ARG VERSION=(\S+)$/m.exec(read('deploy/Dockerfile'))?.[1]).toBe(version);
});

test.each(['docker-compose.yml', ...globSync('deploy/compose/*.yml', { cwd: root })])('%s runs it', (path) => {
  const named = [...read(path).matchAll(/image: belfry:\$\{BELFRY_VERSION:-([^}]+)\}/g)].map(([, each]) => each);
  expect(named).not.toEqual([]);
  expect(new Set(named)).toEqual(new Set([version]));
});

test.each(['docs/deploy.md', 'docs/operations.md', 'helm/belfry/README.md', '.env.example'])(
  'commands of %s name it',
  (path) => {
    const named = [
      ...read(path).matchAll(/belfry:(\d+\.\d+\.\d+)|--version (\d+\.\d+\.\d+)|(?:belfry-|VERSION=)(\d+\.\d+\.\d+)/g),
    ];
    for (const [all, ...versions] of named) expect(versions, all).toContain(version);
  },
);
