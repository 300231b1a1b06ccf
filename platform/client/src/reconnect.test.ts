import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectBelfry, startBelfry, type StartedBelfry } from '../test/support/started-belfry.ts';
import { createVirtualSurroundings, samplePolicy, sampleToken } from '../test/support/virtual-surroundings.ts';

const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

function keep(started: StartedBelfry): StartedBelfry {
  running.push(started.belfry);
  return started;
}

const minute = 60_000;
const token = (sub: string, virtual: StartedBelfry['virtual'], lifeMs = 24 * 60 * minute): string =>
  sampleToken({ sub, exp: Math.floor((virtual.clock.now() + lifeMs) / 1000) });

describe('when a connection is lost', () => {
  test('the client tries again after a random part of 2 s, doubling to 30 s, 15 times; then with slow probes', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    const waits: number[] = [];
    for (let count = 0; count < 17; count += 1) {
      virtual.socket().drop();
      const { retryAt = 0, status } = belfry.snapshot();
      expect(status).toBe(count < 15 ? 'reconnecting' : 'offline');
      waits.push(retryAt - virtual.clock.now());
      await virtual.clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(waits.slice(14)).toEqual([15_000, 120_000, 120_000]);
    virtual.socket().accept();
    expect(belfry.snapshot()).toMatchObject({ status: 'connected', attempt: 0 });
  });

  test('a connection that does not come about within 20 s is given up', async () => {
    const { belfry, virtual } = keep(await startBelfry());
    await virtual.clock.advance(20_000);
    expect(virtual.socket().closedWith).toBeDefined();
    expect(belfry.snapshot()).toMatchObject({ status: 'reconnecting', lastClose: { code: 1006, reason: 'timeout' } });
  });

  test.each(['online', 'visible', 'connect'] as const)('%s begins anew at once', async (what) => {
    const { belfry, virtual } = keep(await connectBelfry());
    for (let count = 0; count < 16; count += 1) {
      virtual.socket().drop();
      await virtual.clock.advance((belfry.snapshot().retryAt ?? 0) - virtual.clock.now());
    }
    virtual.socket().drop();
    expect(belfry.snapshot().status).toBe('offline');
    const before = virtual.sockets.length;
    if (what === 'online') virtual.goOnline();
    else if (what === 'visible') virtual.setVisible(true);
    else belfry.connect();
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(before + 1);
    expect(belfry.snapshot()).toMatchObject({ status: 'reconnecting', attempt: 1 });
  });

  test('settings of the server replace the defaults', async () => {
    const virtual = createVirtualSurroundings();
    virtual.pages.client = { reconnectBaseMs: 100, reconnectMaxAttempts: 1 };
    const { belfry } = keep(await connectBelfry({}, { virtual }));
    virtual.socket().drop();
    expect((belfry.snapshot().retryAt ?? 0) - virtual.clock.now()).toBe(50);
    await virtual.clock.advance(50);
    virtual.socket().drop();
    expect(belfry.snapshot().status).toBe('offline');
  });

  test('a server that accepts and throws out is not knocked at without end', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    const waits: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      virtual.socket().drop(4006);
      waits.push((belfry.snapshot().retryAt ?? 0) - virtual.clock.now());
      await virtual.clock.advance(waits.at(-1) ?? 0);
      virtual.socket().accept();
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  test('the next one says which it replaces, so that the user does not seem to be there twice', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    expect(virtual.socket().frame('connect').data).not.toHaveProperty('replaces');
    const { connectionId } = belfry.snapshot();
    virtual.socket().drop();
    await virtual.clock.advance(1000);
    expect(virtual.socket().open().frame('connect').data['replaces']).toBe(connectionId);
  });

  test('commands that waited are rejected, later ones refused', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    const waiting = belfry.command('history', { conversationId: 'c1' });
    virtual.socket().drop();
    await expect(waiting).rejects.toMatchObject({ code: 'connection_lost', retry: 'same' });
    await expect(belfry.command('heartbeat', {})).rejects.toMatchObject({ code: 'not_connected' });
  });
});

