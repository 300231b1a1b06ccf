// A process with a queue on BullMQ that ends as kill -9 does, in the middle of one job that it adds itself, at the
// step that its arguments name: URL of Redis, queue, app, step, silence in ms after which it is taken for dead
// (default of the driver when left out). Tests of faults start it.

import { BullmqQueue } from '../../src/drivers/queue/bullmq/bullmq-queue.ts';
import { Lanes } from '../../src/drivers/queue/bullmq/lanes.ts';
import { Tickets } from '../../src/drivers/queue/bullmq/tickets.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { asAppId } from '../../src/ports/app-id.ts';
import { silentLog } from '../../src/ports/log.ts';

const [, , url = '', queue = '', app = '', step = '', silence] = process.argv;

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

const { take, record } = Lanes.prototype;
if (step === 'added, no ticket yet') Tickets.prototype.call = die;
Lanes.prototype.take = async function (...args) {
  const turns = await take.apply(this, args);
  return step === 'taken, not begun' && turns.jobs.some((job) => job !== undefined) ? die() : turns;
};
Lanes.prototype.record = async function (...args) {
  if (step === 'run, not recorded') await die();
  const left = await record.apply(this, args);
  return step === 'recorded, ticket still there' ? die() : left;
};

const jobs = new BullmqQueue({
  address: { url },
  node: 'killed',
  surroundings: { clock: createSystemClock(), log: silentLog },
  ...(silence !== undefined && { lockMs: Number(silence) }),
});
await jobs.connect();
await jobs.work(queue, { concurrency: 2, maxAttempts: 5 }, async () => {
  if (step === 'running') await die();
  return { done: true };
});
await jobs.add(queue, [{ id: 'a', app: asAppId(app), payload: null }]);
