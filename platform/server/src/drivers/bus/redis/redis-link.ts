// One node's two connections to the pub/sub of Redis: one publishes, one is subscribed. Knows whether both carry
// messages, and subscribes anew whenever the second was lost. What the messages mean is redis-bus.ts.

import { BelfryError } from '@belfry/protocol';
import { Cluster } from 'ioredis';
import { BackOff } from '../../../concurrency/back-off.ts';
import { Sampling } from '../../../concurrency/sampling.ts';
import type { BusState } from '../../../ports/bus.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import type { Log } from '../../../ports/log.ts';
import { connectRedis, reconnectWaits, type RedisAddress, type RedisConnection } from '../../redis/connect.ts';
import { endConnection } from '../../redis/end-connection.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';

/** `sharded` needs Redis 7: a cluster then carries a message on one shard alone. */
export type PubSubMode = 'sharded' | 'classic';

interface Wanted {
  /** That of all the channels. */
  partition: number;
  channels: readonly string[];
  receive: (payload: Buffer) => void;
}

export interface RedisLinkDeps {
  address: RedisAddress;
  node: string;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  /** Left out: sharded where the server has it. All nodes on one Redis must have the same. */
  mode?: PubSubMode | undefined;
}

export class RedisLink {
  readonly isCluster: boolean;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #warnings = new Sampling({ everyMs: 60_000, maxKinds: 1 });
  readonly #backOff = new BackOff(reconnectWaits);
  readonly #publisher: RedisConnection;
  readonly #connectSubscriber: () => RedisConnection;
  #subscriber: RedisConnection;
  readonly #forcedMode: PubSubMode | undefined;
  readonly #listeners: ((state: BusState) => void)[] = [];
  /** What is wanted, by channel, whether it stands or not. */
  readonly #wanted = new Map<string, Wanted>();
  /** Of the server, as last found out. */
  #mode: PubSubMode | undefined;
  /** The subscriber is connected, and channels that become wanted are subscribed to at once. */
  #takesChannels = false;
  /** All that was wanted when the subscriber came is subscribed to. */
  #stands = false;
  /** The publisher is connected. ioredis calls it ready for a while after it was told to connect anew. */
  #publishes = false;
  #state: BusState = 'down';
  /** Of the subscriber's connections: what belongs to an earlier one is dropped. */
  #epoch = 0;
  #isClosed = false;
  #again: Timer | undefined;
  /** Subscribers that were replaced. */
  readonly #ending = new Set<Promise<void>>();
  #closing: Promise<unknown> | undefined;
  #lastError: unknown;

  constructor({ address, node, surroundings, mode }: RedisLinkDeps) {
    this.#log = surroundings.log;
    this.#clock = surroundings.clock;
    this.#forcedMode = mode;
    const name = encodeURIComponent(node);
    this.#publisher = connectRedis(address, `belfry-bus-publish-${name}`, { use: 'publish' });
    this.#publisher.on('error', (error: unknown) => this.#failed(error));
    this.#publisher.on('ready', () => void this.#publisherIsReady());
    this.#publisher.on('close', () => this.#publisherIs(false));
    this.#connectSubscriber = () => connectRedis(address, `belfry-bus-subscribe-${name}`, { use: 'subscribe' });
    this.#subscriber = this.#openSubscriber();
    this.isCluster = this.#subscriber.isCluster;
  }

  state(): BusState {
    return this.#state;
  }

  /** The last that a connection failed with. */
  lastError(): unknown {
    return this.#lastError;
  }

  onState(listen: (state: BusState) => void): void {
    this.#listeners.push(listen);
  }

  /** For what is wanted from the beginning: it is subscribed to with the next connection. */
  want(wanted: Wanted): void {
    for (const channel of wanted.channels) this.#wanted.set(channel, wanted);
  }