describe('close codes', () => {
  test.each([1000, 1008, 1009, 4500, 4502, 4504, 4506, 4999])('%i stays away until another page', async (code) => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual.socket().drop(code);
    await virtual.clock.advance(30 * minute);
    expect([belfry.snapshot().status, virtual.sockets.length]).toEqual(['closed', 1]);
    virtual.goTo('/admin');
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(2);
  });

  test('4001 comes back at once with a fresh token', async () => {
    const getToken = vi.fn(() => token('alice', virtual));
    const virtual = createVirtualSurroundings();
    keep(await connectBelfry({ getToken }, { virtual }));
    virtual.socket().drop(4001);
    await virtual.clock.advance(0);
    expect([getToken.mock.calls.length, virtual.sockets.length]).toEqual([2, 2]);
  });

  test('4501 tries a fresh token once, then stays away until somebody signs in', async () => {
    const { belfry, virtual } = keep(await startBelfry());
    virtual.socket().open().refuse('connect', { code: 'bad_token' }).drop(4501);
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(2);
    virtual.socket().open().refuse('connect', { code: 'bad_token' }).drop(4501);
    await virtual.clock.advance(30 * minute);
    expect(belfry.snapshot()).toMatchObject({ status: 'closed', lastError: { code: 'bad_token' } });
    expect(virtual.sockets).toHaveLength(2);
    belfry.signedIn();
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(3);
  });

  test('4503 reads the policies before anything else, and goes by them', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual.pages.fails = true;
    virtual.socket().drop(4503);
    await virtual.clock.advance(10 * minute);
    expect([belfry.snapshot().status, virtual.sockets.length]).toEqual(['disabled', 1]);
    virtual.pages = { ...virtual.pages, fails: false, etag: '"2"', policies: [] };
    await virtual.clock.advance(5 * minute);
    expect([belfry.snapshot().status, virtual.sockets.length]).toEqual(['disabled', 1]);
  });

  test('4503 for want of a role stays away, until another page or another user', async () => {
    const { belfry, virtual } = keep(await startBelfry());
    virtual.socket().open().refuse('connect', { code: 'forbidden' }).drop(4503);
    virtual.goOnline();
    await virtual.clock.advance(30 * minute);
    expect([belfry.snapshot().status, virtual.sockets.length]).toEqual(['closed', 1]);
    expect(belfry.snapshot().lastError).toMatchObject({ code: 'forbidden', retry: 'never' });
    belfry.signedIn();
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(2);
    virtual.socket().open().refuse('connect', { code: 'forbidden' }).drop(4503);
    virtual.goTo('/admin');
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(3);
  });

  test('a page that was switched off under its reader is found again when it is on', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    const { policies } = virtual.pages;
    virtual.pages = { ...virtual.pages, etag: '"2"', policies: [] };
    virtual.socket().event({
      action: 'page_config_changed',
      data: { pattern: '/chat', version: 2, page: samplePolicy({ pattern: '/chat', enabled: false, version: 2 }) },
    });
    expect(belfry.snapshot().status).toBe('disabled');
    await virtual.clock.advance(0);
    virtual.pages = { ...virtual.pages, etag: '"3"', policies };
    await virtual.clock.advance(20_000);
    virtual.socket().accept();
    expect(belfry.snapshot().status).toBe('connected');
  });

  test('a page that stays off is checked less and less often', async () => {
    const { virtual } = keep(await connectBelfry());
    virtual.pages = { ...virtual.pages, etag: '"2"', policies: [] };
    virtual.socket().drop(4503);
    const looks = async (minutes: number): Promise<number> => {
      const before = virtual.requests.length;
      await virtual.clock.advance(minutes * minute);
      return virtual.requests.length - before;
    };
    expect(await looks(4)).toBeGreaterThanOrEqual(4);
    expect(await looks(10)).toBeLessThanOrEqual(7);
    expect(virtual.sockets).toHaveLength(1);
  });

  test('4507 ends signed out, until somebody signs in', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual.socket().drop(4507);
    virtual.goTo('/admin');
    virtual.goOnline();
    await virtual.clock.advance(30 * minute);
    expect([belfry.snapshot().status, virtual.sockets.length]).toEqual(['signed_out', 1]);
    belfry.signedIn();
    await virtual.clock.advance(0);
    expect(virtual.sockets).toHaveLength(2);
  });

  test('1012 after goaway: the new connection is there before the old one is let go', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    const old = virtual.socket();
    const statuses: string[] = [];
    belfry.subscribe(() => statuses.push(belfry.snapshot().status));
    old.event({ action: 'goaway', data: { reconnectAfterMs: 400 } });
    await virtual.clock.advance(399);
    expect(virtual.sockets).toHaveLength(1);
    await virtual.clock.advance(1);
    expect(virtual.sockets).toHaveLength(2);
    old.message(1);
    const waiting = belfry.command('history', { conversationId: 'c1' });
    virtual.socket().accept();
    old.answer('history', { messages: [], hasMore: false });
    await expect(waiting).resolves.toMatchObject({ messages: [] });
    expect(old.closedWith).toEqual({ code: 1000 });
    expect(new Set(statuses)).toEqual(new Set(['connected']));
    expect(belfry.lastEvent()).toMatchObject({ seq: 1 });
  });

  test('1012 before the time of goaway is up waits for it', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual
      .socket()
      .event({ action: 'goaway', data: { reconnectAfterMs: 400 } })
      .drop(1012);
    expect(belfry.snapshot().status).toBe('reconnecting');
    await virtual.clock.advance(399);
    expect(virtual.sockets).toHaveLength(1);
    await virtual.clock.advance(1);
    expect(virtual.sockets).toHaveLength(2);
  });

  test('after goaway attempts are as close as it says, and do not count; after a minute it is an outage', async () => {
    const { belfry, virtual } = keep(await connectBelfry());
    virtual
      .socket()
      .event({ action: 'goaway', data: { reconnectAfterMs: 0, retryWithinMs: 3000 } })
      .drop(1012);
    await virtual.clock.advance(0);
    const waits: number[] = [];
    for (let count = 0; count < 45; count += 1) {
      virtual.socket().drop();
      waits.push((belfry.snapshot().retryAt ?? 0) - virtual.clock.now());
      expect(belfry.snapshot().status).toBe('reconnecting');
      await virtual.clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits.slice(0, 40)).toEqual(Array.from({ length: 40 }, () => 1500));
    expect(waits.slice(40)).toEqual([1000, 2000, 4000, 8000, 15_000]);
  });
});
