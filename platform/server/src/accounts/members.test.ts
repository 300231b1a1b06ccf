import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { Members } from './members.ts';

const check = () => undefined;

function begin() {
  return new Members({ store: createMemoryStores().teams, clock: createVirtualClock() });
}

test('the last owner stays, also when two owners step down at the same moment', async () => {
  const members = begin();
  await members.found('clinic', { account: 'anna', by: 'Anna' });
  const [alone] = (await members.team('clinic')).members;
  expect(alone).toMatchObject({ account: 'anna', role: 'owner' });
  const stepDown = (account: string) => members.setRole('clinic', { account, role: 'admin', by: 'x', check });
  await expect(stepDown('anna')).rejects.toMatchObject({ code: 'conflict' });
  await expect(members.remove('clinic', { account: 'anna', check })).rejects.toMatchObject({ code: 'conflict' });
  await members.join('clinic', { account: 'bo', role: 'owner', by: 'Anna' });
  const outcomes = await Promise.allSettled([stepDown('anna'), members.remove('clinic', { account: 'bo', check })]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await members.team('clinic')).members.filter(({ role }) => role === 'owner')).toHaveLength(1);
});

test('of two who found a tenant one does', async () => {
  const members = begin();
  const founded = await Promise.all(['anna', 'bo'].map((account) => members.found('clinic', { account, by: 'x' })));
  expect(founded.filter(Boolean)).toHaveLength(1);
  expect((await members.team('clinic')).members).toHaveLength(1);
});

test('joining twice changes nothing, and a role that stays makes no version', async () => {
  const members = begin();
  await members.found('clinic', { account: 'anna', by: 'Anna' });
  await members.join('clinic', { account: 'bo', role: 'viewer', by: 'Anna' });
  expect(await members.join('clinic', { account: 'bo', role: 'admin', by: 'Anna' })).toMatchObject({ role: 'viewer' });
  const same = await members.setRole('clinic', { account: 'bo', role: 'viewer', by: 'x', check });
  expect(same.after).toMatchObject({ version: 1, changedBy: 'Anna' });
  const changed = await members.setRole('clinic', { account: 'bo', role: 'admin', by: 'Anna Li', check });
  expect(changed).toMatchObject({
    before: { role: 'viewer' },
    after: { role: 'admin', version: 2, changedBy: 'Anna Li' },
  });
  await expect(members.remove('clinic', { account: 'none', check })).rejects.toMatchObject({ code: 'not_found' });
});
