// A balancer of connections before the nodes of a cluster, as one that knows nothing of sessions: each new connection
// goes to the next node that takes it.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Balancer {
  readonly url: string;
  stop: () => Promise<void>;
}

/** `ports`: of the nodes, asked at each connection. */
export async function startBalancer(ports: () => readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  let turn = 0;
  const lead = (client: Socket, tries: number): void => {
    const all = ports();
    const port = all[(turn += 1) % all.length];
    if (port === undefined || tries > all.length) {
      client.destroy();
      return;
    }
    const behind = connect(port, '127.0.0.1');
    keep(behind);
    let isThere = false;
    behind.once('connect', () => {
      isThere = true;
      client.pipe(behind).pipe(client);
      for (const [one, other] of [
        [client, behind],
        [behind, client],
      ] as const) {
        one.once('close', () => other.destroy());
      }
    });
    behind.once('close', () => {
      if (!isThere) lead(client, tries + 1);
    });
  };
  const server = createServer((client) => {
    keep(client);
    lead(client, 0);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
