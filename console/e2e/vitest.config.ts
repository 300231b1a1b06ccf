// `npm run test:browser`: every screen of console, playground and API docs looked at in Chromium, at all sizes and in
// both languages. It takes minutes, and `npm test` has the journeys.
import { defineConfig } from 'vitest/config';
import { missingParts } from '../../scripts/parts.ts';
import base from '../../vitest.config.ts';

const needsCluster = 'console/e2e/cluster.slow.ts';
const missing = missingParts().filter(({ isOfCluster }) => isOfCluster);
if (missing.length > 0) {
  console.warn(`${needsCluster} is left out: this machine has no ${missing.map(({ name }) => name).join(' and no ')}.`);
}

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['{console,platform/playground,platform/server}/e2e/*.slow.ts'],
    exclude: [...(base.test?.exclude ?? []), ...(missing.length > 0 ? [needsCluster] : [])],
    maxWorkers: 2,
  },
});
