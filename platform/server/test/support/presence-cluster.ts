// Several nodes on one Redis as the contract of presence wants them: each over a way of its own, which a test can
// cut. For Redis a node that is cut off for good is one that was killed.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { RedisPresence } from '../../src/drivers/presence/redis/redis-presence.ts';
import { silentLog, type Log } from '../../src/ports/log.ts';
import type { OwnedRecord } from '../../src/ports/presence.ts';
import type { PresenceUnderTest } from '../contracts/presence.contract.ts';
import { openRedis } from './open-redis.ts';
import type { RedisServer } from './redis-server.ts';

export interface PresenceCluster extends PresenceUnderTest {
  connect(node: string, own?: () => Iterable<OwnedRecord>, seenAgain?: () => void): Promise<RedisPresence>;
  /** Nothing passes between the node and Redis, and no end notices. */
  freeze(node: string): void;
  thaw(node: string): void;
}

export async function startPresenceCluster(
  redis: RedisServer,
  { leaseMs, log = silentLog }: { leaseMs?: number; log?: Log } = {},
): Promise<PresenceCluster> {
  const ways = new Map<string, Way>();
  const admin = await openRedis(redis.url, 'test');
  return {
    async connect(node, own = () => [], seenAgain = () => undefined) {
      const way = await openWay(redis.port);
      ways.set(node, way);
      const address = { url: `redis://127.0.0.1:${way.port}` };
      const clock = createSystemClock();
      const presence = new RedisPresence({ address, node, clock, log, ...(leaseMs !== undefined && { leaseMs }) });
      await presence.connect({ own, seenAgain });
      return presence;
    },
    async kill(node) {
      await ways.get(node)?.cut();
    },
    freeze: (node) => ways.get(node)?.freeze(),
    thaw: (node) => ways.get(node)?.thaw(),
    async loseEverything() {
      await admin.flushall();
    },
    async dispose() {
      admin.disconnect();
      for (const way of ways.values()) await way.cut();
    },
  };
}

interface Way {
  readonly port: number;
  freeze(): void;
  thaw(): void;
  /** For good. */
  cut(): Promise<void>;
}

async function openWay(to: number): Promise<Way> {
  const open = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((from) => {
    const onward = connect(to, '127.0.0.1');
    for (const [socket, other] of [
      [from, onward],
      [onward, from],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.on('data', (chunk) => other.write(chunk));
      if (isFrozen) socket.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    freeze() {
      isFrozen = true;
      for (const socket of open) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of open) socket.resume();
    },
    async cut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
