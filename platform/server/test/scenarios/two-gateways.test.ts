// Two gateways of one installation, and each other's connections: the limit of an app, and a directory that
// lost everything.

import { closeCodes } from '@belfry/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openEngine, type Engine } from '../../src/compose/engine.ts';
import type { Foundation } from '../../src/compose/server.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import { SocketClient } from '../support/socket-client.ts';
import { TestBusHub } from '../support/test-bus.ts';
import { startWholeServer, type WholeServer, type WholeServerOptions } from '../support/whole-server.ts';

async function startTwo(options: WholeServerOptions = {}) {
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
  const connect = async (server: WholeServer, userId: string): Promise<SocketClient> => {
    const client = await SocketClient.connect(server, { userId });
    onTestFinished(() => client.end());
    return client;
  };
  return { directory, one, two, connect };
}

test('the connections that an app may have are those of all nodes together', async () => {
  const { one, two, connect } = await startTwo({ app: { limits: { connections: 2 } } });
  await connect(one, 'alice');
  await connect(two, 'bob');
  // Here, since the counts of other nodes may be a second old.
  await expect(connect(two, 'carol')).rejects.toThrow(`closed with ${closeCodes.connection_limit.code}`);
});

test('connections are found again after the directory has lost everything', async () => {
  const { directory, one, two, connect } = await startTwo();
  const [alice, bob] = [await connect(one, 'alice'), await connect(two, 'bob')];
  const listed = async (): Promise<unknown> =>
    ((await two.api('GET', '/connections')).body['connections'] as { connectionId: string }[]).map(
      ({ connectionId }) => connectionId,
    );
  expect(await listed()).toEqual([alice.id, bob.id].toSorted());
  directory.loseEverything();
  await vi.waitFor(async () => expect(await listed()).toEqual([alice.id, bob.id].toSorted()));
});
