// A TCP proxy before a server that a test can cut, at any byte, and close for a while. Listens on a free port
// of 127.0.0.1.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface CuttingProxy {
  readonly url: string;
  /** Connections there are now. */
  readonly open: number;
  /** Ends every connection without a word, as a network that is gone. How many there were. */
  cut(): number;
  /** Lets this many more bytes to clients pass, and then cuts in the middle of whatever it is. */
  cutAfterBytes(bytes: number): void;
  /** New connections are refused until it is opened again. */
  refuse(isRefusing: boolean): void;
  stop(): Promise<void>;
}

export async function startCuttingProxy(target: () => string): Promise<CuttingProxy> {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let isRefusing = false;
  let bytesLeft = Infinity;

  const listener = createServer((client) => {
    client.on('error', () => undefined);
    if (isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const { hostname, port } = new URL(target());
    const server = connect(Number(port), hostname);
    server.on('error', () => undefined);
    const pair = { client, server };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', end);
    server.on('close', end);
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      client.write(chunk.subarray(0, Math.min(chunk.length, bytesLeft)));
      bytesLeft -= chunk.length;
      if (bytesLeft <= 0) cut();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  function cut(): number {
    const count = pairs.size;
    bytesLeft = Infinity;
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    pairs.clear();
    return count;
  }

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    cut,
    cutAfterBytes: (bytes) => void (bytesLeft = bytes),
    refuse: (next) => void (isRefusing = next),
    async stop() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
