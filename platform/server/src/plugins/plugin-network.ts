// What of the network one configuration of a provider has: it ends with the configuration, and so does what it left open. The guard is outbound's.
import type { PluginConnect, PluginFetch } from '@belfry/plugin-kit';
import type { Socket } from 'node:net';
import type { Realm } from './realm.ts';

export interface PluginNetwork {
  fetch: PluginFetch;
  connect: PluginConnect;
  /** Closes the sockets that are still open. */
  hangUp(): void;
}

export function createPluginNetwork(deps: {
  realm: Realm;
  fetch: PluginFetch;
  connect: PluginConnect;
  /** Aborted when the configuration goes out of service. */
  stopped: AbortSignal;
}): PluginNetwork {
  const { realm, fetch, connect, stopped } = deps;
  const open = new Set<Socket>();
  const endedBy = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? stopped : AbortSignal.any([signal, stopped]);

  return {
    // The server's own code, called from a plugin: its failures are nobody else's.
    fetch: (url, init = {}) => realm.leave(() => fetch(url, { ...init, signal: endedBy(init.signal) })),
    // In the plugin's realm: what its listeners throw later is told by where the socket was made.
    async connect(target) {
      const socket = await connect({ ...target, signal: endedBy(target.signal) });
      open.add(socket);
      return socket.once('close', () => open.delete(socket));
    },
    hangUp() {
      for (const socket of open) socket.destroy();
    },
  };
}
