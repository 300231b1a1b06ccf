// Connections to Redis as every driver on it needs them: bounded waits, no command sent twice, reconnects with
// jitter. What is sent over them is each driver's own.

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { backOffMs } from '../../concurrency/back-off.ts';

export type RedisConnection = Redis | Cluster;

export interface RedisAddress {
  /**
   * `redis://host:6379/0` or `rediss://...`; `redis://h1,h2,h3/0?sentinel=name` asks sentinels for the master of
   * that name; `redis://h1,h2,h3?cluster=true` is a Redis Cluster.
   */
  url: string;
  /** Where the URL has none. */
  password?: string | undefined;
}

/** A command that has no answer by then is given up: whoever waits for it is told `unavailable`. */
const commandTimeoutMs = 2000;
const connectTimeoutMs = 2000;
/** A server that does not answer a goodbye is left without. ioredis waits for it even where there is no server. */
const disconnectTimeoutMs = 500;
/** What a node could not publish is read from the log by the others when it is back: so each of its ways looks often. */
export const reconnectWaits = { baseMs: 50, maxMs: 1000 };

const defaultPort = 6379;
const defaultSentinelPort = 26_379;

/**
 * A connection of its own, which reconnects by itself until `quit` or `disconnect`. Commands fail at once while it
 * is down. `name` is what `CLIENT LIST` shows. One that subscribes is asked anew for its channels by its owner,
 * who thereby knows when they stand; in a cluster it has a connection to each shard. One that publishes sends
 * nothing again in a cluster either, since what is sent again arrives out of order.
 */
export function connectRedis(
  address: RedisAddress,
  name: string,
  { use = 'commands' }: { use?: 'commands' | 'publish' | 'subscribe' } = {},
): RedisConnection {
  const { hosts, options, sentinel, isCluster } = readAddress(address);
  const common = {
    ...options,
    connectionName: name,
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    enableOfflineQueue: false,
    // A command whose answer was lost may have been done.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: use !== 'subscribe',
    retryStrategy: (failures: number) => backOffMs(failures, reconnectWaits),
  } satisfies RedisOptions;
  if (isCluster) {
    return new Cluster(
      hosts.map(({ host, port }) => ({ host, port: port ?? defaultPort })),
      {
        redisOptions: common,
        enableOfflineQueue: false,
        shardedSubscribers: use === 'subscribe',
        ...(use === 'publish' && { maxRedirections: 0 }),
        clusterRetryStrategy: (failures) => backOffMs(failures, reconnectWaits),
      },
    );
  }
  if (sentinel !== undefined) {
    return new Redis({
      ...common,
      name: sentinel,
      sentinels: hosts.map(({ host, port }) => ({ host, port: port ?? defaultSentinelPort })),
      sentinelRetryStrategy: (failures) => backOffMs(failures, reconnectWaits),
    });
  }
  const [{ host, port = defaultPort } = { host: '127.0.0.1' }] = hosts;
  return new Redis({ ...common, host, port });
}

interface ReadAddress {
  hosts: readonly { host: string; port?: number }[];
  options: Pick<RedisOptions, 'username' | 'password' | 'db' | 'tls'>;
  sentinel: string | undefined;
  isCluster: boolean;
}

/** By hand, since a URL has one host, and these may have several. Throws for what is no such address. */
function readAddress({ url, password }: RedisAddress): ReadAddress {
  const match = /^(rediss?):\/\/(?:([^@/]*)@)?([^/?]+)(?:\/(\d*))?(?:\?(.*))?$/.exec(url);
  if (match === null) throw new Error('REDIS_URL is no address of a Redis');
  const [, scheme, user = '', names = '', db = '', query = ''] = match;
  const [username = '', ...rest] = user.split(':');
  const given = rest.length > 0 ? decodeURIComponent(rest.join(':')) : password;
  const parameters = new URLSearchParams(query);
  return {
    hosts: names.split(',').map((each) => {
      const { hostname, port } = new URL(`tcp://${each}`);
      return { host: hostname.replace(/^\[|\]$/g, ''), ...(port !== '' && { port: Number(port) }) };
    }),
    options: {
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(given !== undefined && { password: given }),
      ...(db !== '' && { db: Number(db) }),
      ...(scheme === 'rediss' && { tls: {} }),
    },
    sentinel: parameters.get('sentinel') ?? undefined,
    isCluster: parameters.get('cluster') === 'true',
  };
}
