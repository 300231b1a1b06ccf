import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createMemoryGroup } from './memory-group.ts';

const bytes = 256 * 1024 * 1024;

test('a process in a group sees its bound, where this machine makes groups', () => {
  const group = createMemoryGroup(bytes);
  if (group === undefined) return;
  try {
    const [program, args] = group.wrap(process.execPath, ['-p', 'process.constrainedMemory()']);
    expect(Number(execFileSync(program, args, { encoding: 'utf8' }))).toBe(bytes);
  } finally {
    group.remove();
  }
});
