// The contract of the leases: each driver must keep it.

import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Leases } from '../../src/ports/leases.ts';

export interface LeasesUnderTest {
  /** Two nodes of one installation. */
  nodes: readonly [Leases, Leases];
  /** Lets so much time pass for the leases: on a virtual clock, or by waiting. */
  pass(ms: number): Promise<void>;
  dispose(): Promise<void>;
}

export function leasesContract(driver: string, create: () => Promise<LeasesUnderTest>): void {
  describe(`leases: ${driver}`, () => {
    let made: LeasesUnderTest[] = [];
    const start = async (): Promise<LeasesUnderTest & { name: string }> => {
      const one = await create();
      made.push(one);
      return { ...one, name: `lease-${randomUUID()}` };
    };
    afterEach(async () => {
      for (const one of made) await one.dispose();
      made = [];
    });

    // A lease that is to last has seconds of room: where time passes by itself, a busy machine takes some of
    // it.
    test('a name that is held is refused to every other holder, and another name is not', async () => {
      const { nodes, name } = await start();
      const [one, two] = nodes;
      expect(await one.acquire(name, 60_000)).toBeDefined();
      expect(await two.acquire(name, 60_000)).toBeUndefined();
      expect(await one.acquire(name, 60_000)).toBeUndefined();
      expect(await two.acquire(`${name}-other`, 60_000)).toBeDefined();
    });

    test('of many nodes that want a name at once exactly one gets it', async () => {
      const { nodes, name } = await start();
      const wanted = Array.from({ length: 20 }, (_, i) => nodes[i % 2 === 0 ? 0 : 1].acquire(name, 60_000));
      expect((await Promise.all(wanted)).filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test('a lease that is not renewed runs out, and its holder learns that it has lost it', async () => {
      const { nodes, name, pass } = await start();
      const [one, two] = nodes;
      const lost = await one.acquire(name, 3000);
      await pass(1000);
      expect(await two.acquire(name, 3000)).toBeUndefined();
      await pass(2100);
      const taken = await two.acquire(name, 60_000);
      expect(taken).toBeDefined();
      expect(await lost?.renew()).toBe(false);
      await lost?.release();
      expect(await one.acquire(name, 60_000)).toBeUndefined();
    });

    test('a lease that ran out is not renewed, even when nobody else took it', async () => {
      const { nodes, name, pass } = await start();
      const [one, two] = nodes;
      const lease = await one.acquire(name, 200);
      await pass(300);
      expect(await lease?.renew()).toBe(false);
      expect(await two.acquire(name, 200)).toBeDefined();
    });

    test('a lease that is renewed in time lasts', async () => {
      const { nodes, name, pass } = await start();
      const [one, two] = nodes;
      const lease = await one.acquire(name, 3000);
      for (let i = 0; i < 3; i += 1) {
        await pass(1100);
        expect(await lease?.renew()).toBe(true);
      }
      expect(await two.acquire(name, 3000)).toBeUndefined();
    });

    test('a lease that was released is free at once, and releasing it again takes it from nobody', async () => {
      const { nodes, name } = await start();
      const [one, two] = nodes;
      const first = await one.acquire(name, 60_000);
      await first?.release();
      expect(await two.acquire(name, 60_000)).toBeDefined();
      await first?.release();
      expect(await one.acquire(name, 60_000)).toBeUndefined();
    });
  });
}
