// `npm run test:packages`: fresh apps that installed the tarballs, with those that take minutes.
import { defineConfig } from 'vitest/config';
import base from '../../../../vitest.config.ts';

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['platform/client/{test,e2e}/packages/*.{test,slow}.ts'], maxWorkers: 1 },
});
