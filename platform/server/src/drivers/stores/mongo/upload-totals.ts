// How much the uploads of an app take. A process that ends in the middle may leave it behind what is kept,
// never ahead: what is added is marked on the upload before, what is taken off is unmarked after.

import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import { trusted, type Collection } from './collection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';

export interface UploadTotalDocument {
  app: string;
  count: number;
  bytes: number;
}

export const uploadTotals = declareCollection<UploadTotalDocument>(
  'upload_totals',
  { app: String, count: Number, bytes: Number },
  [{ key: { app: 1 }, unique: true }],
);

export class UploadTotals {
  readonly #totals: Collection<UploadTotalDocument>;
  readonly #clock: Clock;

  constructor(totals: Collection<UploadTotalDocument>, clock: Clock) {
    this.#totals = totals;
    this.#clock = clock;
  }

  async of(app: AppId): Promise<{ count: number; bytes: number }> {
    const { count = 0, bytes = 0 } = (await this.#totals.findOne({ app })) ?? {};
    return { count: Math.max(0, count), bytes: Math.max(0, bytes) };
  }

  /** False when it would be more than the quota. */
  add(app: AppId, bytes: number, quotaBytes: number): Promise<boolean> {
    const mostBefore = quotaBytes - bytes;
    return untilUncontended(this.#clock, async () => {
      const added = await this.#totals.change(
        { app, bytes: trusted({ $lte: mostBefore }) },
        { $inc: { count: 1, bytes } },
      );
      if (added !== undefined) return true;
      const before = await this.#totals.findOne({ app });
      if (before !== undefined && before.bytes > mostBefore) return false;
      if (before === undefined) await this.#totals.insert({ app, count: 0, bytes: 0 });
      return undefined;
    });
  }

  async subtract(app: AppId, { count, bytes }: { count: number; bytes: number }): Promise<void> {
    if (count > 0) await this.#totals.update({ app }, { $inc: { count: -count, bytes: -bytes } });
  }
}
