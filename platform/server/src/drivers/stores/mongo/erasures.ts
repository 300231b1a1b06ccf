// The records of persons who were erased. Not what is done to them: maintenance/erasure.ts.

import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { ErasureRecord, ErasureStore } from '../../../ports/stores/index.ts';
import { bodyOf, type WithBody } from './body.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';
import { removeFirst } from './limited-removal.ts';
import { replacing } from './versioned-put.ts';

interface ErasureDocument extends WithBody {
  app: string;
  key: string;
  id: string;
  state: string;
  finishedAt?: number;
}

export const erasures = declareCollection<ErasureDocument>(
  'erasures',
  { app: String, key: String, id: String, state: String, finishedAt: Number, body: String },
  [{ key: { app: 1, key: 1 }, unique: true }, { key: { app: 1, finishedAt: 1 } }],
);

export class MongoErasures implements ErasureStore {
  readonly #erasures: Collection<ErasureDocument>;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#erasures = new Collection(connection, erasures);
    this.#clock = clock;
  }

  begin(app: AppId, record: ErasureRecord): Promise<ErasureRecord> {
    const { key } = record;
    const fields = fieldsOf(record);
    return untilUncontended(this.#clock, async () => {
      if (await this.#erasures.insert({ app, key, ...fields })) return record;
      const begun = await this.#erasures.change(
        { app, key, state: trusted({ $ne: 'running' }) },
        replacing({ ...fields, finishedAt: record.finishedAt }),
      );
      return begun === undefined ? await this.get(app, key) : bodyOf<ErasureRecord>(begun);
    });
  }

  async get(app: AppId, key: string): Promise<ErasureRecord | undefined> {
    const found = await this.#erasures.findOne({ app, key });
    return found && bodyOf(found);
  }

  async put(app: AppId, record: ErasureRecord): Promise<boolean> {
    const { key, id, finishedAt } = record;
    const update = replacing<ErasureDocument>({ ...fieldsOf(record), finishedAt });
    return (await this.#erasures.update({ app, key, id }, update)).matched > 0;
  }

  async unfinished(app: AppId, { after = '', limit }: { after?: string | undefined; limit: number }) {
    const filter = { app, key: trusted({ $gt: after }), finishedAt: trusted({ $exists: false }) };
    return (await this.#erasures.find(filter, { sort: { key: 1 }, limit })).map(bodyOf<ErasureRecord>);
  }

  prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    const filter = { app, finishedAt: trusted({ $lt: beforeMs }) };
    return removeFirst(this.#erasures, { filter, sort: { finishedAt: 1 }, limit });
  }
}

function fieldsOf(record: ErasureRecord): Omit<ErasureDocument, 'app' | 'key'> {
  const { id, state, finishedAt } = record;
  return { id, state, ...(finishedAt !== undefined && { finishedAt }), body: JSON.stringify(record) };
}
