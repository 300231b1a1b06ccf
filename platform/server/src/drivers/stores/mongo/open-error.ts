// Why a database was not opened, for the report to the operator. Not what goes wrong later: that is
// `unavailable`.

export type MongoOpenRefusal = 'unreachable' | 'no_replica_set' | 'missing_indexes' | 'empty' | 'newer_version';

/** Thrown by `createMongoStores`; the message says what to do. */
export class MongoOpenError extends Error {
  readonly reason: MongoOpenRefusal;

  constructor(reason: MongoOpenRefusal, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MongoOpenError';
    this.reason = reason;
  }
}
