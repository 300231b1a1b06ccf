// The connection to MongoDB: bounded waits, every write on the disks of a majority, every failure `unavailable`.
// Not what is in the database: declaration.ts and the stores.

import { BelfryError } from '@belfry/protocol';
import { Mongoose, STATES, type Connection, type ConnectOptions } from 'mongoose';
import { pause } from '../../../concurrency/pause.ts';
import { withinLimit } from '../../../concurrency/time-limit.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import { toFailure } from './failures.ts';
import { MongoOpenError } from './open-error.ts';

export interface MongoAddress {
  /** `mongodb://...` or `mongodb+srv://...`, of a replica set or a sharded cluster. */
  url: string;
  /** Instead of the one that the URL names; `belfry` where neither names one. */
  database?: string | undefined;
}

export interface MongoConnectionOptions {
  address: MongoAddress;
  clock: Clock;
  log: Log;
  /** Called with each command that is sent. Costs; for tests and for looking into a fault. */
  onCommand?: ((command: Readonly<Record<string, unknown>>) => void) | undefined;
  /**
   * A server that does not answer, or elects a primary, is asked again for so long, ms; once when left out.
   */
  waitMs?: number | undefined;
}

/** A call that has no answer by then is given up: with one repetition by the driver, a frozen server takes longer. */
const callTimeoutMs = 5000;
/** Beyond these, calls are refused: a server that is slow must not fill the memory. */
const maxPending = 10_000;

const bounds: ConnectOptions = {
  maxPoolSize: 50,
  waitQueueTimeoutMS: 2000,
  connectTimeoutMS: 1000,
  socketTimeoutMS: 2000,
  serverSelectionTimeoutMS: 2000,
  heartbeatFrequencyMS: 1000,
};

/** Between two tries to open, ms. */
const askAgainMs = 200;

/** What is read was acknowledged by a majority, and does not go back. */
const promises: ConnectOptions = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  retryWrites: true,
  retryReads: true,
};

export class MongoConnection {
  readonly #connection: Connection;
  readonly #options: MongoConnectionOptions;
  readonly #pending = new Set<Promise<unknown>>();
  #ending: Promise<void> | undefined;

  private constructor(connection: Connection, options: MongoConnectionOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Rejects with `MongoOpenError`. `isPatient`: for what takes as long as it takes, as the making of indexes. */
  static async open(options: MongoConnectionOptions, { isPatient = false } = {}): Promise<MongoConnection> {
    const { clock, log, waitMs = 0 } = options;
    const giveUpAt = clock.monotonic() + waitMs;
    for (;;) {
      try {
        return await MongoConnection.#openNow(options, isPatient);
      } catch (error) {
        if (!mayComeYet(error) || clock.monotonic() >= giveUpAt) throw error;
        log.warn('no connection to MongoDB yet', { err: error });
      }
      await pause(clock, askAgainMs);
    }
  }

  static async #openNow(options: MongoConnectionOptions, isPatient: boolean): Promise<MongoConnection> {
    const { address, log, onCommand } = options;
    const mongoose = new Mongoose({
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      sanitizeFilter: true,
      strictQuery: 'throw',
    });
    const connection = mongoose.createConnection();
    connection.on('disconnected', () => log.warn('store is down', { store: 'mongodb' }));
    connection.on('reconnected', () => log.info('store is up', { store: 'mongodb' }));
    // Each call reports its own failure.
    connection.on('error', () => undefined);
    try {
      await connection.openUri(address.url, {
        ...bounds,
        ...promises,
        ...(isPatient && { socketTimeoutMS: 0 }),
        dbName: address.database ?? databaseOf(address.url),
        appName: 'belfry',
        autoIndex: false,
        autoCreate: false,
        bufferCommands: false,
        ignoreUndefined: true,
        monitorCommands: onCommand !== undefined,
      });
      if (onCommand !== undefined) {
        connection.getClient().on('commandStarted', ({ command }) => onCommand(command));
      }
      await refuseStandalone(connection);
    } catch (error) {
      await connection.close(true);
      if (error instanceof MongoOpenError) throw error;
      throw new MongoOpenError('unreachable', error instanceof Error ? error.message : String(error), error);
    }
    return new MongoConnection(connection, options);
  }

  /** For declarations and their making; calls go through `call`. */
  get mongoose(): Connection {
    return this.#connection;
  }

  get state(): 'up' | 'down' {
    return this.#ending === undefined && this.#connection.readyState === STATES.connected ? 'up' : 'down';
  }

  /**
   * Every call of a store goes through here. Rejects with `unavailable` (outcome unknown), `overloaded` (not
   * done), what `isDuplicateKey` knows, or a defect. What was given up may still be done later.
   */
  async call<T>(run: () => Promise<T>, limitMs = callTimeoutMs): Promise<T> {
    if (this.#ending !== undefined) throw new BelfryError('unavailable', { cause: new Error('the stores are closed') });
    if (this.#pending.size >= maxPending) {
      throw new BelfryError('overloaded', { cause: new Error(`${maxPending} calls wait for MongoDB`) });
    }
    const called = withinLimit({ clock: this.#options.clock, limitMs }, run);
    this.#pending.add(called);
    try {
      return await called;
    } catch (error) {
      throw toFailure(error);
    } finally {
      this.#pending.delete(called);
    }
  }

  /** Finishes what was asked for, then closes. Idempotent. */
  close(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    await Promise.allSettled(this.#pending);
    await this.#connection.close(true);
  }
}

/** Not of a wrong password or address, which stay wrong. */
function mayComeYet(error: unknown): boolean {
  const { reason, cause } = error instanceof MongoOpenError ? error : {};
  return reason === 'unreachable' && cause instanceof Error && cause.name.endsWith('ServerSelectionError');
}

/** By hand, since a URL has one host, and these may have several. */
function databaseOf(url: string): string {
  const [, name = ''] = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(url) ?? [];
  return name === '' ? 'belfry' : decodeURIComponent(name);
}

/** Writes that are repeated safely, and a majority that means something, are had from a replica set alone. */
async function refuseStandalone(connection: Connection): Promise<void> {
  const hello = await connection.db?.admin().command({ hello: 1 });
  if (hello?.['setName'] !== undefined || hello?.['msg'] === 'isdbgrid') return;
  throw new MongoOpenError('no_replica_set', 'the server is no member of a replica set (mongod --replSet)');
}
