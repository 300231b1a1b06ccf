import { expect, test, vi } from 'vitest';
import { Gathered, type GatheredOptions } from './gathered.ts';

test('questions of one turn are one call, with each key once', async () => {
  const calls: (readonly string[])[] = [];
  const gathered = new Gathered(async (keys: readonly string[]) => {
    calls.push(keys);
    return new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()]));
  });
  const answers = await Promise.all(['a', 'b', 'a', 'nobody'].map((key) => gathered.of(key)));
  expect(answers).toEqual(['A', 'B', 'A', undefined]);
  expect(calls).toEqual([['a', 'b', 'nobody']]);
});

test('many keys that are asked for together are part of the same call', async () => {
  const calls: (readonly string[])[] = [];
  const gathered = new Gathered(async (keys: readonly string[]) => {
    calls.push(keys);
    return new Map(keys.map((key) => [key, key.toUpperCase()]));
  });
  const [one, answers] = await Promise.all([gathered.of('a'), gathered.ofAll(['a', 'b'])]);
  expect([one, answers.get('a'), answers.get('b')]).toEqual(['A', 'A', 'B']);
  expect(calls).toEqual([['a', 'b']]);
});

test('a question that comes while a call is under way is asked anew', async () => {
  let calls = 0;
  const gathered = new Gathered(async (keys: readonly string[]) => {
    calls += 1;
    if (calls === 1) late = gathered.of('a');
    return new Map(keys.map((key) => [key, calls]));
  });
  let late: Promise<number | undefined> | undefined;
  expect(await gathered.of('a')).toBe(1);
  expect(await late).toBe(2);
});

test('a call that fails fails all its questions, and not the next', async () => {
  let isBroken = true;
  const gathered = new Gathered(async (keys: readonly string[]) => {
    if (isBroken) throw new Error('away');
    return new Map(keys.map((key) => [key, key]));
  });
  const ends = await Promise.allSettled([gathered.of('a'), gathered.of('b')]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  expect(await gathered.of('a')).toBe('a');
});

/** Each call waits until it is let go. */
function held(bounds: GatheredOptions) {
  const calls: { keys: readonly string[]; end: () => void }[] = [];
  const gathered = new Gathered(async (keys: readonly string[]) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    calls.push({ keys, end: () => resolve(undefined) });
    await promise;
    return new Map(keys.map((key) => [key, key]));
  }, bounds);
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
  return { gathered, calls, turn };
}

test('who asks while as many calls are under way as may be waits for one call with all who do', async () => {
  const onIdle = vi.fn();
  const { gathered, calls, turn } = held({ atOnce: 1, onIdle });
  const first = gathered.of('a');
  await turn();
  const others = [gathered.of('b')];
  await turn();
  others.push(gathered.of('c'), gathered.of('a'));
  await turn();
  expect(calls.map(({ keys }) => keys)).toEqual([['a']]);
  calls[0]?.end();
  expect(await first).toBe('a');
  await turn();
  expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'a']]);
  expect(onIdle).not.toHaveBeenCalled();
  calls[1]?.end();
  expect(await Promise.all(others)).toEqual(['b', 'c', 'a']);
  expect(onIdle).toHaveBeenCalledTimes(1);
});

test('a call that hangs holds up the next for a moment alone', async () => {
  const { gathered, calls } = held({ atOnce: 1 });
  void gathered.of('a');
  void gathered.of('b');
  await expect.poll(() => calls.length).toBe(1);
  const later = gathered.of('c');
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.end();
  expect(await later).toBe('c');
});

test('a call that fails gives its place to the next', async () => {
  let calls = 0;
  const ask = async (keys: readonly string[]) => {
    calls += 1;
    if (calls === 1) throw new Error('away');
    return new Map(keys.map((key) => [key, key]));
  };
  const gathered = new Gathered(ask, { atOnce: 1, mostKeys: 1 });
  const ends = await Promise.allSettled([gathered.of('a'), gathered.of('b')]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('a call has no more keys than it may have, but for one question about more', async () => {
  const { gathered, calls, turn } = held({ mostKeys: 3 });
  const all = Promise.all([
    ...['a', 'b'].map((key) => gathered.of(key)),
    gathered.ofAll(['c', 'd', 'e', 'f']),
    gathered.of('g'),
  ]);
  await turn();
  expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c', 'd', 'e', 'f'], ['g']]);
  for (const { end } of calls) end();
  expect((await all)[2]).toEqual(new Map(['c', 'd', 'e', 'f'].map((key) => [key, key])));
});
