// Clients are sent away when the node stops.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startGateway } from './test/gateway.fixture.ts';

describe('draining', () => {
  it('sends all clients away, closes those that stay with 1012, and lets nobody in', async () => {
    const { dial, gateway, closed } = await startGateway({ limits: { drainMs: 1000 } });
    const [leaves, stays, silent] = [
      await dial().connect('leaves'),
      await dial().connect('stays'),
      await dial().open(),
    ];
    const drained = gateway.drain();
    const refused = await dial().open();
    await leaves.received(2);
    expect(leaves.frames[1]).toMatchObject({ action: 'goaway', data: { reconnectAfterMs: expect.any(Number) } });
    leaves.ws.close(1000);
    await drained;
    expect(gateway.size).toBe(0);
    expect([await stays.close(), await silent.close()]).toEqual([1012, 1012]);
    expect(refused.refused?.status).toBe(503);
    expect(closed.toSorted((a, b) => a.code - b.code)).toEqual([
      { userId: 'leaves', code: 1000 },
      { userId: 'stays', code: 1012 },
    ]);
  });

  it('sends each client another time, spread over a second, and how close its attempts may be', async () => {
    const { dial, gateway } = await startGateway({ limits: { drainMs: 1000 } });
    const clients = await Promise.all(Array.from({ length: 20 }, (_, index) => dial().connect(`user-${index}`)));
    const drained = gateway.drain();
    await Promise.all(clients.map((client) => client.received(2)));
    const said = clients.map(
      ({ frames }) => frames[1]?.['data'] as { reconnectAfterMs: number; retryWithinMs: number },
    );
    const times = said.map(({ reconnectAfterMs }) => reconnectAfterMs).toSorted((a, b) => a - b);
    for (const [place, time] of times.entries()) {
      expect(time).toBeGreaterThanOrEqual(place * 50);
      expect(time).toBeLessThan((place + 1) * 50);
    }
    expect(new Set(said.map(({ retryWithinMs }) => retryWithinMs))).toEqual(new Set([1000]));
    await drained;
  });

  it('answers what it has begun before it closes', async () => {
    const held = Promise.withResolvers<undefined>();
    const { dial, gateway, ran } = await startGateway({
      limits: { drainMs: 1000 },
      run: async () => {
        await held.promise;
        return { stored: true };
      },
    });
    const client = await dial().connect();
    client.send({ id: 2, action: 'message' });
    while (ran.length === 0) await turn();
    const drained = gateway.drain();
    await client.received(2);
    setTimeout(() => held.resolve(undefined), 250);
    await drained;
    expect(client.frames.map((frame) => frame['id'] ?? frame['action'])).toEqual([1, 'goaway', 2]);
    expect(await client.close()).toBe(1012);
  });

  it('cuts clients that do not close in time, and is done in time', async () => {
    const { dial, gateway, ran } = await startGateway({
      limits: { drainMs: 500 },
      run: () => Promise.withResolvers<undefined>().promise,
    });
    const client = await dial().connect();
    client.send({ id: 2, action: 'hangs' });
    while (ran.length === 0) await turn();
    const startedMs = performance.now();
    await gateway.drain();
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(await client.close()).toBe(1006);
  });
});
