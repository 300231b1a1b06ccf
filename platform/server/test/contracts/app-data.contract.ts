// The contract of what is kept of an app as a whole: each driver that is part of the product must keep it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppData } from '../../src/ports/app-data.ts';
import { asAppId, type AppId } from '../../src/ports/app-id.ts';
import type { Stores } from '../../src/ports/stores/index.ts';
import { fillStores } from '../support/filled-stores.ts';
import { newApp } from '../support/samples.ts';
import { sampleAuditEntry } from './stores/audit.contract.ts';

export interface AppDataUnderTest {
  stores: Stores & { appData: AppData };
  /** Rows or documents that name the app, by the table or collection, however it is kept. */
  rowsOf: (app: AppId) => Promise<ReadonlyMap<string, number>>;
  dispose: () => Promise<void>;
}

/** Thousands of records, on an engine that may be another process. */
const fillsForMs = 180_000;

export function appDataContract(name: string, create: () => Promise<AppDataUnderTest>): void {
  describe(`${name}: all that is kept of an app`, () => {
    let under: AppDataUnderTest;
    let apps: AppId[];
    beforeAll(async () => {
      under = await create();
      apps = await fillStores(under.stores);
    }, fillsForMs);
    afterAll(() => under.dispose());

    test(
      'goes in parts, whatever it is, with the files named before; another app, the record and the audit stay',
      async () => {
        const { stores, rowsOf } = under;
        const [gone = newApp(), other = newApp()] = apps;
        await stores.audit.append(sampleAuditEntry('clinic', { id: 'e9', app: gone }));
        const before = await rowsOf(other);
        expect(before.size).toBeGreaterThan(20);
        const uploads = await stores.appData.uploads(gone, 100);
        expect(uploads.length).toBeGreaterThan(0);
        expect(await stores.appData.uploads(gone, 1)).toHaveLength(1);
        expect(await stores.appData.uploads(newApp(), 9)).toEqual([]);
        const parts: number[] = [];
        for (let isDone = false; !isDone;) {
          const { erased, done, of } = await stores.appData.erase(gone, 100);
          expect(erased).toBeLessThanOrEqual(100);
          expect(done).toBeGreaterThanOrEqual(parts.at(-1) ?? 0);
          parts.push(done);
          isDone = done === of;
        }
        expect(parts.length).toBeGreaterThan(2);
        expect(Object.fromEntries(await rowsOf(gone))).toEqual({ apps: 1, audit: 1 });
        expect(await rowsOf(other)).toEqual(before);
        const { of } = await stores.appData.erase(gone, 100);
        expect(await stores.appData.erase(gone, 100)).toEqual({ erased: 0, done: of, of });
        expect(await stores.tenancy.removeApp(gone)).toBe(true);
        expect(await stores.tenancy.app(gone)).toBeUndefined();
        expect(await stores.tenancy.removeApp(asAppId('none'))).toBe(false);
      },
      fillsForMs,
    );
  });
}
