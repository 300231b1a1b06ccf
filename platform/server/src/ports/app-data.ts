// All that an engine keeps of one app, wherever it is, to be taken away with the app. The order, and what is no
// record (files, the app itself): maintenance/app-erasure.ts.

import type { AppId } from './app-id.ts';

export interface AppErased {
  /** Records that were taken away. */
  erased: number;
  /** Kinds of records of which there is nothing left, of so many: it is done when these are the same. */
  done: number;
  of: number;
}

/**
 * Guarantees: durable when resolved; asked for again, it does what is left. Costs by `limit`, however many
 * records there are.
 */
export interface AppData {
  /** Of files whose records are there, at most `limit`. */
  uploads(app: AppId, limit: number): Promise<readonly string[]>;
  /** All but the app's own record, and what was audited of it: that is the tenant's. */
  erase(app: AppId, limit: number): Promise<AppErased>;
}
