// The port of a node: listening, its address, and closing so that what was asked for is answered. What is
// answered is not its business.

import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { describeTakenPort } from './holders.ts';
import { StartProblem } from './start-problem.ts';

export interface ListenerOptions {
  config: Pick<Config, 'host' | 'port' | 'publicUrl'>;
  /** The variable that the port came from; `PORT` when left out. */
  variable?: string;
  clock: Clock;
  /** Bounds of Node's own. */
  server: ServerOptions;
  answer: RequestListener;
}

const closeIdleEveryMs = 100;

export class Listener {
  /** For whatever takes upgrades. */
  readonly server: Server;
  readonly #config: ListenerOptions['config'];
  readonly #variable: string;
  readonly #clock: Clock;

  constructor({ config, variable = 'PORT', clock, server, answer }: ListenerOptions) {
    this.#config = config;
    this.#variable = variable;
    this.#clock = clock;
    this.server = createServer(server, answer);
  }

  /** Where it listens, once `listen` has resolved; PUBLIC_URL where that is set. */
  get url(): string {
    return this.#config.publicUrl ?? this.address;
  }

  /** As `url`, whatever PUBLIC_URL says: with the port that was taken. */
  get address(): string {
    const { host, port } = this.#config;
    const address = this.server.address();
    return `http://${urlHost(host)}:${isPort(address) ? address.port : port}`;
  }

  /** Rejects with StartProblem when the port cannot be had. */
  async listen(): Promise<void> {
    const { host, port } = this.#config;
    try {
      this.server.listen(port, host);
      await once(this.server, 'listening');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const variable = code === 'EADDRINUSE' || code === 'EACCES' ? this.#variable : 'HOST';
      const reason = code === 'EADDRINUSE' ? `${await describeTakenPort(port, variable)} (${message})` : message;
      throw new StartProblem([{ variable, reason }]);
    }
  }

  /** TCP connections that are open now. */
  count(): Promise<number> {
    return new Promise((resolve) => {
      this.server.getConnections((error, count) => resolve(error === null ? count : 0));
    });
  }

  /**
   * Requests under way are answered, and each answer is the last of its connection: a caller that asks again
   * and again would keep the server for ever.
   */
  async close(): Promise<void> {
    this.server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    let timer: Timer | undefined;
    // Again and again, since a request that is under way leaves its connection idle when it is answered.
    const closeIdle = (): void => {
      this.server.closeIdleConnections();
      timer = this.#clock.after(closeIdleEveryMs, closeIdle);
    };
    closeIdle();
    await closed;
    timer?.cancel();
  }
}

function isPort(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
