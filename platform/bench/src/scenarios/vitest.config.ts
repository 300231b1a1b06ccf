// `npm run test:bench`: every scenario of the benchmarks in its quick form. It takes minutes, and `npm test` has one of
// each sort.
import { defineConfig } from 'vitest/config';
import base from '../../../../scripts/test-config.ts';

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['platform/bench/**/*.slow.ts'], maxWorkers: 1 },
});
