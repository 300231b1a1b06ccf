import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { silentMetrics } from '../../test/support/silent-metrics.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryRates } from '../drivers/rates/memory/memory-rates.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { Accounts } from './accounts.ts';
import { Members } from './members.ts';
import { Passwords } from './passwords.ts';
import { Setup, storedCodeKey } from './setup.ts';
import { SetupCode } from './setup-code.ts';

const person = { name: 'Anna', password: 'a long password', tenantName: 'Clinic', locale: 'en' };

function begin() {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const accounts = new Accounts({ store: stores.accounts, clock });
  const members = new Members({ store: stores.teams, clock });
  const passwords = new Passwords({ metrics: silentMetrics });
  const rates = new MemoryRates(clock);
  const { tenancy, installation } = stores;
  const node = () => {
    const code = new SetupCode();
    return { code, setup: new Setup({ accounts, members, tenancy, installation, passwords, rates, clock, code }) };
  };
  return { stores, accounts, members, node, clock };
}

test('of two nodes that are set up at once, each by its code, one makes the administrator', async () => {
  const { node, stores, members } = begin();
  const nodes = [node(), node()];
  const runs = nodes.map(({ setup, code }, at) =>
    setup.run({ ...person, email: `${at}@clinic.example`, code: code.text }, `address ${at}`),
  );
  const outcomes = await Promise.allSettled(runs);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'setup_done' } });
  expect((await stores.accounts.list({ limit: 9 })).items).toHaveLength(1);
  expect((await members.team('default')).members).toMatchObject([{ account: 'first', role: 'owner' }]);
  expect(await Promise.all(nodes.map(({ setup }) => setup.isNeeded()))).toEqual([false, false]);
});

test('a code is tried five times a minute from an address, and is right however it is typed', async () => {
  const { node } = begin();
  const { code, setup } = node();
  const email = 'anna@clinic.example';
  const wrong = () => setup.run({ ...person, email, code: 'K7QF-2M9D-XW4T-HB6R' }, 'a');
  for (let tries = 0; tries < 5; tries += 1) await expect(wrong()).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(wrong()).rejects.toMatchObject({ code: 'rate_limited' });
  const typed = code.text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  const { account } = await setup.run({ ...person, email, code: typed }, 'b');
  expect(account).toMatchObject({ id: 'first', operator: true, email });
  await expect(setup.run({ ...person, email, code: code.text }, 'b')).rejects.toMatchObject({ code: 'setup_done' });
});

test('the tenant of the first start is taken over by name, and others only where nobody is in', async () => {
  const { node, stores, members } = begin();
  const tenant = (id: string, managed = false) => ({ id, name: id, managed, createdAt: 1 });
  for (const each of [tenant('default'), tenant('file', true), tenant('taken')]) await stores.tenancy.putTenant(each);
  await members.join('taken', { account: 'bo', role: 'owner', by: 'Bo' });
  const { code, setup } = node();
  const { tenants } = await setup.run({ ...person, email: 'a@b.example', code: code.text }, 'a');
  expect(tenants).toEqual(['default', 'file']);
  expect(await stores.tenancy.tenant('default')).toMatchObject({ name: 'Clinic', createdAt: 1 });
  expect(await stores.tenancy.tenant('file')).toMatchObject({ name: 'file', managed: true });
});

test('a code that the terminal put into the store is good at every node, for an hour', async () => {
  const { node, stores, clock } = begin();
  const email = 'anna@clinic.example';
  const hash = createHash('sha256').update('K7QF2M9DXW4THB6R').digest('hex');
  const put = (expiresAt: number) => stores.installation.set(storedCodeKey, JSON.stringify({ hash, expiresAt }));
  const run = () => node().setup.run({ ...person, email, code: 'K7QF-2M9D-XW4T-HB6R' }, 'a');
  await put(clock.now());
  await expect(run()).rejects.toMatchObject({ code: 'unauthorized' });
  await put(clock.now() + 1);
  expect(await run()).toMatchObject({ account: { id: 'first' } });
});
