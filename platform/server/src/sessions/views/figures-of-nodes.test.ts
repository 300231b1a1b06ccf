// Steps of several nodes as one row of them: nothing is counted twice or lost, wherever each node's steps begin.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { figuresEveryMs, type Figures } from './app-figures.ts';
import { mergedFigures } from './figures-of-nodes.ts';

const step = (at: number, fields: Partial<Figures> = {}): Figures => ({
  ...{ at, connections: { desktop: 5 }, users: 4, messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0 },
  ...{ reasons: new Map(), mayPush: 0, pushEnds: new Map(), ...fields },
});

test('of one node it is what that node has, to the last step', () => {
  const steps = [step(10_003), step(20_004)];
  expect(mergedFigures([steps, []])).toBe(steps);
});

test('nodes that are evenly busy make an even line, whenever their steps begin', () => {
  const offset = fc.integer({ min: 0, max: figuresEveryMs - 1 });
  fc.assert(
    fc.property(fc.array(offset, { minLength: 2, maxLength: 4 }), (offsets) => {
      const lists = offsets.map((offsetMs) =>
        Array.from({ length: 20 }, (_, at) => step(1_000_000 + at * figuresEveryMs + offsetMs, { events: 30 })),
      );
      const merged = mergedFigures(lists);
      // The first step lies in two of them.
      for (const { events } of merged.slice(2)) expect(events).toBeCloseTo(30 * offsets.length);
      expect(merged.map(({ at }) => at % figuresEveryMs)).toEqual(merged.map(() => 0));
    }),
  );
});

test('what went wrong at two nodes is summed by its reason; who is connected is of all nodes already', () => {
  const [first, second] = [
    step(20_000, { failed: 1, reasons: new Map([['target_gone web', 1]]), mayPush: 2 }),
    step(20_000, {
      ...{ failed: 2, reasons: new Map([['target_gone web', 2]]), connections: undefined },
      ...{ mayPush: 3, pushEnds: new Map([['muted', 3]]) },
    }),
  ];
  expect(mergedFigures([[first], [second]])).toMatchObject([
    { at: 20_000, failed: 3, connections: { desktop: 5 }, users: 4, reasons: new Map([['target_gone web', 3]]) },
  ]);
  expect(mergedFigures([[first], [second]])).toMatchObject([{ mayPush: 5, pushEnds: new Map([['muted', 3]]) }]);
});

test('a node that was stopped long ago holds nothing back', () => {
  const alive = Array.from({ length: 10 }, (_, at) => step(at * figuresEveryMs, { messages: 2 }));
  const merged = mergedFigures([alive, [step(0, { messages: 1 })]]);
  expect(merged.at(-1)).toMatchObject({ at: 90_000, messages: 2 });
  expect(merged[0]).toMatchObject({ at: 0, messages: 3 });
});
