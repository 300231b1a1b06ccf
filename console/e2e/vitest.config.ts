// `npm run test:browser`: every screen of console, playground, clinic and API docs looked at in Chromium, at all sizes and
// in both languages, and journeys that are long: many rows, a killed node, a line that is cut. `npm test` has the others.
import { defineConfig } from 'vitest/config';
import { missingParts } from '../../scripts/parts.ts';
import base from '../../scripts/test-config.ts';

const needsCluster = 'console/e2e/cluster.slow.ts';
const missing = missingParts().filter(({ isOfCluster }) => isOfCluster);
if (missing.length > 0) {
  console.warn(`${needsCluster} is left out: this machine has no ${missing.map(({ name }) => name).join(' and no ')}.`);
}

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['{console,platform/playground,platform/server,examples/clinic}/e2e/*.slow.ts'],
    exclude: [...(base.test?.exclude ?? []), ...(missing.length > 0 ? [needsCluster] : [])],
    maxWorkers: 2,
  },
});
