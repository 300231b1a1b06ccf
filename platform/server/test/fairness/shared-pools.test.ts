// Nobody's load is another's wait: every pool that apps share, as docs/reliability.md lists them under "Shared
// pools". A neighbour fills the pool with tasks that do not end by themselves, and a bystander asks a hundred
// times. Told in turns that the bystander waits for, its own included.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { p99 } from './held-tasks.ts';
import { pools } from './pools.ts';

test.each(pools)('$pool: a bystander waits no more than three times as long as alone', async ({ measure }) => {
  const alone = p99(await measure([]));
  const besideOne = p99(await measure(['greedy']));
  expect(besideOne).toBeLessThanOrEqual(3 * alone);
  const besideTwo = p99(await measure(['greedy', 'grasping']));
  expect(besideTwo).toBeLessThanOrEqual(3 * alone);
});

test('the table of the documentation lists each of them', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/reliability.md'), 'utf8');
  const section = text.slice(text.indexOf('## Shared pools'));
  for (const { pool } of pools) expect(section).toContain(`| ${pool} `);
});
