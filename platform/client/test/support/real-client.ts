// Clients of a real server, as an application has them: with the events they got, and a way to wait for them.
// Stopped together.
import type { ServerEvent } from '@belfry/protocol';
import type { WholeServer } from '../../../server/test/support/whole-server.ts';
import { createBelfry } from '../../src/create-belfry.ts';
// Fetched in the middle of a test that ends meanwhile, they would be what it leaves open.
import '../../src/features/live.ts';
import '../../src/features/media.ts';
import { nodeSurroundings } from '../../src/surroundings/node.ts';
import type { Belfry, BelfryOptions, BelfrySnapshot, KeyValue, Surroundings } from '../../src/types.ts';

export interface RealClient {
  belfry: Belfry;
  /** Every event it got, in order. */
  events: ServerEvent[];
  /** Seqs of the stream's events, in order; a gap as its bounds. */
  seqs(stream?: string): (number | string)[];
  /** How often a WebSocket was opened. */
  attempts: () => number;
  /** Errors that were reported. */
  reported: unknown[];
  /** Resolves once it is so, looked at after every event and every change of the snapshot. */
  until(isSo: () => boolean): Promise<void>;
  untilStatus(status: BelfrySnapshot['status']): Promise<void>;
}

export interface RealClients {
  /** On `/chat` unless said otherwise, quick to come back. */
  start(userId: string | undefined, options?: Partial<BelfryOptions>): RealClient;
  stopAll(): Promise<void>;
}

export function createRealClients(server: () => Pick<WholeServer, 'url' | 'tokenOf'>): RealClients {
  const clients = new Set<Belfry>();
  return {
    start(userId, options = {}) {
      const events: ServerEvent[] = [];
      const reported: unknown[] = [];
      const waiting = new Set<() => void>();
      let attempts = 0;
      const real = { ...nodeSurroundings(), ...options.surroundings };
      const surroundings: Surroundings = {
        ...real,
        // Waits are a random part of the time: here a small one. It still has to be random, ids of messages
        // are made of it.
        random: () => Math.random() / 50,
        openSocket(url, protocol) {
          attempts += 1;
          return real.openSocket(url, protocol);
        },
        report: (error) => void reported.push(error),
      };
      const belfry = createBelfry({
        app: 'demo',
        url: server().url,
        page: '/chat',
        // Somebody sits there; Node has no input of its own.
        attendedAfterMs: Infinity,
        ...(userId === undefined ? {} : { getToken: () => server().tokenOf(userId) }),
        ...options,
        surroundings,
      });
      clients.add(belfry);
      const wake = (): void => {
        for (const check of [...waiting]) check();
      };
      belfry.on('*', (event) => {
        events.push(event);
        wake();
      });
      belfry.subscribe(wake);
      belfry.outbox.subscribe(wake);
      belfry.start();
      const until = (isSo: () => boolean): Promise<void> =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!isSo()) return;
            waiting.delete(check);
            resolve();
          };
          waiting.add(check);
          check();
        });
      return {
        belfry,
        events,
        seqs: (stream = 'c:c1') =>
          events
            .filter((event) => event.stream === stream)
            .map(({ seq, data }) => seq ?? `gap ${String(data['from'])}-${String(data['to'])}`),
        attempts: () => attempts,
        reported,
        until,
        untilStatus: (status) => until(() => belfry.snapshot().status === status),
      };
    },
    async stopAll() {
      await Promise.all([...clients].map((belfry) => belfry.stop()));
      clients.clear();
    },
  };
}

/** The storage that several page loads of one browser have in common. */
export function createStorage(): KeyValue {
  const stored = new Map<string, string>();
  return {
    get: (key) => stored.get(key) ?? null,
    set: (key, value) => void stored.set(key, value),
    remove: (key) => void stored.delete(key),
  };
}
