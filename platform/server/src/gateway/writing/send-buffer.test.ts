// Events are framed once and written together, and a client that does not read is found out.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { belfry } from '../dialects/belfry.ts';
import { textFrame } from './frame.ts';
import { event, startGateway, untilTrue, type TestClient } from '../test/gateway.fixture.ts';

async function connected(count: number, options: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway(options);
  const clients: TestClient[] = [];
  for (let n = 0; n < count; n += 1) clients.push(await gateway.dial().connect(`u${n}`));
  return { ...gateway, clients };
}

describe('a frame', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 100_000])('of %i bytes arrives as it was', async (length) => {
    const text = length < 2 ? '0'.repeat(length) : JSON.stringify('x'.repeat(length - 2));
    const { opened, clients } = await connected(1, { dialects: [{ ...belfry, event: () => textFrame(text) }] });
    let arrived: string | undefined;
    clients[0]?.ws.removeAllListeners('message').on('message', (data: Buffer) => (arrived = data.toString()));
    opened[0]?.outlet.send(event({}));
    await untilTrue(() => arrived !== undefined);
    expect(arrived).toBe(text);
  });

  it('is built once for all sockets', async () => {
    const build = vi.fn(belfry.event);
    const { opened, clients } = await connected(5, { dialects: [{ ...belfry, event: build }] });
    const encoded = event({ n: 1 });
    for (const session of opened) session.outlet.send(encoded);
    await Promise.all(clients.map((client) => client.received(2)));
    expect(build).toHaveBeenCalledTimes(1);
  });
});

describe('what falls due in one turn', () => {
  it('leaves in one write a socket, in order', async () => {
    const { opened, clients, metrics } = await connected(3);
    const before = metrics.value('socket_writes_total');
    for (let n = 0; n < 100; n += 1) {
      const encoded = event({ n });
      for (const session of opened) session.outlet.send(encoded);
    }
    for (const client of clients) {
      expect((await client.received(101)).slice(1).map((frame) => frame['data'])).toEqual(
        Array.from({ length: 100 }, (_, n) => ({ n })),
      );
    }
    expect(metrics.value('socket_writes_total') - before).toBe(3);
  });

  it('is written at once when it is large, so that it is no sign of a slow client', async () => {
    const { opened, clients } = await connected(1);
    const [session] = opened;
    let highest = 0;
    for (let n = 0; n < 40; n += 1) {
      session?.outlet.send(event({ n, text: 'x'.repeat(4000) }));
      highest = Math.max(highest, session?.outlet.bufferedBytes() ?? 0);
    }
    await clients[0]?.received(41);
    expect(highest).toBeLessThan(100_000);
    expect(session?.outlet.bufferedBytes()).toBe(0);
  });
});

describe('a client that does not read', () => {
  it('shows in the buffer, is reported when it reads again, and loses nothing', async () => {
    const { opened, clients } = await connected(1, { limits: { sendTooSlowBytes: 100_000_000 } });
    const [session, client] = [opened[0], clients[0]];
    if (session === undefined || client === undefined) throw new Error('not connected');
    let drains = 0;
    session.outlet.onDrain(() => (drains += 1));
    client.ws.pause();
    let sent = 0;
    while (session.outlet.bufferedBytes() <= 262_144) {
      session.outlet.send(event({ n: sent, text: 'x'.repeat(30_000) }));
      sent += 1;
      await turn();
    }
    expect(drains).toBe(0);
    client.ws.resume();
    await client.received(sent + 1);
    await untilTrue(() => drains === 1);
    expect(session.outlet.bufferedBytes()).toBeLessThanOrEqual(262_144);
    expect(client.frames.slice(1).map((frame) => (frame['data'] as { n: number }).n)).toEqual(
      Array.from({ length: sent }, (_, n) => n),
    );
  });

  it('is closed with 4002 above the upper bound, and its socket is not waited for', async () => {
    const { opened, clients, closed, metrics, gateway } = await connected(1);
    const [session, client] = [opened[0], clients[0]];
    if (session === undefined || client === undefined) throw new Error('not connected');
    client.ws.pause();
    while (closed.length === 0) {
      session.outlet.send(event({ text: 'x'.repeat(60_000) }));
      await turn();
    }
    expect(closed).toEqual([{ userId: 'u0', code: 4002 }]);
    expect(metrics.value('slow_consumers_total', ['closed'])).toBe(1);
    await untilTrue(() => gateway.size === 0);
  });

  it('is closed with 4002 when it stays behind for 30 s', async () => {
    const clock = createVirtualClock();
    const { opened, clients, closed } = await connected(1, { clock });
    const [session, client] = [opened[0], clients[0]];
    if (session === undefined || client === undefined) throw new Error('not connected');
    client.ws.pause();
    while (session.outlet.bufferedBytes() <= 262_144) {
      session.outlet.send(event({ text: 'x'.repeat(30_000) }));
      await turn();
    }
    await clock.advance(29_000);
    expect(closed).toEqual([]);
    await clock.advance(2000);
    expect(closed).toEqual([{ userId: 'u0', code: 4002 }]);
  });

  it('slows nobody else down', async () => {
    const { opened, clients } = await connected(2);
    const [slow, quick] = clients;
    slow?.ws.pause();
    for (let n = 0; n < 50; n += 1) {
      const encoded = event({ n, text: 'x'.repeat(20_000) });
      for (const session of opened) session.outlet.send(encoded);
      await turn();
    }
    expect(await quick?.received(51)).toHaveLength(51);
  });
});
