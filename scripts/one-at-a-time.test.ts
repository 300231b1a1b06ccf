// Proves that what is done one at a time does not overlap, and goes on after a process that died in it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'belfry-lock-'));
const file = join(folder, 'lock');
afterAll(() => rmSync(folder, { recursive: true }));

test('those who come at once follow each other, also after one that fails', async () => {
  let running = 0;
  let most = 0;
  const turn = (fails: boolean) =>
    oneAtATime(file, async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(10);
      running -= 1;
      if (fails) throw new Error('a build that fails');
      return 'built';
    });
  const turns = await Promise.allSettled([turn(false), turn(true), turn(false)]);
  expect(turns.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('a process that died in it holds nobody up', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(file, String(pid));
  expect(await oneAtATime(file, async () => 'built')).toBe('built');
});
