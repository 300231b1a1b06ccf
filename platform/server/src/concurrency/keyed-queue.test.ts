// The order of tasks in a keyed queue.

import { expect, test } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

test('tasks of one key run one after the other, those of other keys beside them, also after a failure', async () => {
  const queue = new KeyedQueue<string>();
  const first = Promise.withResolvers<undefined>();
  const ran: string[] = [];
  const a1 = queue.run('a', async () => {
    await first.promise;
    ran.push('a1');
    throw new Error('defect');
  });
  const a2 = queue.run('a', async () => void ran.push('a2'));
  await queue.run('b', async () => void ran.push('b'));
  first.resolve(undefined);
  await expect(a1).rejects.toThrow('defect');
  await a2;
  expect(ran).toEqual(['b', 'a1', 'a2']);
});

test('nothing is held of a key whose tasks have ended', async () => {
  const queue = new KeyedQueue<string>();
  const tasks = [queue.run('a', async () => 1), queue.run('a', async () => 2), queue.run('b', async () => 3)];
  expect(queue.size).toBe(2);
  expect(await Promise.all(tasks)).toEqual([1, 2, 3]);
  expect(queue.size).toBe(0);
});
