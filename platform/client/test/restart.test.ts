// Clients over a planned restart of the one server there is: back soon, each at another moment.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import { createBelfry } from '../src/create-belfry.ts';
import { nodeSurroundings } from '../src/surroundings/node.ts';
import type { Belfry } from '../src/types.ts';

const count = 20;
let server: WholeServer;
let clients: Belfry[] = [];

beforeAll(async () => {
  server = await startWholeServer({ keepsPort: true });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.stop()));
  await server.stop();
});

/** With the chance of a real client, which is what spreads them. */
async function start(userId: string): Promise<Belfry> {
  const token = await server.tokenOf(userId);
  const belfry = createBelfry({
    app: 'demo',
    url: server.url,
    page: '/chat',
    getToken: () => token,
    surroundings: { ...nodeSurroundings(), report: () => undefined },
  });
  belfry.start();
  return belfry;
}

function untilConnected(belfry: Belfry, isNew: () => boolean): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (belfry.snapshot().status !== 'connected' || !isNew()) return;
      end();
      resolve(performance.now());
    };
    const end = belfry.subscribe(look);
    look();
  });
}

test(
  'of twenty clients, nineteen are back within 2 s of a planned restart, spread and with their status true',
  { timeout: 40_000 },
  async () => {
    clients = await Promise.all(Array.from({ length: count }, (_, index) => start(`user-${index}`)));
    await Promise.all(clients.map((client) => untilConnected(client, () => true)));
    const before = clients.map((client) => client.snapshot().connectionId);
    const back = clients.map((client, index) =>
      untilConnected(client, () => client.snapshot().connectionId !== before[index]),
    );
    await server.restart();
    const listeningAt = performance.now();
    const statuses = clients.map((client) => client.snapshot().status);
    const tookMs = (await Promise.all(back)).map((at) => at - listeningAt).toSorted((a, b) => a - b);
    expect(statuses.filter((status) => status === 'offline' || status === 'closed')).toEqual([]);
    expect(tookMs[Math.ceil(count * 0.95) - 1]).toBeLessThan(2000);
    expect((tookMs.at(-1) ?? 0) - (tookMs[0] ?? 0)).toBeGreaterThan(200);
  },
);
