// Versions of what the console changes: as `ETag` in answers, and compared with the `If-Match` of a change.

import { BelfryError } from '@belfry/protocol';

export interface Changed {
  version: number;
  changedBy: string;
  /** ms since the epoch; 0: never. */
  changedAt: number;
}

export function etagOf(version: number): { ETag: string } {
  return { ETag: `"v${version}"` };
}

/** Throws `precondition_failed` with what is there now. */
export function needVersion(ifVersion: number | undefined, current: object, changed: Changed): void {
  const { version, changedBy, changedAt } = changed;
  if (ifVersion === version) return;
  const details = {
    ...{ current, version, changedBy },
    ...(changedAt > 0 && { changedAt: new Date(changedAt).toISOString() }),
  };
  throw new BelfryError('precondition_failed', { details });
}
