// While nobody is signed in the client makes no request, whatever is shown on the page.
import { afterEach, expect, test, vi } from 'vitest';
import { createChat } from '../src/chat/index.ts';
import type { GetToken } from '../src/types.ts';
import { startBelfry, type StartedBelfry } from './support/started-belfry.ts';
import { createVirtualSurroundings, sampleToken, samplePolicy } from './support/virtual-surroundings.ts';

const minute = 60_000;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A page with a list and two conversations, as hooks show it. */
async function showChat(getToken: GetToken, page = '/chat'): Promise<StartedBelfry & ReturnType<typeof chatOf>> {
  const virtual = createVirtualSurroundings({ page });
  virtual.pages.policies = [
    ...virtual.pages.policies,
    samplePolicy({ pattern: '/desk', requireAuth: false, features: ['messaging'] }),
  ];
  virtual.answerHttp = ({ path, headers }) => {
    if (!headers.has('authorization')) return new Response('{}', { status: 401 });
    return Response.json(path.endsWith('messages') ? { messages: [] } : { conversations: [] });
  };
  const started = await startBelfry({ getToken }, virtual);
  ends.push(() => started.belfry.stop());
  return { ...started, ...chatOf(started) };
}

function chatOf({ belfry }: StartedBelfry): { chat: ReturnType<typeof createChat> } {
  const chat = createChat(belfry);
  ends.push(chat.start(), chat.conversation('c1').open(), chat.conversation('c2').open());
  return { chat };
}

const requested = ({ virtual }: Pick<StartedBelfry, 'virtual'>): string[] =>
  virtual.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`);

test('signed out, a page with a chat reads its policies and nothing else, and asks for a token once', async () => {
  const getToken = vi.fn<GetToken>(() => null);
  const shown = await showChat(getToken);
  await shown.virtual.clock.advance(10 * minute);
  expect(shown.belfry.snapshot().status).toBe('signed_out');
  expect(requested(shown)).toEqual(['GET /api/v1/pages']);
  expect(getToken).toHaveBeenCalledTimes(1);
  expect(shown.chat.snapshot()).toMatchObject({ status: 'idle', error: undefined });
  expect(shown.chat.conversation('c1').snapshot()).toMatchObject({ status: 'idle', error: undefined });
});

test('once somebody is signed in, the chat that showed nothing reads what there is', async () => {
  let token: string | null = null;
  const shown = await showChat(() => token);
  await shown.virtual.clock.advance(minute);
  token = sampleToken({ sub: 'alice' });
  shown.belfry.signedIn();
  await shown.virtual.clock.advance(0);
  shown.virtual.socket().accept();
  await shown.virtual.clock.advance(0);
  await expect.poll(() => shown.chat.snapshot().status).toBe('ready');
  expect(requested(shown)).toContain('GET /api/v1/conversations');
});

test('signed out by the application, a chat makes no request any more', async () => {
  const shown = await showChat(() => sampleToken({ sub: 'alice' }));
  shown.virtual.socket().accept();
  await expect.poll(() => shown.chat.snapshot().status).toBe('ready');
  const before = requested(shown).length;
  shown.belfry.signedOut();
  await shown.virtual.clock.advance(10 * minute);
  expect(requested(shown).slice(before)).toEqual([]);
});

test("a visitor with a connection makes none either: what a chat reads is a user's", async () => {
  const shown = await showChat(() => null, '/desk');
  const page = samplePolicy({ pattern: '/desk', requireAuth: false, features: ['messaging'] });
  shown.virtual.socket().accept({ userId: 'visitor:1', page });
  await shown.virtual.clock.advance(minute);
  expect(shown.belfry.snapshot().status).toBe('connected');
  expect(requested(shown)).toEqual(['GET /api/v1/pages']);
  expect(shown.chat.snapshot().status).toBe('idle');
  await expect(shown.belfry.http('/devices')).rejects.toMatchObject({ code: 'signed_out', retry: 'never' });
});

test('a back end that is away is not signed out: it is asked again, less and less often, until it answers', async () => {
  const getToken = vi.fn<GetToken>(() => Promise.reject(new Error('503')));
  const virtual = createVirtualSurroundings();
  const { belfry } = await startBelfry({ getToken }, virtual);
  ends.push(() => belfry.stop());
  expect(belfry.snapshot().status).toBe('reconnecting');
  await virtual.clock.advance(minute);
  const inTheFirstMinute = getToken.mock.calls.length;
  expect(inTheFirstMinute).toBeGreaterThan(3);
  await virtual.clock.advance(10 * minute);
  expect(getToken.mock.calls.length).toBeLessThan(inTheFirstMinute * 10);
  expect(belfry.snapshot().status).toBe('offline');
  getToken.mockReturnValue(sampleToken({ sub: 'alice' }));
  while (virtual.sockets.length === 0) await virtual.clock.advance(1000);
  virtual.socket().accept();
  expect(belfry.snapshot().status).toBe('connected');
});
