import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { Accounts } from './accounts.ts';
import { ConsoleSessions } from './console-sessions.ts';

const hourMs = 60 * 60_000;
const origin = { address: '10.0.0.9', agent: 'Chrome' };

async function begin() {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const accounts = new Accounts({ store: stores.accounts, clock });
  const person = { email: 'anna@clinic.example', name: 'Anna', locale: 'en', passwordHash: 'h', operator: false };
  const account = await accounts.make({ id: 'anna', ...person });
  if (account === undefined) throw new Error('no account');
  const sessions = new ConsoleSessions({
    ...{ secret: 'a secret of the test', store: stores.consoleSessions, accounts: stores.accounts, clock },
    ...{ idleMs: 8 * hourMs, maxMs: 24 * hourMs },
  });
  return { clock, stores, accounts, account, sessions };
}

test('a session is good as long as it is used, and no longer than it may be', async () => {
  const { clock, account, sessions, stores } = await begin();
  const { token, session } = await sessions.begin(account, origin);
  expect(JSON.stringify(await stores.consoleSessions.get(session.record.hash))).not.toContain(token);
  for (let hours = 7; hours < 24; hours += 7) {
    await clock.advance(7 * hourMs);
    expect(await sessions.find(token)).toBeDefined();
  }
  await clock.advance(3 * hourMs);
  expect(await sessions.find(token)).toBeUndefined();
  expect(await sessions.ofAccount('anna')).toEqual([]);
  const { token: idle } = await sessions.begin(account, origin);
  await clock.advance(8 * hourMs);
  expect(await sessions.find(idle)).toBeUndefined();
  expect(await sessions.find('x'.repeat(43))).toBeUndefined();
});

test('a confirmation is good for ten minutes', async () => {
  const { clock, account, sessions } = await begin();
  const { token } = await sessions.begin(account, origin);
  const check = async () => {
    const session = await sessions.find(token);
    if (session === undefined) throw new Error('no session');
    sessions.needConfirmed(session);
    return session;
  };
  await clock.advance(10 * 60_000 - 1);
  const session = await check();
  await clock.advance(1);
  await expect(check()).rejects.toMatchObject({ code: 'confirm_needed' });
  await sessions.confirm(session);
  await check();
});

test('the text against other pages is of one session alone', async () => {
  const { account, sessions } = await begin();
  const [one, two] = [await sessions.begin(account, origin), await sessions.begin(account, origin)];
  const text = sessions.csrfOf(one.session);
  expect(sessions.isCsrfOf(one.session, text)).toBe(true);
  expect(sessions.isCsrfOf(two.session, text)).toBe(false);
  expect(sessions.isCsrfOf(one.session, '')).toBe(false);
});

test('ending sessions is reported, and what changed of the account is seen at the next request', async () => {
  const { account, accounts, sessions } = await begin();
  const ended: string[] = [];
  sessions.onEnded((id) => ended.push(id));
  const [one, two] = [await sessions.begin(account, origin), await sessions.begin(account, origin)];
  await accounts.change('anna', (now) => ({ ...now, name: 'Anna Li' }));
  expect((await sessions.find(one.token))?.account.name).toBe('Anna Li');
  expect(await sessions.endOthers('anna', one.session.record.id)).toBe(1);
  expect(await sessions.find(two.token)).toBeUndefined();
  expect(await sessions.end('anna', 'none')).toBe(false);
  expect(ended).toEqual(['anna']);
});

test('an account has fifty sessions at most: the oldest go', async () => {
  const { clock, account, sessions } = await begin();
  const tokens: string[] = [];
  for (let count = 0; count < 51; count += 1) {
    tokens.push((await sessions.begin(account, origin)).token);
    await clock.advance(1);
  }
  expect(await sessions.ofAccount('anna')).toHaveLength(50);
  expect(await sessions.find(tokens[0] ?? '')).toBeUndefined();
  expect(await sessions.find(tokens[1] ?? '')).toBeDefined();
});
