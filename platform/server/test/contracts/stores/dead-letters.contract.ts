// The contract of the dead letters: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { DeadLetterRecord, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

export function deadLettersContract(stores: () => Stores): void {
  const letter = (id: string, diedAt: number, label?: string): DeadLetterRecord => ({
    ...{ id, diedAt, payload: { of: id, list: [1, null] }, error: `no ${id}` },
    ...(label === undefined ? {} : { label }),
  });
  const ids = (letters: readonly DeadLetterRecord[]): string[] => letters.map(({ id }) => id);

  describe('dead letters', () => {
    test('a letter is read back whole, by id and in the list', async () => {
      const app = newApp();
      const [labelled, plain] = [letter('a', 2, 'x'), letter('b', 1)];
      await stores().deadLetters.put(app, [labelled, plain]);
      expect(await stores().deadLetters.get(app, 'a')).toEqual(labelled);
      expect(await stores().deadLetters.get(app, 'b')).toEqual(plain);
      expect(await stores().deadLetters.get(app, 'c')).toBeUndefined();
      expect(await stores().deadLetters.list(app, { limit: 9 })).toEqual({ items: [labelled, plain] });
    });

    test('an id that is there is passed over, and costs the others of the call nothing', async () => {
      const app = newApp();
      await stores().deadLetters.put(app, [letter('a', 1, 'x')]);
      await stores().deadLetters.put(app, [letter('a', 5, 'y'), letter('b', 2)]);
      expect(await stores().deadLetters.get(app, 'a')).toEqual(letter('a', 1, 'x'));
      expect(await stores().deadLetters.count(app)).toBe(2);
    });

    test('dead letters are listed the latest first, page by page, also where several died at once', async () => {
      const app = newApp();
      await stores().deadLetters.put(app, [letter('b', 5), letter('d', 5), letter('old', 1), letter('c', 5)]);
      await stores().deadLetters.put(app, [letter('a', 9)]);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const { items, next } = await stores().deadLetters.list(app, { limit: 2, after });
        seen.push(...ids(items));
        after = next;
      } while (after !== undefined);
      expect(seen).toEqual(['a', 'd', 'c', 'b', 'old']);
    });

    test('a letter that dies while a list is read page by page is not met on the pages to come', async () => {
      const app = newApp();
      await stores().deadLetters.put(app, [letter('a', 1), letter('b', 2)]);
      const { next } = await stores().deadLetters.list(app, { limit: 1 });
      await stores().deadLetters.put(app, [letter('late', 3)]);
      expect(ids((await stores().deadLetters.list(app, { limit: 9, after: next })).items)).toEqual(['a']);
    });

    test('letters of one label are listed alone, page by page', async () => {
      const app = newApp();
      await stores().deadLetters.put(app, [
        letter('a', 1, 'x'),
        letter('b', 2),
        letter('c', 3, 'x'),
        letter('d', 4, 'y'),
      ]);
      const first = await stores().deadLetters.list(app, { limit: 1, label: 'x' });
      expect(ids(first.items)).toEqual(['c']);
      const second = await stores().deadLetters.list(app, { limit: 1, label: 'x', after: first.next });
      expect(second).toEqual({ items: [letter('a', 1, 'x')] });
    });

    test('of many that remove one letter at once exactly one gets true', async () => {
      const app = newApp();
      await stores().deadLetters.put(app, [letter('a', 1), letter('b', 2)]);
      const removals = Array.from({ length: 10 }, () => stores().deadLetters.remove(app, 'a'));
      expect((await Promise.all(removals)).filter(Boolean)).toHaveLength(1);
      expect(ids((await stores().deadLetters.list(app, { limit: 9 })).items)).toEqual(['b']);
    });

    test('letters that died before a moment are pruned, the oldest first, at most so many', async () => {
      const app = newApp();
      await stores().deadLetters.put(app, [letter('a', 3), letter('b', 1), letter('c', 2), letter('d', 4)]);
      expect(await stores().deadLetters.prune(app, 4, 2)).toBe(2);
      expect(ids((await stores().deadLetters.list(app, { limit: 9 })).items)).toEqual(['d', 'a']);
      expect(await stores().deadLetters.prune(app, 4, 9)).toBe(1);
      expect(await stores().deadLetters.prune(app, 4, 9)).toBe(0);
    });

    test('those above so many are trimmed, the oldest first, at most so many', async () => {
      const [app, other] = [newApp(), newApp()];
      await stores().deadLetters.put(app, [letter('a', 3), letter('b', 1), letter('c', 2), letter('d', 4)]);
      await stores().deadLetters.put(other, [letter('a', 1)]);
      expect(await stores().deadLetters.trim(app, 1, 2)).toBe(2);
      expect(ids((await stores().deadLetters.list(app, { limit: 9 })).items)).toEqual(['d', 'a']);
      expect(await stores().deadLetters.trim(app, 1, 9)).toBe(1);
      expect(await stores().deadLetters.trim(app, 1, 9)).toBe(0);
      expect(await stores().deadLetters.count(other)).toBe(1);
    });

    test('the total is that of all apps', async () => {
      const [one, two] = [newApp(), newApp()];
      const before = await stores().deadLetterTotal.count();
      await stores().deadLetters.put(one, [letter('a', 1)]);
      await stores().deadLetters.put(two, [letter('a', 1), letter('b', 1)]);
      expect(await stores().deadLetterTotal.count()).toBe(before + 3);
    });
  });
}
