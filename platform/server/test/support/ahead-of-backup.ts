// A client that knows more than what was restored: what it had, and what it is told. How data goes back is the test's.

import { expect } from 'vitest';
import type { ApiClient } from './api-client.ts';
import type { Clients } from './clients.ts';
import { broadcast, putConversation, say, succeed } from './clinic.ts';
import type { SocketClient } from './socket-client.ts';

export interface Position {
  stream: string;
  epoch: string;
  seq: number;
}

interface Site {
  /** Asked at each call: a server that was started anew is another. */
  server: () => ApiClient;
  clients: Clients;
}

/** Two messages of each kind, what `between` does, and two more of each; where bob is then. */
export async function liveOn({ server, clients }: Site, between: () => unknown): Promise<Position[]> {
  await putConversation(server(), 'c1', ['alice', 'bob']);
  const bob = await clients.connect({ userId: 'bob' });
  for (const text of ['one', 'two']) await send(server(), text);
  await between();
  for (const text of ['lost three', 'lost four']) await send(server(), text);
  return await positionsOf(bob, 4);
}

/** Whoever was ahead is told, at once and also when the head has passed where they were. */
export async function expectGaps({ server, clients }: Site, known: readonly Position[]): Promise<void> {
  const bob = await clients.connect({ userId: 'bob', resume: [...known] });
  const gap = { from: 1, to: 2, reason: 'unknown_epoch' };
  const epoch = expect.stringMatching(/^e1\.[0-9a-f]{12}$/) as string;
  expect(bob.connected['resumed']).toEqual(known.map(({ stream }) => ({ stream, epoch, gap })));
  expect(await history(server())).toEqual(['one', 'two']);

  for (const text of ['three', 'four', 'five', 'six']) await send(server(), text);
  const [now = ''] = (await positionsOf(bob, 6)).map((position) => position.epoch);
  expect(now).toMatch(/^e1\./);
  expect(bob.frames.filter(({ action }) => action === 'new_message').map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
  expect(await history(server())).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);

  const late = await clients.connect({ userId: 'bob', deviceId: 'other', resume: [...known] });
  expect(late.connected['resumed']).toMatchObject(known.map(({ stream }) => ({ stream, gap: { ...gap, to: 6 } })));
  const current = known.map((position) => ({ ...position, epoch: now, seq: 5 }));
  const good = await clients.connect({ userId: 'bob', deviceId: 'third', resume: current });
  expect(good.connected['resumed']).toMatchObject(known.map(({ stream }) => ({ stream, from: 6, to: 6 })));
}

/** Texts of the conversation, the oldest first. */
export async function history(server: Pick<ApiClient, 'api'>): Promise<string[]> {
  const { messages } = await succeed(server.api('GET', '/conversations/c1/messages?limit=100'), 'history');
  return (messages as { content: { text: string } }[]).map(({ content }) => content.text);
}

/** One message into the conversation, and one into bob's inbox. */
async function send(server: ApiClient, text: string): Promise<void> {
  await say(server, 'c1', { from: 'alice', text });
  await broadcast(server, { kind: 'direct', audience: { users: ['bob'] }, data: { title: text } });
}

/** Where a client is that has all of the conversation and of its inbox. */
async function positionsOf(bob: SocketClient, seq: number): Promise<Position[]> {
  const events = [
    await bob.event('new_message', (event) => event.seq === seq),
    await bob.event('direct_message', (event) => event.seq === seq),
  ];
  return events.map((event) => {
    const { stream = '', epoch = '' } = event as typeof event & { epoch?: string };
    return { stream, epoch, seq };
  });
}
