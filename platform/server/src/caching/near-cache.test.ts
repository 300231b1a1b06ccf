// The life of values in a near cache: how long they are kept, who shares a load, and what a change does to
// them.

import { describe, expect, test } from 'vitest';
import { newApp } from '../../test/support/samples.ts';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { controlTopic } from './control-topic.ts';
import { keptForGood, NearCache, type NearCacheOptions } from './near-cache.ts';

function setUp(options: Partial<NearCacheOptions<string | undefined>> = {}) {
  const clock = createVirtualClock();
  const cache = new NearCache<string | undefined>({ clock, maxAgeMs: 1000, maxSize: 10, ...options });
  const loads: PromiseWithResolvers<string | undefined>[] = [];
  const load = (): Promise<string | undefined> => {
    const made = Promise.withResolvers<string | undefined>();
    loads.push(made);
    return made.promise;
  };
  let answers = 0;
  /** A load that answers at once, another text each time. */
  const loadNow = (): Promise<string> => Promise.resolve(`answer ${(answers += 1)}`);
  return { clock, cache, loads, load, loadNow, key: 'k' };
}

describe('a loaded value', () => {
  test('is kept up to its age, counted from the begin of its load', async () => {
    const { clock, cache, loads, load, key } = setUp();
    const got = cache.get(key, load);
    await clock.advance(400);
    loads[0]?.resolve('one');
    expect(await got).toBe('one');
    await clock.advance(599);
    expect([cache.peek(key), await cache.get(key, load)]).toEqual(['one', 'one']);
    await clock.advance(1);
    expect(cache.peek(key)).toBeUndefined();
    void cache.get(key, load);
    expect(loads).toHaveLength(2);
  });

  test('is loaded once for all who ask meanwhile', async () => {
    const { cache, loads, load, key } = setUp();
    const all = [cache.get(key, load), cache.get(key, load), cache.get(key, load)];
    loads[0]?.resolve('one');
    expect(await Promise.all(all)).toEqual(['one', 'one', 'one']);
    expect(loads).toHaveLength(1);
  });

  test('may have an age of its own, none, or one without end; an absence is a value too', async () => {
    const ages: Record<string, number> = { none: 0, good: keptForGood };
    const { clock, cache } = setUp({ maxAgeMs: (value) => (value === undefined ? 100 : (ages[value] ?? 1000)) });
    const put = (key: string, value: string | undefined) => cache.get(key, () => Promise.resolve(value));
    let asked = 0;
    const isKept = async (key: string): Promise<boolean> => {
      const before = asked;
      await cache.get(key, () => ((asked += 1), Promise.resolve('other')));
      return asked === before;
    };
    await Promise.all([put('n', 'none'), put('g', 'good'), put('u', undefined)]);
    expect(await isKept('n')).toBe(false);
    await clock.advance(99);
    expect(await isKept('u')).toBe(true);
    await clock.advance(1);
    expect(await isKept('u')).toBe(false);
    await clock.advance(1_000_000_000);
    expect(await isKept('g')).toBe(true);
  });

  test('goes when there is no room, the one that was unused for longest first', async () => {
    const { cache } = setUp({ sizeOf: (value) => value?.length ?? 1 });
    for (const [key, value] of [
      ['a', 'xxxx'],
      ['b', 'xxxx'],
      ['a', ''],
      ['c', 'xxxx'],
    ] as const)
      await cache.get(key, () => Promise.resolve(value));
    expect(['a', 'b', 'c'].map((key) => cache.peek(key) !== undefined)).toEqual([true, false, true]);
  });
});

describe('a load that fails', () => {
  test('is a failure for all who wait for it, and the next who asks loads again', async () => {
    const { cache, loads, load, loadNow, key } = setUp();
    const all = [cache.get(key, load), cache.get(key, load)];
    loads[0]?.reject(new Error('away'));
    for (const each of all) await expect(each).rejects.toThrow('away');
    expect(await cache.get(key, loadNow)).toBe('answer 1');
  });
});

describe('a refresh', () => {
  test('loads although a young value is kept', async () => {
    const { cache, loadNow, key } = setUp();
    await cache.get(key, loadNow);
    expect(await cache.refresh(key, loadNow)).toBe('answer 2');
    expect(cache.peek(key)).toBe('answer 2');
  });

  test('begins after the load under way, once for all who asked meanwhile, also when that one fails', async () => {
    for (const end of ['resolve', 'reject'] as const) {
      const { cache, loads, load, key } = setUp();
      const early = cache.get(key, load).catch(() => 'failed');
      const all = [cache.refresh(key, load), cache.refresh(key, load)];
      await Promise.resolve();
      expect(loads).toHaveLength(1);
      if (end === 'resolve') loads[0]?.resolve('old');
      else loads[0]?.reject(new Error('away'));
      await early;
      await new Promise((resolve) => void setImmediate(resolve));
      loads[1]?.resolve('new');
      expect(await Promise.all(all)).toEqual(['new', 'new']);
      expect([loads.length, cache.peek(key)]).toEqual([2, 'new']);
    }
  });

  test('lets the value of before be seen until it has succeeded, where that is wanted, and is given it', async () => {
    const { cache, loads, load, loadNow, key } = setUp({ isKeptWhileRefreshed: true, maxAgeMs: keptForGood });
    await cache.get(key, loadNow);
    let before: string | undefined;
    const fails = cache.refresh(key, (value) => ((before = value), load()));
    expect([await cache.get(key, load), cache.peek(key), before]).toEqual(['answer 1', 'answer 1', 'answer 1']);
    loads[0]?.reject(new Error('away'));
    await expect(fails).rejects.toThrow('away');
    expect(await cache.get(key, load)).toBe('answer 1');
    expect(loads).toHaveLength(1);
  });
});

