// The life of all logs in a database: a part of each stream's epoch that changes when the logs went back, so
// that positions of before mean nothing any more. The data file has the same:
// drivers/stores/sqlite/log-life.ts.

import { randomUUID } from 'node:crypto';
import type { InstallationStore } from '../../../ports/stores/index.ts';

/** Behind a stored epoch it gives the epoch that clients see; empty in a database that never went back. */
export type LogLife = string;

const factName = 'log_life';

/** Stays as it is while a node runs. */
export async function logLifeOf(installation: Pick<InstallationStore, 'get'>): Promise<LogLife> {
  return (await installation.get(factName)) ?? '';
}

/**
 * Raises the epochs of all streams at once, also of those that are not made yet; for nodes that start
 * afterwards. Random, not counted: of two restores of one backup the second must not give the epochs of the
 * first.
 */
export async function raiseEpochs(installation: Pick<InstallationStore, 'set'>): Promise<void> {
  await installation.set(factName, `.${randomUUID().slice(-12)}`);
}
