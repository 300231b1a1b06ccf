// The contract of the counters of use: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

const [yesterday, today] = ['2026-01-30', '2026-01-31'] as const;

export function usageContract(stores: () => Stores): void {
  describe('usage', () => {
    test('is summed by day and counter, and answered as it is then', async () => {
      const app = newApp();
      const add = (...counts: [string, string, number][]): Promise<readonly number[]> =>
        stores().usage.add(
          app,
          counts.map(([day, name, count]) => ({ day, name, count })),
          yesterday,
        );
      expect(await add([today, 'push', 3], [today, 'push:hook', 2])).toEqual([3, 2]);
      expect(await add([today, 'push', 4], [yesterday, 'push', 1])).toEqual([7, 1]);
      expect(await stores().usage.read(app, today)).toEqual(
        new Map([
          ['push', 7],
          ['push:hook', 2],
        ]),
      );
      expect(await stores().usage.read(app, '2026-02-01')).toEqual(new Map());
    });

    test('of many nodes at once is exact', async () => {
      const app = newApp();
      const adds = Array.from({ length: 20 }, () =>
        stores().usage.add(app, [{ day: today, name: 'push', count: 5 }], today),
      );
      const totals = (await Promise.all(adds)).flat();
      expect(new Set(totals).size).toBe(20);
      expect(Math.max(...totals)).toBe(100);
    });

    test('of old days is dropped when more is added', async () => {
      const app = newApp();
      await stores().usage.add(app, [{ day: yesterday, name: 'push', count: 1 }], yesterday);
      await stores().usage.add(app, [{ day: today, name: 'push', count: 1 }], today);
      expect(await stores().usage.read(app, yesterday)).toEqual(new Map());
    });
  });
}
