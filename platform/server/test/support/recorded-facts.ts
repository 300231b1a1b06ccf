// The facts that the code under test recorded, for assertions. Listeners hear each at once: batches
// and bounds are src/telemetry/facts.ts.

import type { AppId } from '../../src/ports/app-id.ts';
import type { Fact, FactListener, FactOf, Facts, FactSubscription, FactType } from '../../src/ports/facts.ts';

export class RecordedFacts implements Facts {
  /** In the order in which they were recorded. */
  readonly all: Fact[] = [];
  readonly #listeners: { types: readonly FactType[]; listen: (app: AppId, fact: Fact) => void }[] = [];

  record(app: AppId, fact: Fact): void {
    this.all.push(fact);
    for (const { types, listen } of this.#listeners) if (types.includes(fact.type)) listen(app, fact);
  }

  wants(): boolean {
    return true;
  }

  subscribe<T extends FactType>(_name: string, types: readonly T[], listen: FactListener<T>): FactSubscription {
    const listener = { types, listen: (app: AppId, fact: Fact) => void listen(app, [fact as FactOf<T>]) };
    this.#listeners.push(listener);
    return {
      flush: () => Promise.resolve(),
      end: () => void this.#listeners.splice(this.#listeners.indexOf(listener), 1),
    };
  }

  of<T extends FactType>(...types: readonly T[]): FactOf<T>[] {
    return this.all.filter((fact): fact is FactOf<T> => (types as readonly FactType[]).includes(fact.type));
  }

  /** The facts since the last call: those of one step of a test. */
  taken(): Fact[] {
    return this.all.splice(0);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
