// `npm run test:image`: builds the image, which takes minutes, root, buildah and debootstrap.
import { defineConfig } from 'vitest/config';
import base from '../../../../scripts/test-config.ts';

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['platform/server/test/deploy/image.slow.ts'], maxWorkers: 1 },
});
