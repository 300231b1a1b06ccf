// Nothing that happens in one app is seen or done in another (docs/guarantees.md, G14), for every method of
// every app-scoped store. The samples: isolation-samples.ts.

import { describe, expect, test } from 'vitest';
import { methodsOf } from '../../../src/drivers/stores/synchronous.ts';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';
import { peek, samples, seed } from './isolation-samples.ts';
import type { Sample, ScopedStore } from './isolation-samples.ts';

/**
 * Generated from the driver's own methods, so that a method that is added without a sample fails here. Each
 * sample has to prove something: a read must see what was seeded in its own app; a write must change its own
 * app, or answer otherwise than in an empty one.
 */
export function isolationContract(stores: () => Stores): void {
  const call = (store: ScopedStore, method: string, app: AppId): Promise<unknown> => {
    const { args } = sampleOf(store, method);
    const target: object = stores()[store];
    const run: unknown = Reflect.get(target, method);
    if (typeof run !== 'function') throw new Error(`there is no ${store}.${method}`);
    return Promise.resolve(Reflect.apply(run, target, [app, ...args()]));
  };
  const everything = async (app: AppId): Promise<Record<string, unknown>> => {
    // It may write, and comes first; reads go together, for the sake of engines that are far away.
    const peeked = await peek(stores(), app);
    const reads = list().filter(([, , { mode }]) => mode === 'read');
    const seen = await Promise.all(
      reads.map(async ([store, method]) => [`${store}.${method}`, await call(store, method, app)] as const),
    );
    return { peek: peeked, ...Object.fromEntries(seen) };
  };

  const seeded: AppId[] = [];
  const seedOne = async (): Promise<AppId> => {
    const app = newApp();
    await seed(stores(), app);
    return app;
  };
  /** Ten at once: it is mostly waiting, where an engine is far away. */
  const nextSeeded = async (): Promise<AppId> => {
    if (seeded.length === 0) seeded.push(...(await Promise.all(Array.from({ length: 10 }, seedOne))));
    return seeded.pop() ?? seedOne();
  };

  describe('isolation of apps', () => {
    // Reads leave it as it is.
    let read: AppId | undefined;

    test('every method of every app-scoped store has a sample', () => {
      for (const store of Object.keys(samples) as ScopedStore[]) {
        const methods = methodsOf(stores()[store]).map(([name]) => name);
        expect(Object.keys(samples[store]).toSorted(), store).toEqual(methods.toSorted());
      }
    });

    for (const [store, method, sample] of list()) {
      if (sample.mode === 'read') {
        test(`${store}.${method} sees nothing of another app`, async () => {
          const other = newApp();
          const empty = await call(store, method, other);
          read ??= await nextSeeded();
          expect(await call(store, method, other)).toEqual(empty);
          expect(await call(store, method, read), 'the sample shows nothing').not.toEqual(empty);
        });
        continue;
      }
      test(`${store}.${method} does nothing to another app, and nothing of another app changes its answer`, async () => {
        const [full, other, untouched] = [await nextSeeded(), newApp(), newApp()];
        const answerAlone = await call(store, method, untouched);
        const before = await everything(full);
        expect(await call(store, method, other)).toEqual(answerAlone);
        expect(await everything(full)).toEqual(before);
        expect(await everything(other)).toEqual(await everything(untouched));
        const effect = { answer: await call(store, method, full), seen: await everything(full) };
        expect(effect, 'the sample does nothing').not.toEqual({ answer: answerAlone, seen: before });
      });
    }
  });
}

function list(): [ScopedStore, string, Sample][] {
  const stores = Object.keys(samples) as ScopedStore[];
  return stores.flatMap((store) =>
    Object.entries(samples[store]).map(([method, sample]): [ScopedStore, string, Sample] => [store, method, sample]),
  );
}

function sampleOf(store: ScopedStore, method: string): Sample {
  const found = list().find(([otherStore, otherMethod]) => otherStore === store && otherMethod === method);
  if (found === undefined) throw new Error(`${store}.${method} has no sample`);
  return found[2];
}
