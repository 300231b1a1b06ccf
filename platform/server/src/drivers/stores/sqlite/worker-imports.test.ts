// The thread of the data file starts with every server, and loads its sources anew each time: schemas, which it has
// no use for, would take it longer than all the rest.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compileCache } from '../../../../test/support/compile-cache.ts';

const program = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(name, context, next) {
      const found = next(name, context);
      console.log(found.url);
      return found;
    },
  });
  // It ends at once, since it is no thread here; by then all that it imports was found.
  await import(process.argv[1]).catch(() => undefined);`;

test('the thread loads its own sources, and no schemas', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program, join(import.meta.dirname, 'worker.ts')],
    { env: { ...process.env, ...compileCache } },
  );
  const urls = stdout.trim().split('\n');
  expect(urls.filter((url) => url.includes('/stores/sqlite/')).length).toBeGreaterThan(30);
  expect(urls.filter((url) => url.includes('/zod/'))).toEqual([]);
});
