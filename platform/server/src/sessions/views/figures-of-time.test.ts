// A span of time is told from memory where that reaches, and from what is kept where it does not.
import { expect, test } from 'vitest';
import { sampleFigures } from '../../../test/contracts/stores/figures.contract.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import type { FigureRow } from '../../ports/stores/index.ts';
import { demo } from '../test/sessions.fixture.ts';
import type { Figures } from './app-figures.ts';
import { figuresOfTime } from './figures-of-time.ts';

const minute = 60_000;
const hour = 60 * minute;
const nowMs = 1_000 * 24 * hour + 30_000;
/** The beginning of the minute that is not over. */
const thisMinute = nowMs - 30_000;

type Row = Pick<FigureRow, 'at' | 'messages' | 'mayPush' | 'pushEnds'>;

async function setUp({ rows = [], steps = [] }: { rows?: Row[]; steps?: Figures[] }) {
  const stores = createMemoryStores();
  await stores.figures.put(
    demo,
    rows.map((row) => sampleFigures({ ...row, users: 2, reasons: [{ name: 'muted', count: 1 }] })),
  );
  const figures = {
    of: async (_app: string, fromMs: number) => ({ steps: steps.filter(({ at }) => at >= fromMs), silent: [] }),
  };
  const ask = (span: { fromMs: number; toMs?: number }) =>
    figuresOfTime(
      demo,
      { span: { toMs: nowMs, ...span }, nowMs, mostReasons: 5 },
      { figures, figureStore: stores.figures },
    );
  return { stores, ask };
}

function stepAt(at: number, of: Partial<Figures> = {}): Figures {
  return {
    ...{ at, connections: { desktop: 1 }, users: 1, messages: 1, events: 0, accepted: 0, failed: 0, withheld: 0 },
    ...{ reasons: new Map([['muted', 2]]), mayPush: 0, pushEnds: new Map(), ...of },
  };
}

test('the last hour is told in steps of ten seconds, and in minutes from before the start of the node', async () => {
  const { ask } = await setUp({
    rows: [thisMinute - 3 * minute, thisMinute - 2 * minute, thisMinute - minute].map((at) => ({ at, messages: 60 })),
    steps: [stepAt(thisMinute - minute + 10_000), stepAt(thisMinute - minute + 20_000)],
  });
  const { stepMs, spans, reasons, sinceMs } = await ask({ fromMs: nowMs - hour });
  expect(stepMs).toBe(10_000);
  // The third minute is in memory from its beginning.
  expect(spans.map(({ at, ms, messages }) => [at - thisMinute, ms, messages])).toEqual([
    [-2 * minute, minute, 60],
    [-minute, minute, 60],
    [-minute + 10_000, 10_000, 1],
    [-minute + 20_000, 10_000, 1],
  ]);
  expect(reasons).toEqual([{ name: 'muted', count: 6 }]);
  expect(sinceMs).toBe(thisMinute - 3 * minute);
});

test('the last hour is told from memory while the store is away; more than that is not', async () => {
  const { stores, ask } = await setUp({ steps: [stepAt(nowMs - 5000)] });
  stores.fail('*');
  expect((await ask({ fromMs: nowMs - hour })).spans).toMatchObject([{ at: nowMs - 5000, messages: 1, desktop: 1 }]);
  await expect(ask({ fromMs: nowMs - 6 * hour })).rejects.toMatchObject({ code: 'unavailable' });
});

test.each([
  { hours: 6, stepMs: minute },
  { hours: 24, stepMs: 5 * minute },
  { hours: 7 * 24, stepMs: 30 * minute },
])('$hours h are told in steps of $stepMs ms', async ({ hours, stepMs }) => {
  const rows = Array.from({ length: 60 }, (_, at) => ({ at: thisMinute - (at + 1) * minute, messages: 1 }));
  const { ask } = await setUp({ rows, steps: [stepAt(nowMs)] });
  const found = await ask({ fromMs: nowMs - hours * hour });
  expect(found.stepMs).toBe(stepMs);
  expect(found.spans).toHaveLength(hour / stepMs);
  expect(found.spans.reduce((sum, { messages }) => sum + messages, 0)).toBe(60);
  expect(found.spans.every(({ ms }) => ms === stepMs)).toBe(true);
});

test('the newest step is as long as it has lasted', async () => {
  const { ask } = await setUp({ rows: [{ at: thisMinute - 2 * minute, messages: 90 }] });
  const { spans } = await ask({ fromMs: nowMs - 24 * hour });
  expect(spans).toMatchObject([{ at: thisMinute, ms: 5 * minute, messages: 90 }]);
  const later = await ask({ fromMs: nowMs - 24 * hour, toMs: thisMinute - minute });
  expect(later.spans).toMatchObject([{ at: thisMinute - minute, ms: 4 * minute, messages: 90 }]);
});

test('a span that ended long ago is told from the store, however short', async () => {
  const at = thisMinute - 5 * hour;
  const { ask } = await setUp({ rows: [{ at, messages: 7 }], steps: [stepAt(nowMs)] });
  const found = await ask({ fromMs: at - 10 * minute, toMs: at + 10 * minute });
  expect(found).toMatchObject({ stepMs: minute, spans: [{ at: at + minute, ms: minute, messages: 7, users: 2 }] });
});

const seen = (count: number) => ({ mayPush: count, pushEnds: new Map([['cancelled_acked', count]]) });

test('what became of pushes is summed over memory and store, from when it was counted', async () => {
  const at = thisMinute - 3 * minute;
  const muted = { mayPush: 4, pushEnds: [{ name: 'muted', count: 1 }] };
  const { ask } = await setUp({
    rows: [
      { at: at - minute, messages: 1 },
      { at, messages: 1, ...muted },
    ],
    steps: [stepAt(thisMinute - minute, seen(2)), stepAt(thisMinute, seen(1))],
  });
  const ends = [
    { name: 'cancelled_acked', count: 3 },
    { name: 'muted', count: 1 },
  ];
  expect((await ask({ fromMs: nowMs - hour })).pushes).toEqual({ mayPush: 7, ends, sinceMs: at });
  // A day is told from the store.
  const ofDay = { mayPush: 4, ends: [{ name: 'muted', count: 1 }], sinceMs: at };
  expect((await ask({ fromMs: nowMs - 24 * hour })).pushes).toEqual(ofDay);
});

test('where nothing was counted of pushes there is no zero', async () => {
  const { ask } = await setUp({ rows: [{ at: thisMinute - 3 * minute, messages: 1 }] });
  expect((await ask({ fromMs: nowMs - hour })).pushes).toBeUndefined();
  expect((await ask({ fromMs: nowMs - 24 * hour })).pushes).toBeUndefined();
});
