// The contract of the figures of minutes: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { FigureRow, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

const minute = 60_000;
/** A multiple of every step below, and some time ago. */
const start = 20_000 * 86_400_000;

export function sampleFigures(of: Partial<FigureRow> = {}): FigureRow {
  const counts = { messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0 };
  return { at: start, source: 'n1', ...counts, reasons: [], ...of };
}

export function figuresContract(stores: () => Stores): void {
  const whole = { fromMs: 0, toMs: start + 86_400_000, stepMs: minute, mostReasons: 10 };

  describe('figures', () => {
    test('of several processes are summed, and who was there is the mean, step by step', async () => {
      const app = newApp();
      await stores().figures.put(app, [
        sampleFigures({ messages: 3, events: 9, desktop: 10, users: 4 }),
        sampleFigures({ at: start + minute, messages: 1, accepted: 2, desktop: 20, users: 6 }),
        sampleFigures({ at: start + 5 * minute, failed: 1, withheld: 2, mobile: 1 }),
      ]);
      await stores().figures.put(app, [sampleFigures({ source: 'n2', messages: 4, events: 1, desktop: 12, users: 4 })]);
      const { steps } = await stores().figures.read(app, { ...whole, stepMs: 5 * minute });
      expect(steps).toEqual([
        { at: start, desktop: 14, users: 14 / 3, messages: 8, events: 10, accepted: 2, failed: 0, withheld: 0 },
        { at: start + 5 * minute, mobile: 1, messages: 0, events: 0, accepted: 0, failed: 1, withheld: 2 },
      ]);
      const minutes = await stores().figures.read(app, whole);
      expect(minutes.steps.map(({ at, messages }) => [(at - start) / minute, messages])).toEqual([
        [0, 7],
        [1, 1],
        [5, 0],
      ]);
    });

    test('of a time are those from its beginning until before its end', async () => {
      const app = newApp();
      const rows = [0, 1, 2, 3].map((at) =>
        sampleFigures({ at: start + at * minute, messages: at, reasons: [{ name: 'muted', count: at }] }),
      );
      await stores().figures.put(app, rows);
      const time = { fromMs: start + minute, toMs: start + 3 * minute };
      const { steps, reasons, sinceMs } = await stores().figures.read(app, { ...whole, ...time });
      expect(steps.map(({ messages }) => messages)).toEqual([1, 2]);
      expect(reasons).toEqual([{ name: 'muted', count: 3 }]);
      expect(sinceMs).toBe(start);
    });

    test('name the reasons that were counted most', async () => {
      const app = newApp();
      const counted = (...reasons: [string, number][]) => reasons.map(([name, count]) => ({ name, count }));
      const gone = 'target_gone my.web $x';
      await stores().figures.put(app, [
        sampleFigures({ reasons: counted(['muted', 2], [gone, 4]) }),
        sampleFigures({ source: 'n2', reasons: counted([gone, 1], ['quota fcm', 2], ['rare', 1]) }),
      ]);
      const { reasons } = await stores().figures.read(app, { ...whole, mostReasons: 3 });
      expect(reasons).toEqual(counted([gone, 5], ['muted', 2], ['quota fcm', 2]));
    });

    test('of one minute and process take the place of what was there', async () => {
      const app = newApp();
      await stores().figures.put(app, [
        sampleFigures({ messages: 5, users: 3, reasons: [{ name: 'muted', count: 1 }] }),
      ]);
      await stores().figures.put(app, [sampleFigures({ messages: 6 })]);
      const { steps, reasons } = await stores().figures.read(app, whole);
      expect(steps).toEqual([{ at: start, messages: 6, events: 0, accepted: 0, failed: 0, withheld: 0 }]);
      expect(reasons).toEqual([]);
    });

    test('tell of pushes what the rows have that count them, and since when', async () => {
      const app = newApp();
      const counted = (...ends: [string, number][]) => ends.map(([name, count]) => ({ name, count }));
      await stores().figures.put(app, [
        sampleFigures({ messages: 1 }),
        sampleFigures({ at: start + minute, mayPush: 5, pushEnds: counted(['muted', 2], ['cancelled_acked', 3]) }),
        sampleFigures({ at: start + minute, source: 'n2', messages: 2 }),
        sampleFigures({ at: start + 2 * minute, mayPush: 4, pushEnds: counted(['cancelled_acked', 1]) }),
        sampleFigures({ at: start + 3 * minute, mayPush: 0, pushEnds: [] }),
      ]);
      const sinceMs = start + minute;
      const ends = counted(['cancelled_acked', 4], ['muted', 2]);
      expect((await stores().figures.read(app, whole)).pushes).toEqual({ mayPush: 9, ends, sinceMs });
      const before = { ...whole, toMs: start + minute };
      expect((await stores().figures.read(app, before)).pushes).toEqual({ mayPush: 0, ends: [], sinceMs });
    });

    test('are pruned the oldest first, at most so many', async () => {
      const app = newApp();
      const rows = [3, 1, 2, 4].map((at) => sampleFigures({ at: start + at * minute, messages: at }));
      await stores().figures.put(app, rows);
      const before = start + 4 * minute;
      expect(await stores().figures.prune(app, before, 2)).toBe(2);
      expect((await stores().figures.read(app, whole)).sinceMs).toBe(start + 3 * minute);
      expect(await stores().figures.prune(app, before, 2)).toBe(1);
      expect(await stores().figures.prune(app, before, 2)).toBe(0);
      expect((await stores().figures.read(app, whole)).steps.map(({ messages }) => messages)).toEqual([4]);
    });

    test('of an app without any are none', async () => {
      expect(await stores().figures.read(newApp(), whole)).toEqual({ steps: [], reasons: [] });
    });
  });
}
