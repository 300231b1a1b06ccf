import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionWords } from './action-words.ts';

const server = join(import.meta.dirname, '../../../../platform/server/src');

test('every action that the server records has words', async () => {
  const files = await Array.fromAsync(glob('{http/doors/admin,accounts}/**/*.ts', { cwd: server }));
  const recorded = files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(server, file), 'utf8').matchAll(/action: '([a-z]+\.[a-z_]+)'/g)])
    .map(([, action = '']) => action);
  expect(recorded.length).toBeGreaterThan(40);
  expect(new Set(recorded.filter((action) => actionWords(action) === action))).toEqual(new Set());
});
