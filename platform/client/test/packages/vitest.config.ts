// `npm run test:packages`: fresh apps that installed the tarballs, with those that take minutes, and a
// client that Python's package index helps to generate.
import { defineConfig } from 'vitest/config';
import base from '../../../../scripts/test-config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['platform/client/{test,e2e}/packages/*.{test,slow}.ts', 'platform/server/test/openapi/*.slow.ts'],
    maxWorkers: 1,
  },
});
