// The small facts of the installation itself. Not anything of an app.

import type { InstallationStore } from '../../../ports/stores/index.ts';
import type { Clock } from '../../../ports/clock.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';

interface FactDocument {
  name: string;
  value: string;
}

export const installationFacts = declareCollection<FactDocument>('installation', { name: String, value: String }, [
  { key: { name: 1 }, unique: true },
]);

export class MongoInstallation implements InstallationStore {
  readonly #facts: Collection<FactDocument>;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#facts = new Collection(connection, installationFacts);
    this.#clock = clock;
  }

  async get(name: string): Promise<string | undefined> {
    return (await this.#facts.findOne({ name }))?.value;
  }

  async setOnce(name: string, value: string): Promise<string> {
    // What another has just written may be on the way to a majority, and be read a moment later.
    return untilUncontended(this.#clock, async () => {
      const isFirst = await this.#facts.insert({ name, value });
      return isFirst ? value : await this.get(name);
    });
  }

  async set(name: string, value: string): Promise<void> {
    await this.#facts.update({ name }, { $set: { value } }, { upsert: true });
  }
}
