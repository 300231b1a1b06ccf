// `npm run test:mechanisms`: every mechanism behind a promise switched off. It takes minutes, and `npm test` has one of
// them.
import { defineConfig } from 'vitest/config';
import base from '../../../../scripts/test-config.ts';

export default defineConfig({
  ...base,
  // Three servers and their users at a time keep two cores busy.
  test: { ...base.test, include: ['platform/server/test/faults/*.slow.ts'], maxWorkers: 1, maxConcurrency: 3 },
});
