// One scenario over a cluster; the others are cluster.slow.ts.
import { expect, test } from 'vitest';
import { missingEngines } from '../../contenders/engines.ts';
import { patienceMs, runsThrough } from '../runs-through.fixture.ts';
import { clusterAppend } from './append.ts';

test('a machine that has every part lacks none', () => {
  expect(missingEngines()).toEqual([]);
});

test('appends over a cluster are measured from end to end', { timeout: patienceMs }, () =>
  runsThrough(clusterAppend, ['--cluster']),
);
