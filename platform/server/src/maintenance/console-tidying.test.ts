import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { sampleAuditEntry } from '../../test/contracts/stores/audit.contract.ts';
import { sampleSession, sampleLink } from '../../test/contracts/stores/accounts.contract.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { silentLog } from '../ports/log.ts';
import { createConsoleTidying } from './console-tidying.ts';

const day = 24 * 60 * 60_000;

test('sessions and links go when they have expired, entries of the audit after 400 days', async () => {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const now = clock.now();
  let round: () => Promise<void> = async () => undefined;
  const tidying = createConsoleTidying({
    stores,
    queue: {
      every: async (_name, _everyMs, run) => {
        round = run;
        return { stop: async () => undefined };
      },
    },
    leases: new MemoryLeases(clock),
    surroundings: { clock, log: silentLog },
  });
  await tidying.start();
  const [over, live] = [sampleSession('anna', { expiresAt: now }), sampleSession('anna', { expiresAt: now + 1 })];
  for (const session of [over, live]) await stores.consoleSessions.put(session);
  const [used, good] = [sampleLink({ expiresAt: now }), sampleLink({ expiresAt: now + 1 })];
  for (const link of [used, good]) await stores.accountLinks.put(link);
  for (const at of [now - 400 * day - 1, now - 400 * day]) {
    await stores.audit.append(sampleAuditEntry('clinic', { id: uuidv7(), at }));
  }
  await round();
  expect(await stores.consoleSessions.ofAccount('anna')).toEqual([live]);
  expect([await stores.accountLinks.get(used.hash), await stores.accountLinks.get(good.hash)]).toEqual([
    undefined,
    good,
  ]);
  expect((await stores.audit.list('clinic', { limit: 9 })).items.map(({ at }) => at)).toEqual([now - 400 * day]);
  await tidying.stop();
});
