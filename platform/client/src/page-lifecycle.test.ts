import { afterEach, describe, expect, test, vi } from 'vitest';
import { buildBelfry, connectBelfry, startBelfry, type StartedBelfry } from '../test/support/started-belfry.ts';
import { createVirtualSurroundings, samplePolicy, sampleToken } from '../test/support/virtual-surroundings.ts';
import type { BelfryOptions } from './types.ts';

const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

function keep(started: StartedBelfry): StartedBelfry {
  running.push(started.belfry);
  return started;
}

const minute = 60_000;
const token = (sub: string, virtual: StartedBelfry['virtual'], lifeMs = 24 * 60 * minute): string =>
  sampleToken({ sub, exp: Math.floor((virtual.clock.now() + lifeMs) / 1000) });

describe('before a connection', () => {
  test('policies, then a token, then the socket with the page, the device and the positions to resume', async () => {
    const { belfry, virtual } = keep(await startBelfry());
    expect(belfry.snapshot()).toMatchObject({ status: 'connecting', attempt: 1 });
    const socket = virtual.socket().open();
    expect(socket.url).toBe('wss://app.example/ws?app=demo');
    expect(socket.protocol).toBe('belfry.v1');
    expect(socket.frame('connect').data).toMatchObject({
      page: '/chat',
      device: { id: belfry.device.id, type: 'desktop' },
      visible: true,
      resume: [{ stream: 'i:alice', epoch: 'unknown', seq: 0 }],
    });
    expect(belfry.snapshot().status).toBe('connecting');
    socket.accept();
    expect(belfry.snapshot()).toMatchObject({ status: 'connected', attempt: 0, syncSignal: 1 });
  });

  test.each([
    ['/login', 'disabled'],
    ['/nothing-said-of-it', 'disabled'],
    ['/by-hand', 'closed'],
  ] as const)('%s stays %s, without a socket', async (page, status) => {
    const { belfry, virtual } = keep(await startBelfry({}, createVirtualSurroundings({ page })));
    await virtual.clock.advance(10 * minute);
    expect([belfry.snapshot().status, virtual.sockets.length]).toEqual([status, 0]);
  });

  test('a page without autoConnect connects by hand', async () => {
    const { belfry, virtual } = keep(await startBelfry({}, createVirtualSurroundings({ page: '/by-hand' })));
    belfry.connect();
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(1);
  });

  test('a visitor connects without a token where the page allows it', async () => {
    const { belfry, virtual } = keep(
      await startBelfry({ getToken: () => null }, createVirtualSurroundings({ page: '/public' })),
    );
    virtual.socket().accept({ userId: 'visitor:1', page: samplePolicy({ pattern: '/public', requireAuth: false }) });
    expect(virtual.socket().frame('connect').data).not.toHaveProperty('token');
    expect(virtual.socket().frame('connect').data).not.toHaveProperty('resume');
    expect(belfry.snapshot()).toMatchObject({ status: 'connected', userId: 'visitor:1' });
  });

  test('policies that cannot be had are the kept ones; without any it is tried again', async () => {
    const stored = new Map<string, string>();
    const away = createVirtualSurroundings({ stored });
    away.pages.fails = true;
    const first = keep(await startBelfry({}, away));
    expect(first.belfry.snapshot()).toMatchObject({ status: 'reconnecting', attempt: 1 });
    expect(first.belfry.snapshot().lastError).toMatchObject({ code: 'connection_lost', message: 'fetch failed' });
    away.pages.fails = false;
    await away.clock.advance(2000);
    expect(away.sockets).toHaveLength(1);
    const later = createVirtualSurroundings({ stored });
    later.pages.fails = true;
    keep(await startBelfry({}, later));
    expect(later.sockets).toHaveLength(1);
  });

  test('kept policies are confirmed by their ETag before they count', async () => {
    const stored = new Map<string, string>();
    keep(await startBelfry({}, createVirtualSurroundings({ stored })));
    const virtual = createVirtualSurroundings({ stored });
    keep(await startBelfry({}, virtual));
    expect(virtual.requests[0]?.headers.get('if-none-match')).toBe('"1"');
    expect(virtual.sockets).toHaveLength(1);
    const changed = createVirtualSurroundings({ stored });
    changed.pages = { ...changed.pages, etag: '"2"', policies: [samplePolicy({ pattern: '/chat', enabled: false })] };
    const { belfry } = keep(await startBelfry({}, changed));
    expect([belfry.snapshot().status, changed.sockets.length]).toEqual(['disabled', 0]);
  });

  test('a getToken that rejects is a failed attempt, and shown as lastError', async () => {
    const getToken = vi.fn<NonNullable<BelfryOptions['getToken']>>().mockRejectedValueOnce(new Error('503'));
    const { belfry, virtual } = keep(await startBelfry({ getToken }));
    expect(belfry.snapshot()).toMatchObject({
      status: 'reconnecting',
      lastError: { code: 'no_token', message: '503' },
    });
    getToken.mockResolvedValue(token('alice', virtual));
    await virtual.clock.advance(2000);
    virtual.socket().accept();
    expect(belfry.snapshot()).toMatchObject({ status: 'connected', lastError: undefined });
  });
});

