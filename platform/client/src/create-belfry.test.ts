import { afterEach, expect, test } from 'vitest';
import { connectBelfry, startBelfry } from '../test/support/started-belfry.ts';
import { createVirtualSurroundings } from '../test/support/virtual-surroundings.ts';
import type { Belfry } from './types.ts';

const started: Belfry[] = [];
afterEach(() => Promise.all(started.splice(0).map((belfry) => belfry.stop())));

test('connects, sends a message and hands out events in order', async () => {
  const { belfry, virtual } = await connectBelfry();
  started.push(belfry);
  expect(belfry.snapshot()).toMatchObject({ status: 'connected', userId: 'alice', page: '/chat', attempt: 0 });
  const seqs: unknown[] = [];
  belfry.on('new_message', ({ seq }) => seqs.push(seq));
  virtual.socket().message(1).message(3).message(2).message(2);
  expect(seqs).toEqual([1, 2, 3]);
  const sent = belfry.command('history', { conversationId: 'c1', limit: 10 });
  virtual.socket().answer('history', { messages: [], hasMore: false });
  await expect(sent).resolves.toEqual({ messages: [], hasMore: false });
});

test('a page that is off makes no attempt and asks for no token', async () => {
  let asked = 0;
  const { belfry, virtual } = await startBelfry(
    {
      getToken() {
        asked += 1;
        return 'x';
      },
    },
    createVirtualSurroundings({ page: '/login' }),
  );
  started.push(belfry);
  expect(belfry.snapshot().status).toBe('disabled');
  expect([asked, virtual.sockets.length]).toEqual([0, 0]);
});
