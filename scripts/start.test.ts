// Proves that `npm start` runs on the Node that the command asks for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test.each(['start', 'dev'])('npm run %s has the flags of the command `belfry`', (script) => {
  const [firstLine = ''] = readFileSync(join(root, 'platform/server/src/cli/belfry.mjs'), 'utf8').split('\n', 1);
  const [, flags] = /^#!\/usr\/bin\/env -S node (--\S.*)$/.exec(firstLine) ?? [];
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(flags).toBeDefined();
  expect(scripts[script]).toContain(`exec node ${flags} --import`);
});
