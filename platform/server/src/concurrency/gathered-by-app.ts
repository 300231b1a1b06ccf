// Questions of one turn about many apps: one call for each of them. Knows no app that nobody asks about now.

import type { AppId } from '../ports/app-id.ts';
import { Gathered } from './gathered.ts';

export class GatheredByApp<K, V> {
  readonly #ask: (app: AppId, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  readonly #apps = new Map<AppId, Gathered<K, V>>();

  /** `ask` gets each key once. */
  constructor(ask: (app: AppId, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
    this.#ask = ask;
  }

  /** As `Gathered.of`. */
  of(app: AppId, key: K): Promise<V | undefined> {
    return this.#gathered(app).of(key);
  }

  /** As `Gathered.ofAll`. */
  ofAll(app: AppId, keys: readonly K[]): Promise<ReadonlyMap<K, V>> {
    return this.#gathered(app).ofAll(keys);
  }

  #gathered(app: AppId): Gathered<K, V> {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const gathered = new Gathered((keys: readonly K[]) => {
      this.#apps.delete(app);
      return this.#ask(app, keys);
    });
    this.#apps.set(app, gathered);
    return gathered;
  }
}
