import { expect, test } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import { GatheredByApp } from './gathered-by-app.ts';

const [one, other] = [asAppId('one'), asAppId('other')];

test('questions of one turn are one call for each app, and one that fails fails those of its app alone', async () => {
  const calls: (readonly string[])[] = [];
  const gathered = new GatheredByApp(async (app, keys: readonly string[]) => {
    calls.push([app, ...keys]);
    if (app === other) throw new Error('away');
    return new Map(keys.map((key) => [key, `${key} of ${app}`]));
  });
  const ends = await Promise.allSettled([gathered.of(one, 'a'), gathered.of(other, 'a'), gathered.of(one, 'b')]);
  expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : undefined))).toEqual([
    'a of one',
    undefined,
    'b of one',
  ]);
  expect(calls).toEqual([
    ['one', 'a', 'b'],
    ['other', 'a'],
  ]);
});

test('a question that comes while a call of its app is under way is asked anew', async () => {
  let calls = 0;
  const gathered = new GatheredByApp(async (_app, keys: readonly string[]) => {
    calls += 1;
    if (calls === 1) late = gathered.ofAll(one, ['a']);
    return new Map(keys.map((key) => [key, calls]));
  });
  let late: Promise<ReadonlyMap<string, number>> | undefined;
  expect(await gathered.of(one, 'a')).toBe(1);
  expect(await late).toEqual(new Map([['a', 2]]));
});
