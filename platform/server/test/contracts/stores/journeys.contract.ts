// The contract of journeys: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { JourneyRow, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

export function journeysContract(stores: () => Stores): void {
  const row = (type: string, at: number, about: Partial<JourneyRow>): JourneyRow => ({
    type,
    at,
    body: JSON.stringify({ type }),
    ...about,
  });
  const types = (rows: readonly JourneyRow[]): string[] => rows.map(({ type }) => type);

  describe('journeys', () => {
    test('a message has the rows of its id and those whose range covers one of its places, oldest first, each once', async () => {
      const app = newApp();
      const range = (from: number, to: number, stream = 's'): Partial<JourneyRow> => ({ range: { stream, from, to } });
      await stores().journeys.append(app, [
        row('covers', 30, range(1, 5)),
        row('mine', 10, { messageId: 'm1' }),
        row('both', 20, { messageId: 'm1', ...range(3, 3) }),
        row('before', 5, range(1, 2)),
        row('after', 5, range(4, 9)),
        row('elsewhere', 5, range(1, 9, 'other')),
        row('another', 5, { messageId: 'm2' }),
        row('edge low', 40, range(3, 9)),
        row('edge high', 40, range(1, 3)),
      ]);
      const found = await stores().journeys.read(app, {
        messageId: 'm1',
        at: [
          { stream: 's', seq: 3 },
          { stream: 't', seq: 3 },
        ],
      });
      expect(types(found)).toEqual(['mine', 'both', 'covers', 'edge low', 'edge high']);
      expect(found[1]).toEqual(row('both', 20, { messageId: 'm1', ...range(3, 3) }));
    });

    test('rows of one append keep their order', async () => {
      const app = newApp();
      const rows = Array.from({ length: 50 }, (_, i) => row(`t${i}`, 7, { messageId: 'm1' }));
      await stores().journeys.append(app, rows);
      expect(await stores().journeys.read(app, { messageId: 'm1', at: [] })).toEqual(rows);
    });

    test('pruning takes the oldest first, at most so many', async () => {
      const app = newApp();
      await stores().journeys.append(
        app,
        [3, 1, 2, 9].map((at) => row(`t${at}`, at, { messageId: 'm1' })),
      );
      expect(await stores().journeys.prune(app, 9, 2)).toBe(2);
      expect(types(await stores().journeys.read(app, { messageId: 'm1', at: [] }))).toEqual(['t3', 't9']);
      expect(await stores().journeys.prune(app, 9, 5)).toBe(1);
      expect(await stores().journeys.prune(app, 9, 5)).toBe(0);
    });
  });
}
