// The connections of a queue to Redis: one for commands, one that the workers of BullMQ share; each of these makes
// another to wait on. Knows whether Redis answers. What is sent over them is lanes.ts and BullMQ.

import { Redis } from 'ioredis';
import { Rounds } from '../../../concurrency/rounds.ts';
import { withinLimit } from '../../../concurrency/time-limit.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { connectRedis, type RedisAddress, type RedisConnection } from '../../redis/connect.ts';
import { endConnection } from '../../redis/end-connection.ts';
import { untilReady } from '../../redis/until-ready.ts';

/** How often it is found out whether Redis answers, ms. */
const probeEveryMs = 2000;
/** Workers wait so long for an answer, and then for a new connection, ms. Longer than BullMQ waits for a ticket. */
const patienceMs = 15_000;

/** For the first connection, ms. */
const readyLimitMs = 5000;

const pingLimitMs = 2000;

export interface QueueConnectionsOptions {
  address: RedisAddress;
  node: string;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class QueueConnections {
  readonly commands: RedisConnection;
  readonly #surroundings: QueueConnectionsOptions['surroundings'];
  readonly #probes: Rounds;
  #forWorkers: RedisConnection | undefined;
  #isUp = true;

  constructor({ address, node, surroundings }: QueueConnectionsOptions) {
    this.#surroundings = surroundings;
    this.commands = connectRedis(address, `belfry queue ${encodeURIComponent(node)}`);
    this.commands.on('error', this.onError);
    this.commands.on('close', () => this.#is(false));
    this.commands.on('ready', () => this.#is(true));
    this.#probes = new Rounds({ clock: surroundings.clock, everyMs: probeEveryMs, run: () => this.#probe() });
    this.#probes.start();
  }

  /** It connects again by itself; that it is away is what the state says. */
  readonly onError = (error: unknown): void => {
    this.#surroundings.log.debug('a connection of the queue failed', { err: error });
  };

  /**
   * Where commands wait for a connection that is away, up to its next try, and blocking ones for as long as they
   * block: BullMQ would ask in a tight loop otherwise.
   */
  forWorkers(): RedisConnection {
    this.#forWorkers ??= patient(this.commands);
    if (this.#forWorkers.listenerCount('error') === 0) this.#forWorkers.on('error', this.onError);
    return this.#forWorkers;
  }

  /** Resolves when the connection for commands stands; rejects with `unavailable` when it does not in time. */
  ready(): Promise<void> {
    return untilReady(this.commands, { clock: this.#surroundings.clock, limitMs: readyLimitMs });
  }

  /** Resolves when all that workers asked for has been answered, or when Redis is away. */
  async pingForWorkers(): Promise<void> {
    if (this.state() === 'down') return;
    const { clock } = this.#surroundings;
    try {
      await withinLimit({ clock, limitMs: pingLimitMs }, () => this.forWorkers().ping());
    } catch (error) {
      this.onError(error);
    }
  }

  state(): 'up' | 'down' {
    return this.#isUp && this.commands.status === 'ready' ? 'up' : 'down';
  }

  async close(): Promise<void> {
    this.#isUp = false;
    await this.#probes.stop();
    const all = [this.commands, ...(this.#forWorkers === undefined ? [] : [this.#forWorkers])];
    await Promise.all(all.map((each) => endConnection(each)));
  }

  async #probe(): Promise<void> {
    try {
      await this.commands.ping();
      this.#is(true);
    } catch {
      this.#is(false);
    }
  }

  #is(up: boolean): void {
    if (this.#isUp === up || !this.#probes.isStarted) return;
    this.#isUp = up;
    if (up) this.#surroundings.log.info('queue: Redis is back');
    else this.#surroundings.log.warn('queue: Redis is away');
  }
}

function patient(connection: RedisConnection): RedisConnection {
  const options = { commandTimeout: patienceMs, socketTimeout: patienceMs, enableOfflineQueue: true };
  return connection instanceof Redis
    ? connection.duplicate(options)
    : connection.duplicate([], { enableOfflineQueue: true, redisOptions: options });
}
