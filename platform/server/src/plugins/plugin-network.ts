// The network of one configuration of a provider: it ends with the configuration, and so do the
// sockets it left open. The guard is egress's.

import type { Socket } from 'node:net';
import type { ConnectTarget, PluginRequest, PluginResponse } from '@belfry/plugin-kit';
import type { Egress } from '../egress/egress.ts';
import type { Realm } from './realm.ts';

export interface PluginNetworkOptions {
  realm: Realm;
  egress: Pick<Egress, 'fetch' | 'connect'>;
  /** Of one HTTP call, and of connecting a socket. */
  limitMs: number;
  /** Aborted when the configuration goes out of service. */
  stopped: AbortSignal;
}

export class PluginNetwork {
  readonly #options: PluginNetworkOptions;
  readonly #open = new Set<Socket>();

  constructor(options: PluginNetworkOptions) {
    this.#options = options;
  }

  /** The server's own code, called from a plugin: its failures are the server's, not the plugin's. */
  fetch(url: string | URL, request: PluginRequest = {}): Promise<PluginResponse> {
    const { realm, egress, limitMs } = this.#options;
    const signal = this.#endedBy(request.signal);
    // After what the plugin gave, which could name a limit of its own.
    return realm.leave(() => egress.fetch(url, { ...request, signal, limitMs }));
  }

  /**
   * In the plugin's realm: an error that its listeners throw later is reported as the fault of the plugin
   * that opened the socket.
   */
  async connect(target: ConnectTarget): Promise<Socket> {
    const { egress, limitMs } = this.#options;
    const socket = await egress.connect({ ...target, signal: this.#endedBy(target.signal), limitMs });
    this.#open.add(socket);
    return socket.once('close', () => this.#open.delete(socket));
  }

  /** Closes the sockets that are still open. */
  hangUp(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #endedBy(signal: AbortSignal | undefined): AbortSignal {
    const { stopped } = this.#options;
    return signal === undefined ? stopped : AbortSignal.any([signal, stopped]);
  }
}
