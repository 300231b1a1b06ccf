// The life of a connection beside its commands: heartbeats, the end of its token, its close; over real
// sockets.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { event, startGateway, untilTrue, upgradeLines } from './test/gateway.fixture.ts';

describe('bytes that are not the protocol', () => {
  // Masked with zeros, so that payloads stand as they are.
  const mask = [0, 0, 0, 0];
  const text = (...payload: number[]): number[] => [0x81, 0x80 | payload.length, ...mask, ...payload];

  it.each([
    ['an unmasked frame', [0x81, 0x01, 0x61], 1002],
    ['a reserved bit', [0xc1, 0x81, ...mask, 0x61], 1002],
    ['a reserved opcode', [0x83, 0x81, ...mask, 0x61], 1002],
    ['a continuation of nothing', [0x80, 0x81, ...mask, 0x61], 1002],
    ['a fragmented control frame', [0x09, 0x80, ...mask], 1002],
    ['a control frame that is too long', [0x89, 0xfe, 0, 126, ...mask], 1002],
    ['invalid UTF-8', text(0xc3, 0x28), 1007],
    ['a message above 64 KiB, as soon as it is declared', [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, ...mask], 1009],
    ['a binary frame', [0x82, 0x81, ...mask, 0x61], 1003],
    [
      'over 64 fragments',
      [[0x01, 0x80, ...mask], ...Array.from({ length: 64 }, () => [0x00, 0x80, ...mask])].flat(),
      1008,
    ],
  ])('%s is closed', async (_name, bytes, expected) => {
    const { raw, gateway, metrics } = await startGateway();
    const { socket, received } = raw(upgradeLines());
    await untilTrue(() => received().includes('\r\n\r\n'));
    const upgraded = received().length;
    socket.write(Buffer.from(bytes));
    await untilTrue(() => received().length >= upgraded + 4);
    const close = received().subarray(upgraded);
    expect([close[0], close.readUInt16BE(2)]).toEqual([0x88, expected]);
    expect(metrics.value('refused_total', [String(expected)])).toBe(1);
    socket.destroy();
    await untilTrue(() => gateway.size === 0);
  });
});

describe('the life of a connection', () => {
  it('ends with 4003 after two silent heartbeat intervals, not while the client is heard', async () => {
    const clock = createVirtualClock();
    const { dial, closed } = await startGateway({ clock, heartbeatIntervalMs: 10_000 });
    const client = await dial().connect();
    await clock.advance(20_000);
    client.send({ id: 2, action: 'heartbeat' });
    await client.received(2);
    await clock.advance(24_000);
    expect(client.closedWith).toBeUndefined();
    await clock.advance(2000);
    expect(await client.close()).toBe(4003);
    await untilTrue(() => closed.length === 1);
    expect(closed).toEqual([{ userId: 'alice', code: 4003 }]);
  });

  it('is warned 60 s before its token ends, once, and ends with it', async () => {
    const clock = createVirtualClock();
    const tokenExpiresAtMs = clock.now() + 100_000;
    const { dial } = await startGateway({ clock, session: { tokenExpiresAtMs }, heartbeatIntervalMs: 100_000 });
    const client = await dial().connect();
    await clock.advance(39_000);
    expect(client.frames).toHaveLength(1);
    await clock.advance(50_000);
    await client.received(2);
    expect(client.frames[1]).toMatchObject({
      action: 'auth_expiring',
      data: { expiresAt: new Date(tokenExpiresAtMs).toISOString() },
    });
    await clock.advance(12_000);
    expect(await client.close()).toBe(4001);
    expect(client.frames).toHaveLength(2);
  });

  it('is warned at once of a token that ends within seconds, and ends with it, not seconds later', async () => {
    const clock = createVirtualClock();
    const tokenExpiresAtMs = clock.now() + 2000;
    const { dial } = await startGateway({ clock, session: { tokenExpiresAtMs }, heartbeatIntervalMs: 100_000 });
    const client = await dial().connect();
    await client.received(2);
    expect(client.frames[1]).toMatchObject({ action: 'auth_expiring' });
    await clock.advance(1500);
    expect(client.closedWith).toBeUndefined();
    await clock.advance(750);
    expect(await client.close()).toBe(4001);
  });

  it('goes on with a renewed token, and is warned of its end anew', async () => {
    const clock = createVirtualClock();
    const { dial, opened } = await startGateway({
      clock,
      session: { tokenExpiresAtMs: clock.now() + 50_000 },
      heartbeatIntervalMs: 1_000_000,
    });
    const client = await dial().connect();
    await clock.advance(6000);
    await client.received(2);
    const [session] = opened;
    if (session === undefined) throw new Error('no session');
    session.tokenExpiresAtMs = clock.now() + 500_000;
    await clock.advance(430_000);
    expect(client.frames).toHaveLength(2);
    await clock.advance(20_000);
    expect((await client.received(3)).map((frame) => frame['action'])).toEqual([
      undefined,
      'auth_expiring',
      'auth_expiring',
    ]);
  });

  it('ends with the code a caller chose, after what was sent before', async () => {
    const { dial, opened } = await startGateway();
    const client = await dial().connect();
    opened[0]?.outlet.send(event({ last: true }));
    opened[0]?.outlet.close('signed_out');
    opened[0]?.outlet.send(event({ tooLate: true }));
    expect(await client.close()).toBe(4507);
    expect(client.frames.slice(1).map(({ data }) => data)).toEqual([{ last: true }]);
    expect(client.closedWith?.reason).toBe('signed out');
  });

  it('is over for everybody at once, though the client never answers the close', async () => {
    const { raw, opened, closed, gateway } = await startGateway();
    const { socket, received, answer } = raw(upgradeLines());
    await untilTrue(() => received().includes('\r\n\r\n'));
    const frame = Buffer.from('{"id":1,"action":"connect","data":{"token":"mute"}}');
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | frame.length, 0, 0, 0, 0]), frame]));
    await untilTrue(() => opened.length === 1);
    opened[0]?.outlet.close('replaced');
    expect(closed).toEqual([{ userId: 'mute', code: 4007 }]);
    await answer;
    await untilTrue(() => gateway.size === 0);
  });

  it('answers pings between whole frames', async () => {
    const { dial, opened } = await startGateway();
    const client = await dial().connect();
    let pongs = 0;
    client.ws.on('pong', () => (pongs += 1));
    for (let n = 0; n < 50; n += 1) {
      opened[0]?.outlet.send(event({ n, text: 'x'.repeat(n * 40) }));
      client.ws.ping();
      await turn();
    }
    await client.received(51);
    await untilTrue(() => pongs === 50);
    expect(client.frames.slice(1).map((frame) => (frame['data'] as { n: number }).n)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
  });
});
