// Two gateways of one installation in this process: one engine's stores, a bus and a directory between them.
// Each is closed when its test is finished.

import { onTestFinished } from 'vitest';
import type { Engine } from '../../src/compose/engine.ts';
import { openEngine } from '../../src/compose/open-engine.ts';
import type { Foundation } from '../../src/compose/server.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import { SocketClient, type ConnectOptions } from './socket-client.ts';
import { TestBusHub } from './test-bus.ts';
import { startWholeServer, type WholeServer, type WholeServerOptions } from './whole-server.ts';

export async function startTwoGateways(options: WholeServerOptions = {}) {
  const [buses, directory] = [new TestBusHub({ clock: createSystemClock() }), new MemoryPresenceHub()];
  let opened: Promise<Engine> | undefined;
  onTestFinished(async () => (await opened)?.close());
  const foundationOf = (node: string): Foundation => ({
    node,
    async openEngine(config, deps) {
      opened ??= openEngine(config, deps);
      const [bus, presence] = [buses.connect(node), directory.connect(node)];
      return { ...(await opened), bus, presence, close: () => bus.close() };
    },
  });
  const start = async (node: string): Promise<WholeServer> => {
    const env = { BELFRY_SECRET: 'the same on every node' };
    const server = await startWholeServer({ ...options, env, role: 'gateway', foundation: foundationOf(node) });
    onTestFinished(() => server.stop());
    return server;
  };
  const [one, two] = [await start('n1'), await start('n2')];
  const connect = async (server: WholeServer, userId: string, more: ConnectOptions = {}): Promise<SocketClient> => {
    const client = await SocketClient.connect(server, { userId, ...more });
    onTestFinished(() => client.end());
    return client;
  };
  return { directory, one, two, connect };
}
