// What a command throws when the connection itself must end. Closing it is the gateway's.

import type { BelfryError, CloseName } from '@belfry/protocol';

/** With a `cause`, whoever waits for the answer is told that error before the close. */
export class CloseConnection extends Error {
  readonly closeName: CloseName;

  constructor(closeName: CloseName, cause?: BelfryError) {
    super(`the connection is closed: ${closeName}`, { cause });
    this.name = 'CloseConnection';
    this.closeName = closeName;
  }
}
