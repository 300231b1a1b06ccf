// The WebSocket clients of one test file, closed together before its server stops, so that the drain has
// nobody to wait for.

import { SocketClient, type ConnectOptions, type Reachable } from './socket-client.ts';

export interface Clients {
  connect(options: ConnectOptions): Promise<SocketClient>;
  /** Takes one that was opened in another way. */
  keep(client: SocketClient): SocketClient;
  closeAll(): Promise<void>;
}

/** `server` is asked at each call: a test may have it restarted. */
export function createClients(server: () => Reachable): Clients {
  const kept = new Set<SocketClient>();
  return {
    async connect(options) {
      const client = await SocketClient.connect(server(), options);
      kept.add(client);
      return client;
    },
    keep(client) {
      kept.add(client);
      return client;
    },
    async closeAll() {
      await Promise.all([...kept].map((client) => client.end()));
      kept.clear();
    },
  };
}