describe('a single-page app', () => {
  test('moves on its connection, and takes the policy that the server answers', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual.goTo('/admin?tab=1');
    await virtual.clock.advance(0);
    expect(virtual.socket().frame('page').data).toEqual({
      page: '/admin',
      visible: true,
      attended: true,
      policyVersion: 1,
    });
    expect(belfry.snapshot()).toMatchObject({ page: '/admin', policy: { pattern: '/admin' }, status: 'connected' });
    virtual.socket().answer('page', { page: samplePolicy({ pattern: '/admin', features: ['new'], version: 9 }) });
    await virtual.clock.advance(0);
    expect(belfry.hasFeature('new')).toBe(true);
    expect(virtual.sockets).toHaveLength(1);
  });

  test('leaves the connection behind on a page without WebSocket, and handlers with their page', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    const onChat = vi.fn();
    const always = vi.fn();
    belfry.on('new_message', onChat, { page: '/chat' });
    belfry.on('new_message', always);
    virtual.socket().message(1);
    virtual.goTo('/login');
    await virtual.clock.advance(0);
    expect(belfry.snapshot().status).toBe('disabled');
    expect(virtual.socket().closedWith).toEqual({ code: 1000 });
    virtual.goTo('/chat');
    await virtual.clock.advance(0);
    virtual.socket().accept().message(2);
    expect([onChat.mock.calls.length, always.mock.calls.length]).toEqual([1, 2]);
  });

  test('disconnect holds until another page', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    belfry.disconnect();
    expect(belfry.snapshot().status).toBe('closed');
    virtual.goOnline();
    await virtual.clock.advance(5 * minute);
    expect(virtual.sockets).toHaveLength(1);
    virtual.goTo('/admin');
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(2);
  });

  test('a page that goes into the back-forward cache closes, and comes back with the events it missed', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual.socket().message(5);
    virtual.hidePage('hide');
    expect(virtual.socket().frame('ack').data).toMatchObject({ cursors: [{ stream: 'c:c1', seq: 5 }] });
    expect(virtual.socket().closedWith).toBeDefined();
    await virtual.clock.advance(10 * minute);
    expect(virtual.sockets).toHaveLength(1);
    virtual.hidePage('show');
    await virtual.clock.advance(0);
    expect(virtual.socket().open().frame('connect').data['resume']).toContainEqual({
      stream: 'c:c1',
      epoch: 'e1',
      seq: 5,
    });
    expect(belfry.snapshot().status).toBe('reconnecting');
  });
});

describe('users', () => {
  test('another user gets a connection of their own, and nothing of the first one', async () => {
    const virtual = createVirtualSurroundings();
    let user = 'alice';
    const { belfry } = keep(await connectBelfry({ getToken: () => token(user, virtual) }, { virtual }));
    virtual.socket().message(5);
    user = 'bob';
    belfry.signedIn();
    await virtual.clock.advance(0);
    expect(virtual.sockets[0]?.closedWith).toEqual({ code: 1000 });
    expect(virtual.socket().open().frame('connect').data['resume']).toEqual([
      { stream: 'i:bob', epoch: 'unknown', seq: 0 },
    ]);
  });

  test('the same user again keeps the connection, with the new token', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    belfry.signedIn();
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(1);
    expect(virtual.socket().frames('auth')).toHaveLength(1);
    expect(belfry.snapshot().userId).toBe('alice');
  });

  test('a message written while the user was not known goes out once they are', async () => {
    const virtual = createVirtualSurroundings();
    let answer = (_token: string): void => undefined;
    const getToken = (): Promise<string> => new Promise((resolve) => void (answer = resolve));
    const { belfry } = keep(await startBelfry({ getToken }, virtual));
    answer(token('alice', virtual));
    await virtual.clock.advance(0);
    virtual.socket().accept();
    const sent = async (count: number): Promise<void> =>
      vi.waitFor(async () => {
        await virtual.clock.advance(0);
        expect(virtual.socket().frames('message')).toHaveLength(count);
      });
    belfry.send({ conversationId: 'c1', type: 'text', content: { text: 'before' } });
    await sent(1);
    belfry.signedIn();
    await virtual.clock.advance(0);
    expect(belfry.snapshot().userId).toBeUndefined();
    belfry.send({ conversationId: 'c2', type: 'text', content: { text: 'meanwhile' } });
    await virtual.clock.advance(0);
    expect(virtual.socket().frames('message')).toHaveLength(1);
    answer(token('alice', virtual));
    await sent(2);
  });

  test('a token is renewed before it ends; a renewal without a user ends signed out', async () => {
    const virtual = createVirtualSurroundings();
    let isSignedIn = true;
    const getToken = vi.fn(() => (isSignedIn ? token('alice', virtual, 10 * minute) : null));
    const { belfry } = keep(await connectBelfry({ getToken }, { virtual }));
    await virtual.clock.advance(8 * minute);
    expect(virtual.socket().frames('auth')).toHaveLength(0);
    await virtual.clock.advance(minute);
    expect(virtual.socket().frames('auth')).toHaveLength(1);
    expect(getToken).toHaveBeenLastCalledWith(expect.objectContaining({ reason: 'renew' }));
    isSignedIn = false;
    virtual.socket().event({
      action: 'auth_expiring',
      timestamp: '2026-01-01T00:00:00.000Z',
      data: { expiresAt: '2026-01-01T00:00:10.000Z' },
    });
    await virtual.clock.advance(0);
    expect(belfry.snapshot().status).toBe('signed_out');
  });
});

test('stop leaves nothing: no timer, no listener, no socket; nothing begins again, and to start again is refused', async () => {
  const { belfry, virtual } = await connectBelfry();
  await belfry.stop();
  expect(virtual.socket().closedWith).toEqual({ code: 1000 });
  expect([virtual.clock.pending(), virtual.listeners()]).toEqual([0, 0]);
  expect(() => belfry.start()).toThrow('stop() is for good');
  belfry.connect();
  belfry.signedIn();
  belfry.attend();
  virtual.goOnline();
  await virtual.clock.advance(minute);
  expect([belfry.snapshot().status, virtual.sockets.length, virtual.clock.pending()]).toEqual(['closed', 1, 0]);
  const unstarted = buildBelfry();
  await unstarted.belfry.stop();
  expect(unstarted.virtual.clock.pending()).toBe(0);
});