describe('a drop', () => {
  test('during a load gives those who wait the earlier value, which is neither kept nor shared from then on', async () => {
    const { cache, loads, load, key } = setUp();
    for (const drop of [() => cache.drop(key), () => cache.dropWhere(() => false)]) {
      loads.length = 0;
      const early = cache.get(key, load);
      drop();
      const late = cache.get(key, load);
      loads[0]?.resolve('old');
      expect(await early).toBe('old');
      expect(cache.peek(key)).toBeUndefined();
      loads[1]?.resolve('new');
      expect([await late, cache.peek(key)]).toEqual(['new', 'new']);
      cache.drop(key);
    }
  });

  test('of the values that a test says yes to leaves the others', async () => {
    const { cache } = setUp();
    for (const key of ['a', 'b']) await cache.get(key, () => Promise.resolve(key));
    await new Promise((resolve) => void setImmediate(resolve));
    cache.dropWhere((value) => value === 'a');
    expect([cache.peek('a'), cache.peek('b')]).toEqual([undefined, 'b']);
  });

  test('in the moment in which the answer is about to be kept is not lost', async () => {
    // Some microtasks lie between the end of the load and the keeping of its answer.
    for (let turns = 0; turns < 8; turns += 1) {
      const { cache, loads, load, key } = setUp();
      const got = cache.get(key, load);
      loads[0]?.resolve('old');
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      cache.dropWhere((value) => value === 'old');
      await got;
      expect(cache.peek(key)).toBeUndefined();
    }
  });
});

describe('many values', () => {
  const people = new Map([
    ['alice', 'A'],
    ['bob', 'B'],
  ]);
  const many =
    (cache: NearCache<string | undefined>, calls: string[][], during: () => void = () => {}) =>
    (ids: string[]) =>
      cache.getMany(ids, {
        keyOf: (id) => `app ${id}`,
        load: async (unknown) => {
          calls.push([...unknown]);
          during();
          return new Map([...people].filter(([id]) => unknown.includes(id)));
        },
        absent: undefined,
      });

  test('are loaded by one call, kept ones and known absences not again', async () => {
    const { clock, cache } = setUp();
    const calls: string[][] = [];
    const get = many(cache, calls);
    expect(await get(['alice', 'nobody'])).toEqual(new Map([['alice', 'A']]));
    expect(await get(['alice', 'bob', 'nobody'])).toEqual(people);
    expect(calls).toEqual([['alice', 'nobody'], ['bob']]);
    await clock.advance(1000);
    await get(['alice']);
    expect(calls).toHaveLength(3);
  });

  test('are not kept when they were read across a change', async () => {
    const { cache } = setUp();
    const calls: string[][] = [];
    await many(cache, calls, () => cache.drop('app somebody'))(['alice']);
    await many(cache, calls)(['alice']);
    expect(calls).toHaveLength(2);
  });
});

test('what many asked for while values were dropped is not kept, though none was there to drop', async () => {
  const cache = new NearCache<string>({ clock: createVirtualClock(), maxAgeMs: 1000, maxSize: 10 });
  const load = async (ids: readonly string[]) => {
    cache.dropWhere(() => true);
    return new Map(ids.map((id) => [id, id]));
  };
  await cache.getMany(['alice'], { keyOf: (id) => id, load, absent: '' });
  expect(cache.peek('alice')).toBeUndefined();
});

describe('a change', () => {
  const cacheOf = (bus: ReturnType<TestBusHub['connect']>, clock = createVirtualClock()) =>
    new NearCache({
      ...{ clock, maxAgeMs: 1000, maxSize: 10 },
      changes: { topic: controlTopic(bus, 'devices_changed'), keyOf: ({ app, userId }) => `${app} ${userId}` },
    });

  test('drops the value here and on the other nodes, and is reported to those who listen there', async () => {
    const hub = new TestBusHub();
    const [here, there] = [cacheOf(hub.connect('a')), cacheOf(hub.connect('b'))];
    const app = newApp();
    const heard: unknown[] = [];
    for (const cache of [here, there]) {
      cache.onHeard(({ userId }) => heard.push([cache === here ? 'here' : 'there', userId]));
      for (const userId of ['alice', 'bob']) await cache.get(`${app} ${userId}`, () => Promise.resolve(userId));
    }
    await here.changed({ app, userId: 'alice' });
    await new Promise((resolve) => void setImmediate(resolve));
    for (const cache of [here, there])
      expect(['alice', 'bob'].map((userId) => cache.peek(`${app} ${userId}`))).toEqual([undefined, 'bob']);
    expect(heard).toEqual([['there', 'alice']]);
  });

  test('counts here although the bus is away', async () => {
    const hub = new TestBusHub();
    const cache = cacheOf(hub.connect('a'));
    const app = newApp();
    await cache.get(`${app} alice`, () => Promise.resolve('alice'));
    hub.down();
    await cache.changed({ app, userId: 'alice' });
    expect(cache.peek(`${app} alice`)).toBeUndefined();
  });
});
