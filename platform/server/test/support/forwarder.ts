// A TCP forwarder in front of a server, as a plain reverse proxy: hands every byte on and adds nothing, so
// that the server sees everybody come from this machine.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface Forwarder {
  readonly url: string;
  /**
   * Whoever has sent this text over a connection that is open now hears nothing more over it, though it stays
   * open. Says how many connections that are.
   */
  deafen(sent: string): number;
  stop(): Promise<void>;
}

/** The beginning of what a client sends is enough to know it by. */
const maxSentKept = 2000;

export async function startForwarder(to: string): Promise<Forwarder> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  const ways = new Set<{ sent: string; behind: Socket; client: Socket }>();
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    const way = { sent: '', behind, client };
    ways.add(way);
    client.once('close', () => ways.delete(way));
    client.on('data', (chunk: Buffer) => {
      if (way.sent.length < maxSentKept) way.sent += chunk.toString('latin1');
    });
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => sockets.delete(socket));
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deafen(sent) {
      const deaf = [...ways].filter((way) => way.sent.includes(sent));
      for (const { behind, client } of deaf) {
        behind.unpipe(client);
        // Read on, so that the server does not notice.
        behind.resume();
      }
      return deaf.length;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
