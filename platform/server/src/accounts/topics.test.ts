import { expect, test } from 'vitest';
import { sampleApp } from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { sampleAccount } from '../../test/contracts/stores/accounts.contract.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../ports/app-id.ts';
import { Members } from './members.ts';
import { ConsoleTopics } from './topics.ts';

const views = {
  appFor: async (id: string, account: string) =>
    new Map([
      ['annas anna', 'demo'],
      ['eves anna', 'none'],
    ]).get(`${id} ${account}`),
};

async function begin() {
  const stores = createMemoryStores();
  const members = new Members({ store: stores.teams, clock: createVirtualClock() });
  await stores.accounts.put(sampleAccount({ id: 'op', operator: true }), 0);
  await stores.accounts.put(sampleAccount({ id: 'anna' }), 0);
  await members.join('clinic', { account: 'anna', role: 'viewer', by: 'x' });
  await members.join('other', { account: 'eve', role: 'owner', by: 'x' });
  await stores.tenancy.putApp(sampleApp({ app: asAppId('demo'), tenantId: 'clinic' }), 0);
  return new ConsoleTopics({ accounts: stores.accounts, members, findApp: (key) => stores.tenancy.app(key), views });
}

/** Who may hear each topic: of an account that is in the tenant, of one that is in another, of an operator. */
test.each<[topic: string, anna: boolean, eve: boolean, op: boolean]>([
  ['stats.demo', true, false, false],
  ['rollout.demo', true, false, false],
  ['changes.clinic', true, false, false],
  ['alerts.clinic', true, false, false],
  ['changes.other', false, true, false],
  ['nodes', false, false, true],
  ['nodes.x', false, false, false],
  ['stats', false, false, false],
  ['stats.', false, false, false],
  ['stats.none', false, false, false],
  ['stats.belfry-console', false, false, false],
  ['changes.', false, false, false],
  ['view.annas', true, false, false],
  // Of an app that is another tenant's.
  ['view.eves', false, false, false],
  ['view.1', false, false, false],
  ['frames.1', false, false, false],
  ['journey.demo.1', true, false, false],
  ['journey.none.1', false, false, false],
  ['conversation.demo.x', true, false, false],
  ['conversation.none.x', false, false, false],
  ['conversation.demo', false, false, false],
  ['conversations.demo', true, false, false],
  ['conversations.none', false, false, false],
  ['journey.demo', false, false, false],
  ['journey.1', false, false, false],
  ['job.1', false, false, false],
  ['constructor.clinic', false, false, false],
  ['', false, false, false],
])('%j is heard by the members of its tenant alone', async (topic, anna, eve, op) => {
  const topics = await begin();
  const heard = await Promise.all(['acc:anna', 'acc:eve', 'acc:op'].map((user) => topics.mayHear(user, topic)));
  expect(heard).toEqual([anna, eve, op]);
  // A user of the app who is no account.
  expect(await topics.mayHear('anna', topic)).toBe(false);
});
