// Questions of one turn about many apps: one call for each of them. Knows no app that nobody asks about now.

import type { AppId } from '../ports/app-id.ts';
import { Gathered, type GatheredOptions } from './gathered.ts';

export class GatheredByApp<K, V> {
  readonly #ask: (app: AppId, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  readonly #bounds: Omit<GatheredOptions, 'onIdle'>;
  readonly #apps = new Map<AppId, Gathered<K, V>>();

  /** `ask` gets each key once. The bounds are those of each app. */
  constructor(
    ask: (app: AppId, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
    bounds: Omit<GatheredOptions, 'onIdle'> = {},
  ) {
    this.#ask = ask;
    this.#bounds = bounds;
  }

  /** As `Gathered.of`. */
  of(app: AppId, key: K): Promise<V | undefined> {
    return this.#gathered(app).of(key);
  }

  /** As `Gathered.ofAll`. */
  ofAll(app: AppId, keys: readonly K[]): Promise<Map<K, V>> {
    return this.#gathered(app).ofAll(keys);
  }

  #gathered(app: AppId): Gathered<K, V> {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const gathered = new Gathered((keys: readonly K[]) => this.#ask(app, keys), {
      ...this.#bounds,
      onIdle: () => this.#apps.delete(app),
    });
    this.#apps.set(app, gathered);
    return gathered;
  }
}