  /**
   * Resolves when the subscription stands. Rejects with `unavailable` while it cannot; it is made then when the
   * connection is back.
   */
  async listen(wanted: Wanted): Promise<void> {
    this.want(wanted);
    if (!this.#takesChannels) throw new BelfryError('unavailable');
    await this.#subscribe(wanted.channels);
  }

  /** Nothing more is received from the channels. Does not reject. */
  async leave(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#wanted.delete(channel);
    if (!this.#takesChannels) return;
    try {
      if (this.#mode === 'sharded') await this.#subscriber.sunsubscribe(...channels);
      else await this.#subscriber.unsubscribe(...channels);
    } catch (error) {
      // What still comes is dropped on arrival, and the next connection does not ask for it.
      this.#log.debug('channels of the bus could not be left', { err: error });
    }
  }

  /** Resolves when Redis has taken it for all channels. */
  async publish(channels: readonly string[], payload: string): Promise<void> {
    const mode = this.#mode;
    if (mode === undefined || !this.#publishes) throw new BelfryError('unavailable');
    const publisher = this.#publisher;
    try {
      await Promise.all(
        channels.map((each) =>
          mode === 'sharded' ? publisher.spublish(each, payload) : publisher.publish(each, payload),
        ),
      );
    } catch (error) {
      // It may have gone to a master that is one no longer, or is away.
      if (publisher instanceof Cluster) publisher.refreshSlotsCache();
      throw new BelfryError('unavailable', { cause: error });
    }
  }

  /** Begins anew with a connection that is up and yet carries nothing. */
  renew(which: 'subscriber' | 'publisher'): void {
    if (which === 'subscriber') {
      this.#lost();
      this.#reopenSubscriber();
    } else {
      this.#publisherIs(false);
      reconnect(this.#publisher);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#publishes = false;
    this.#wanted.clear();
    this.#again?.cancel();
    this.#closing ??= Promise.all([endConnection(this.#publisher), endConnection(this.#subscriber), ...this.#ending]);
    await this.#closing;
  }

  async #subscribeAll(): Promise<void> {
    this.#lost();
    const epoch = this.#epoch;
    try {
      const mode = this.#forcedMode ?? (await findMode(this.#subscriber));
      // A classic message goes through any master of a cluster, which keeps no order.
      if (this.isCluster && mode === 'classic') throw new Error('a Redis Cluster has to be of Redis 7 or later');
      if (epoch !== this.#epoch) return;
      this.#mode = mode;
      // From here on, in one turn with the reading of what is wanted, so that no channel is forgotten.
      this.#takesChannels = true;
      const byPartition = Map.groupBy(this.#wanted, ([, { partition }]) => partition);
      await Promise.all([...byPartition.values()].map((wanted) => this.#subscribe(wanted.map(([channel]) => channel))));
    } catch (error) {
      this.#tryAgain(epoch, error);
      return;
    }
    if (epoch !== this.#epoch) return;
    this.#backOff.reset();
    this.#stands = true;
    this.#update();
  }

  /** `channels` are of one partition. Where it fails it begins anew, since it is unknown then what stands. */
  async #subscribe(channels: readonly string[]): Promise<void> {
    const epoch = this.#epoch;
    try {
      await orUnavailable(() =>
        this.#mode === 'sharded' ? this.#subscriber.ssubscribe(...channels) : this.#subscriber.subscribe(...channels),
      );
    } catch (error) {
      this.#tryAgain(epoch, error);
      throw error;
    }
  }

  #openSubscriber(): RedisConnection {
    const subscriber = this.#connectSubscriber();
    const ifCurrent = (run: () => void) => (): void => {
      if (subscriber === this.#subscriber) run();
    };
    subscriber.on('error', (error: unknown) => this.#failed(error));
    subscriber.on(
      'ready',
      ifCurrent(() => void this.#subscribeAll()),
    );
    const lost = (): void => {
      // One of no cluster connects again by itself.
      if (subscriber.isCluster)
        this.#tryAgain(this.#epoch, new Error('the cluster was lost, or a shard', { cause: this.#lastError }));
      else this.#lost();
    };
    subscriber.on('close', ifCurrent(lost));
    // The connection to one shard of a cluster.
    subscriber.on('-subscriber', ifCurrent(lost));
    const receive = (channel: Buffer, payload: Buffer): void => {
      if (subscriber === this.#subscriber) this.#wanted.get(channel.toString())?.receive(payload);
    };
    subscriber.on('messageBuffer', receive);
    subscriber.on('smessageBuffer', receive);
    return subscriber;
  }

  /**
   * That of a cluster is made anew: what ioredis began to mend after the loss of a shard goes on, and would break
   * off again what has come back since.
   */
  #reopenSubscriber(): void {
    if (!this.isCluster) {
      reconnect(this.#subscriber);
      return;
    }
    const old = this.#subscriber;
    this.#subscriber = this.#openSubscriber();
    const ended = endConnection(old).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #tryAgain(epoch: number, error: unknown): void {
    if (epoch !== this.#epoch || this.#isClosed) return;
    this.#failed(error);
    this.#lost();
    const failedEpoch = this.#epoch;
    this.#again?.cancel();
    this.#again = this.#clock.after(this.#backOff.next(), () => {
      if (failedEpoch === this.#epoch) this.#reopenSubscriber();
    });
  }

  #failed(error: unknown): void {
    this.#lastError = error;
    if (this.#isClosed) return;
    const times = this.#warnings.take('', this.#clock.monotonic());
    if (times !== undefined) this.#log.warn('a connection of the bus failed', { times, err: error });
  }

  async #publisherIsReady(): Promise<void> {
    const publisher = this.#publisher;
    // A master that is still to be connected to refuses all but the first message.
    if (publisher instanceof Cluster) await Promise.allSettled(publisher.nodes('master').map((each) => each.ping()));
    if (publisher.status === 'ready') this.#publisherIs(true);
  }

  #lost(): void {
    this.#epoch += 1;
    this.#takesChannels = false;
    this.#stands = false;
    this.#update();
  }

  #publisherIs(publishes: boolean): void {
    this.#publishes = publishes;
    this.#update();
  }

  #update(): void {
    if (this.#isClosed) return;
    const state = this.#stands && this.#publishes ? 'up' : 'down';
    if (state === this.#state) return;
    this.#state = state;
    for (const listen of this.#listeners) listen(state);
  }
}

async function findMode(connection: RedisConnection): Promise<PubSubMode> {
  const answer = await connection.call('COMMAND', 'INFO', 'SPUBLISH');
  return Array.isArray(answer) && Array.isArray(answer[0]) ? 'sharded' : 'classic';
}

/** One that is on its way already is left to it. */
function reconnect(connection: RedisConnection): void {
  if (connection.status === 'ready') connection.disconnect(true);
}
