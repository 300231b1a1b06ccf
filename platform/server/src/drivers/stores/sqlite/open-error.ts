// Why a data file was not opened, for the report to the operator. Not what goes wrong later: that is
// `unavailable`.

import type { OpenRefusal } from './wire.ts';

/**
 * Thrown by `createSqliteStores`. `newer_version`: the file was written by a newer Belfry. `older_version`: by an
 * older one, and is opened to be read only. `in_use`: another process has it. `missing`: it is not there, although
 * much that belongs to it is. `unreadable`: anything else, e.g. no permission, no space, not a data file; the
 * message says which.
 */
export class StoreOpenError extends Error {
  readonly reason: OpenRefusal;
  readonly file: string;

  constructor(reason: OpenRefusal, file: string, message: string) {
    super(message);
    this.name = 'StoreOpenError';
    this.reason = reason;
    this.file = file;
  }
}
