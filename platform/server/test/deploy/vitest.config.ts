// `npm run test:helm`: what needs Helm, which is no part of Debian.
import { defineConfig } from 'vitest/config';
import base from '../../../../scripts/test-config.ts';

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['platform/server/test/deploy/{helm,helm-started,schemas}.slow.ts'], maxWorkers: 1 },
});
