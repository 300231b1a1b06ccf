// Belfries of one app that take each other's place, and others that do not.
import { expect, test } from 'vitest';
import { fakeBelfry, type FakeBelfry } from '../test/fake-belfry.ts';
import { provide } from './provided.ts';

let count = 0;
function pair(second?: string): [FakeBelfry, FakeBelfry] {
  count += 1;
  const of = (app: string): FakeBelfry => Object.assign(fakeBelfry(), { options: { app, url: 'http://belfry' } });
  return [of(`app-${count}`), of(second ?? `app-${count}`)];
}

test('one that no provider gives any more ends when another of its app begins', () => {
  const [before, after] = pair();
  provide(before)();
  expect(before.calls).toEqual(['start']);
  provide(after);
  expect(before.calls).toEqual(['start', 'stop']);
  expect(after.calls).toEqual(['start']);
});

test('one whose provider goes after the other has begun ends then', () => {
  const [before, after] = pair();
  const leave = provide(before);
  provide(after);
  expect(before.calls).toEqual(['start']);
  leave();
  expect(before.calls).toEqual(['start', 'stop']);
});

test('the same one again, as in strict mode, and one of another app end nothing', () => {
  const [one, other] = pair('another');
  provide(one)();
  provide(one);
  provide(other)();
  expect([...one.calls, ...other.calls]).not.toContain('stop');
});
