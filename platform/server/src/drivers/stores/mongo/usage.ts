// Counters by app and day. Not what is counted.

import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { UsageCount, UsageStore } from '../../../ports/stores/index.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';

interface UsageDocument {
  app: string;
  day: string;
  name: string;
  count: number;
}

export const usage = declareCollection<UsageDocument>(
  'usage',
  { app: String, day: String, name: String, count: Number },
  [{ key: { app: 1, day: 1, name: 1 }, unique: true }],
);

export class MongoUsage implements UsageStore {
  readonly #usage: Collection<UsageDocument>;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#usage = new Collection(connection, usage);
    this.#clock = clock;
  }

  async add(app: AppId, counts: readonly UsageCount[], forgetBefore: string): Promise<number[]> {
    const [totals] = await Promise.all([
      Promise.all(counts.map((count) => this.#add(app, count))),
      this.#usage.removeMany({ app, day: trusted({ $lt: forgetBefore }) }),
    ]);
    return totals;
  }

  async read(app: AppId, day: string): Promise<Map<string, number>> {
    const found = await this.#usage.find({ app, day }, { only: ['name', 'count'] });
    return new Map(found.map(({ name, count }) => [name, count]));
  }

  /** No upsert: of several at once not every server says to each what it then was. */
  #add(app: AppId, { day, name, count }: UsageCount): Promise<number> {
    const key = { app, day, name };
    return untilUncontended(this.#clock, async () => {
      const after = await this.#usage.change(key, { $inc: { count } });
      if (after !== undefined) return after.count;
      await this.#usage.insert({ ...key, count: 0 });
      return undefined;
    });
  }
}
