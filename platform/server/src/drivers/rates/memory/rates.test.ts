// The memory driver keeps the contract of the rates, and lets go of windows that are over.

import { expect, test } from 'vitest';
import { ratesContract } from '../../../../test/contracts/rates.contract.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { MemoryRates } from './memory-rates.ts';

ratesContract('memory', async () => {
  const clock = createVirtualClock();
  const rates = new MemoryRates(clock);
  return { nodes: [rates, rates], pass: (ms) => clock.advance(ms), dispose: async () => undefined };
});

test('windows that are over are forgotten as new ones begin, behind longer ones too', async () => {
  const clock = createVirtualClock();
  const rates = new MemoryRates(clock);
  await rates.take([{ key: 'long', limit: 1, perMs: 3_600_000 }]);
  for (let i = 0; i < 1000; i += 1) await rates.take([{ key: `old-${i}`, limit: 1, perMs: 1000 }]);
  await clock.advance(1001);
  for (let i = 0; i < 1000; i += 1) await rates.take([{ key: `new-${i}`, limit: 1, perMs: 1000 }]);
  expect(rates.size).toBe(1001);
});
