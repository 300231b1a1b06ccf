// The contract of kept answers: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { IdempotencyRequest, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

export function idempotencyContract(stores: () => Stores): void {
  const request = (given: Partial<IdempotencyRequest> = {}): IdempotencyRequest => ({
    key: 'k',
    bodyHash: 'h',
    token: 't1',
    nowMs: 1000,
    leaseMs: 100,
    keepMs: 10_000,
    ...given,
  });

  describe('idempotency', () => {
    test('of many that begin with one key at once exactly one may do it', async () => {
      const app = newApp();
      const begun = await Promise.all(
        Array.from({ length: 20 }, (_, i) => stores().idempotency.begin(app, request({ token: `t${i}` }))),
      );
      expect(begun.filter(({ state }) => state === 'mine')).toHaveLength(1);
      expect(begun.filter(({ state }) => state === 'in_progress')).toHaveLength(19);
    });

    test('a repetition gets the answer, whatever JSON it is', async () => {
      const app = newApp();
      const answers = [{ id: 'm1', list: [1] }, null, 'text', 0];
      for (const [index, answer] of answers.entries()) {
        const key = `k${index}`;
        expect(await stores().idempotency.begin(app, request({ key }))).toEqual({ state: 'mine', token: 't1' });
        await stores().idempotency.finish(app, key, answer);
        expect(await stores().idempotency.begin(app, request({ key, token: 't2' }))).toEqual({ state: 'done', answer });
      }
    });

    test('another body under the key is refused, before and after the answer', async () => {
      const app = newApp();
      await stores().idempotency.begin(app, request());
      expect(await stores().idempotency.begin(app, request({ bodyHash: 'other' }))).toEqual({ state: 'other_body' });
      await stores().idempotency.finish(app, 'k', 1);
      expect(await stores().idempotency.begin(app, request({ bodyHash: 'other' }))).toEqual({ state: 'other_body' });
    });

    test('a request that began and did not finish within the lease is redone under the first token, by one', async () => {
      const app = newApp();
      await stores().idempotency.begin(app, request());
      expect(await stores().idempotency.begin(app, request({ nowMs: 1099, token: 't2' }))).toEqual({
        state: 'in_progress',
      });
      const redo = await Promise.all(
        ['t3', 't4', 't5'].map((token) => stores().idempotency.begin(app, request({ nowMs: 1101, token }))),
      );
      expect(redo.filter(({ state }) => state === 'mine')).toEqual([{ state: 'mine', token: 't1' }]);
      expect(redo.filter(({ state }) => state === 'in_progress')).toHaveLength(2);
    });

    test('a request that began before the wall clock was set back holds its key no longer than the lease', async () => {
      const app = newApp();
      await stores().idempotency.begin(app, request({ nowMs: 3_600_000 }));
      expect(await stores().idempotency.begin(app, request({ nowMs: 3_599_950, token: 't2' }))).toEqual({
        state: 'in_progress',
      });
      expect(await stores().idempotency.begin(app, request({ nowMs: 1000, token: 't3' }))).toEqual({
        state: 'mine',
        token: 't1',
      });
    });

    test('after an abandonment the next may try under its own token; an answer is not abandoned', async () => {
      const app = newApp();
      await stores().idempotency.begin(app, request());
      await stores().idempotency.abandon(app, 'k');
      expect(await stores().idempotency.begin(app, request({ token: 't2' }))).toEqual({ state: 'mine', token: 't2' });
      await stores().idempotency.finish(app, 'k', 'answer');
      await stores().idempotency.abandon(app, 'k');
      expect(await stores().idempotency.begin(app, request())).toEqual({ state: 'done', answer: 'answer' });
    });

    test('the answer is forgotten when its time is over, counted from the first request', async () => {
      const app = newApp();
      await stores().idempotency.begin(app, request());
      await stores().idempotency.begin(app, request({ nowMs: 5000 }));
      await stores().idempotency.finish(app, 'k', 'answer');
      expect(await stores().idempotency.begin(app, request({ nowMs: 10_999 }))).toMatchObject({ state: 'done' });
      expect(await stores().idempotency.begin(app, request({ nowMs: 11_001, bodyHash: 'other', token: 't2' }))).toEqual(
        {
          state: 'mine',
          token: 't2',
        },
      );
    });

    test('pruning takes what is forgotten and nothing else', async () => {
      const app = newApp();
      await stores().idempotency.begin(app, request({ key: 'old' }));
      await stores().idempotency.begin(app, request({ key: 'new', nowMs: 9000 }));
      expect(await stores().idempotency.prune(app, 11_001)).toBe(1);
      expect(await stores().idempotency.begin(app, request({ key: 'new', nowMs: 9001 }))).toEqual({
        state: 'in_progress',
      });
    });
  });
}
