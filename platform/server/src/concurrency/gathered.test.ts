import { expect, test } from 'vitest';
import { Gathered } from './gathered.ts';

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
