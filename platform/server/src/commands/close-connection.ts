// Thrown by a command when the connection itself must end. The gateway closes it.

import type { BelfryError, CloseName } from '@belfry/protocol';

/** With a `cause`, a client that waits for the answer gets that error before the close. */
export class CloseConnection extends Error {
  readonly closeName: CloseName;
  declare readonly cause: BelfryError | undefined;

  constructor(closeName: CloseName, cause?: BelfryError) {
    super(`the connection is closed: ${closeName}`, { cause });
    this.name = 'CloseConnection';
    this.closeName = closeName;
  }
}
