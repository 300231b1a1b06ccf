// The memory driver keeps the contract of the queue.

import { queueContract } from '../../../../test/contracts/queue.contract.ts';
import { queueEveryContract } from '../../../../test/contracts/queue-every.contract.ts';
import { queueSurvivalContract } from '../../../../test/contracts/queue-survival.contract.ts';
import { queueTurnsContract } from '../../../../test/contracts/queue-turns.contract.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createMemoryQueue } from './create-memory-queue.ts';
import { MemoryJobs } from './memory-jobs.ts';

const create = async () => {
  const clock = createVirtualClock();
  const kept = new MemoryJobs();
  const queue = createMemoryQueue({ clock, kept });
  const open = [queue];
  return {
    queue,
    pass: (ms: number) => clock.advance(ms),
    now: () => clock.monotonic(),
    jump: (ms: number) => clock.jump(ms),
    async kill() {
      queue.fail('*');
      const next = createMemoryQueue({ clock, kept });
      open.push(next);
      return next;
    },
    async dispose() {
      // A queue that was killed has handlers that never end; only the living one is closed.
      await open.at(-1)?.close();
    },
  };
};

queueContract('memory', create, { virtualTime: true });
queueEveryContract('memory', create);
queueTurnsContract('memory', create);
queueSurvivalContract('memory', create, { virtualTime: true });
