// What a node counted of an app is kept minute by minute: once, also over a stop, a new start and a store that is away.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { demo, RecordedLog } from '../test/sessions.fixture.ts';
import type { Figures } from './app-figures.ts';
import { FigureKeeping } from './figure-keeping.ts';

const minute = 60_000;
const whole = { fromMs: 0, toMs: 100 * minute, stepMs: minute, mostReasons: 10 };

function begin(stores = createMemoryStores()) {
  // In the middle of a minute.
  const clock = createVirtualClock(10 * minute + 30_000);
  const create = (source: string) =>
    new FigureKeeping({ store: stores.figures, source, surroundings: { clock, log: new RecordedLog() } });
  const keeping = create('a');
  keeping.start();
  const step = (of: Partial<Figures> = {}): Figures => ({
    ...{ at: clock.now(), connections: {}, users: 0, messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0 },
    ...{ reasons: new Map(), mayPush: 0, pushEnds: new Map(), ...of },
  });
  /** Steps of ten seconds, each with what is given. */
  const steps = async (count: number, of: Partial<Figures> = {}): Promise<void> => {
    for (let done = 0; done < count; done += 1) {
      await clock.advance(10_000);
      keeping.take(demo, step(of));
    }
  };
  const kept = async () => (await stores.figures.read(demo, whole)).steps;
  return { clock, stores, keeping, create, step, steps, kept };
}

test('the steps of a minute are one row, with who was there at its end', async () => {
  const { stores, keeping, steps, kept } = begin();
  await steps(3, { messages: 1, connections: { desktop: 2 }, users: 1 });
  await steps(5, {
    messages: 2,
    accepted: 1,
    connections: { desktop: 3, mobile: 1 },
    users: 4,
    reasons: new Map([['muted', 2]]),
    mayPush: 3,
    pushEnds: new Map([['cancelled_acked', 2]]),
  });
  await steps(1, { connections: { desktop: 5 }, users: 5 });
  await steps(1);
  await steps(8);
  const [first, second] = await kept();
  expect(first).toMatchObject({ at: 10 * minute, messages: 3, desktop: 2, mobile: 0, users: 1 });
  expect(second).toMatchObject({ at: 11 * minute, messages: 10, accepted: 5, desktop: 5, users: 5 });
  const { reasons, pushes } = await stores.figures.read(demo, whole);
  expect(reasons).toEqual([{ name: 'muted', count: 10 }]);
  const ends = [{ name: 'cancelled_acked', count: 10 }];
  expect(pushes).toEqual({ mayPush: 15, ends, sinceMs: 10 * minute });
  await keeping.stop();
});

test('after the last busy minute one more says that it is over, and then none is written', async () => {
  const { keeping, steps, kept } = begin();
  await steps(3, { messages: 1 });
  await steps(40);
  expect((await kept()).map(({ at, messages }) => [at / minute, messages])).toEqual([
    [10, 3],
    [11, 0],
  ]);
  await keeping.stop();
  expect(await kept()).toHaveLength(2);
});

test('a minute that a stop breaks off counts with what the next process counts of it', async () => {
  const { clock, keeping, create, step, steps, kept } = begin();
  await steps(1, { messages: 1 });
  await keeping.stop();
  const next = create('b');
  next.start();
  await clock.advance(10_000);
  next.take(demo, step({ messages: 4 }));
  await next.stop();
  expect(await kept()).toMatchObject([{ at: 10 * minute, messages: 5 }]);
});

test('what a store that is away did not take is written once when it is back', async () => {
  const { stores, keeping, steps, kept } = begin();
  stores.fail('figures.put');
  await steps(20, { messages: 1 });
  expect(await kept()).toEqual([]);
  stores.fail(undefined);
  await steps(2, { messages: 1 });
  expect((await kept()).map(({ messages }) => messages)).toEqual([3, 6, 6]);
  await keeping.stop();
  expect((await kept()).reduce((sum, { messages }) => sum + messages, 0)).toBe(22);
});

test('a gauge that could not be asked is left out, and not zero', async () => {
  const { keeping, steps, kept } = begin();
  await steps(3, { messages: 1, connections: undefined, users: undefined });
  await keeping.stop();
  expect(await kept()).toEqual([{ at: 10 * minute, messages: 3, events: 0, accepted: 0, failed: 0, withheld: 0 }]);
});
