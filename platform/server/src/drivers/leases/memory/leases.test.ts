// The memory driver keeps the contract of the leases.

import { leasesContract } from '../../../../test/contracts/leases.contract.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { MemoryLeases } from './memory-leases.ts';

leasesContract('memory', async () => {
  const clock = createVirtualClock();
  const leases = new MemoryLeases(clock);
  return { nodes: [leases, leases], pass: (ms) => clock.advance(ms), dispose: async () => undefined };
});
