// `npm run test:browser`: every screen of console, playground and API docs looked at in Chromium, at all sizes and in
// both languages. It takes minutes, and `npm test` has the journeys.
import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['{console,platform/playground,platform/server}/e2e/*.slow.ts'],
    maxWorkers: 2,
  },
});
