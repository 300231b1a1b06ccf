// The contract of the rates: each driver must keep it.

import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Rate, RateAnswer, Rates } from '../../src/ports/rates.ts';

export interface RatesUnderTest {
  /** Two nodes of one installation. */
  nodes: readonly [Rates, Rates];
  /** Lets so much time pass for the windows: on a virtual clock, or by waiting. */
  pass(ms: number): Promise<void>;
  dispose(): Promise<void>;
}

export function ratesContract(driver: string, create: () => Promise<RatesUnderTest>): void {
  describe(`rates: ${driver}`, () => {
    let made: RatesUnderTest[] = [];
    const start = async (): Promise<RatesUnderTest> => {
      const one = await create();
      made.push(one);
      return one;
    };
    afterEach(async () => {
      for (const one of made) await one.dispose();
      made = [];
    });
    const rate = (limit: number, perMs = 60_000): Rate => ({ key: `rate-${randomUUID()}`, limit, perMs });
    const granted = (answers: readonly RateAnswer[]): number => answers.filter(({ ok }) => ok).length;

    test('as many as the limit are granted over all nodes, and the next gets the time at which its window ends', async () => {
      const { nodes, pass } = await start();
      const three = rate(3, 4000);
      const taken = await Promise.all(Array.from({ length: 10 }, (_, i) => nodes[i % 2 === 0 ? 0 : 1].take([three])));
      expect(granted(taken)).toBe(3);
      await pass(1000);
      const refused = await nodes[1].take([three]);
      expect(refused).toMatchObject({ ok: false, key: three.key });
      const { afterMs } = refused as Extract<RateAnswer, { ok: false }>;
      expect(afterMs).toBeGreaterThan(0);
      // A clock of whole milliseconds may be one behind.
      expect(afterMs).toBeLessThanOrEqual(3001);
      await pass(afterMs + 50);
      expect(await nodes[0].take([three])).toEqual({ ok: true });
    });

    test('keys do not mix', async () => {
      const { nodes } = await start();
      const [one, other] = [rate(1), rate(1)];
      await nodes[0].take([one]);
      expect(await nodes[0].take([other])).toEqual({ ok: true });
    });

    test('of several rates each is taken, or none when one of them is used up', async () => {
      const { nodes } = await start();
      const app = `push:${randomUUID()}`;
      const [wide, narrow] = [
        { ...rate(3), key: app },
        { ...rate(1), key: `${app}:narrow` },
      ];
      expect(await nodes[0].take([wide, narrow])).toEqual({ ok: true });
      expect(await nodes[1].take([wide, narrow])).toMatchObject({ ok: false, key: narrow.key });
      // The second take counted nothing: two are left of three.
      expect(granted([await nodes[0].take([wide]), await nodes[1].take([wide]), await nodes[0].take([wide])])).toBe(2);
    });

    test('a peek says what a take would, and takes nothing', async () => {
      const { nodes } = await start();
      const one = rate(1);
      expect(await nodes[0].peek([one])).toEqual({ ok: true });
      expect(await nodes[1].peek([one])).toEqual({ ok: true });
      await nodes[0].take([one]);
      expect(await nodes[1].peek([one])).toMatchObject({ ok: false, key: one.key });
    });

    test('a limit that was changed holds for the window that runs', async () => {
      const { nodes } = await start();
      const two = rate(2);
      await nodes[0].take([two]);
      await nodes[0].take([two]);
      expect(await nodes[1].take([{ ...two, limit: 3 }])).toEqual({ ok: true });
      expect(await nodes[1].take([{ ...two, limit: 2 }])).toMatchObject({ ok: false });
    });

    test('a limit of none grants none', async () => {
      const { nodes } = await start();
      const answer = await nodes[0].take([rate(0, 1000)]);
      expect(answer).toMatchObject({ ok: false, afterMs: expect.any(Number) });
    });
  });
}
