// `npm run test:bench`: every scenario over a cluster, in its quick form.
import { test } from 'vitest';
import { patienceMs, runsThrough } from '../runs-through.fixture.ts';
import { clusterScenarios } from './index.ts';

test.each(clusterScenarios)('$name runs from end to end and measures something', { timeout: patienceMs }, (scenario) =>
  runsThrough(scenario, ['--cluster']),
);
