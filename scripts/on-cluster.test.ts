// The list of what runs on the cluster engine, against the tests that there are.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { clusterArguments, leftOutOnCluster, suitesOnCluster } from './on-cluster.ts';

const root = dirname(import.meta.dirname);
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

test('all that it names is there', () => {
  for (const suite of suitesOnCluster) expect(existsSync(join(root, suite)), suite).toBe(true);
  for (const { file, test: name = '' } of leftOutOnCluster) expect(text(file), file).toContain(name);
});

test('every scenario with a server runs on the cluster engine or is left out by name', () => {
  const tests = globSync('platform/{server,client}/test/**/*.test.ts', { cwd: root });
  const elsewhere = /\/test\/(?:cluster|deploy|faults|docs|openapi|packages|contracts|fairness|support)\//;
  const notRun = tests.filter(
    (file) =>
      /startWholeServer|startServerProcess/.test(text(file)) &&
      !elsewhere.test(file) &&
      !suitesOnCluster.some((suite) => file.startsWith(suite)),
  );
  expect(notRun).toEqual([]);
});

test('a file is left out whole, and a test by its name alone', () => {
  const args = clusterArguments([
    { file: 'a.test.ts', reason: 'r' },
    { file: 'b.test.ts', test: 'costs (1 + 1)', reason: 'r' },
  ]);
  expect(args[0]).toBe('--exclude=a.test.ts');
  const pattern = new RegExp(/^--testNamePattern=(.*)$/.exec(args[1] ?? '')?.[1] ?? '');
  expect(pattern.test('a shop costs (1 + 1)')).toBe(false);
  expect(pattern.test('a shop costs (1 + 1) and more')).toBe(true);
});
