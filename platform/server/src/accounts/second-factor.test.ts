import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { createVault } from '../tenancy/vault.ts';
import { Accounts } from './accounts.ts';
import { SecondFactors } from './second-factor.ts';

async function begin() {
  const clock = createVirtualClock();
  const accounts = new Accounts({ store: createMemoryStores().accounts, clock });
  const person = { email: 'anna@clinic.example', name: 'Anna', locale: 'en', passwordHash: 'h', operator: false };
  await accounts.make({ id: 'anna', ...person });
  const factors = new SecondFactors({ accounts, vault: createVault('a secret of the test'), clock });
  const uri = await factors.begin('anna');
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', period: 30, digits: 6 });
  const code = (steps = 0) => totp.generate({ timestamp: clock.now() + steps * 30_000 });
  return { clock, accounts, factors, uri, secret, code };
}

test('the address of the secret names the server and the account, and the secret is kept sealed', async () => {
  const { uri, secret, accounts } = await begin();
  expect(uri).toMatch(/^otpauth:\/\/totp\/Belfry:anna%40clinic\.example\?/);
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(JSON.stringify(await accounts.get('anna'))).not.toContain(secret);
});

test('a factor counts once a first code has proven it, and a code is good once', async () => {
  const { clock, factors, code } = await begin();
  expect(await factors.take('anna', code())).toBe(false);
  const wrong = code() === '000000' ? '000001' : '000000';
  await expect(factors.confirm('anna', wrong)).rejects.toMatchObject({ code: 'invalid_body', path: ['code'] });
  const first = code();
  expect(await factors.confirm('anna', first)).toHaveLength(10);
  expect(await factors.take('anna', first)).toBe(false);
  await clock.advance(30_000);
  const next = code();
  const taken = await Promise.all(Array.from({ length: 4 }, () => factors.take('anna', next)));
  expect(taken.filter(Boolean)).toHaveLength(1);
});

test('a code is good a step early and a step late, no more, and none that is older than one that was taken', async () => {
  const { clock, factors, code } = await begin();
  await factors.confirm('anna', code());
  await clock.advance(10 * 30_000);
  expect(await factors.take('anna', code(2))).toBe(false);
  expect(await factors.take('anna', code(-2))).toBe(false);
  expect(await factors.take('anna', code(-1))).toBe(true);
  expect(await factors.take('anna', code(1))).toBe(true);
  expect(await factors.take('anna', code(0))).toBe(false);
});

test('a recovery code is good once, however it is typed, and all go with the factor', async () => {
  const { factors, code, accounts } = await begin();
  const [one = '', two = ''] = await factors.confirm('anna', code());
  expect(one).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(await factors.takeRecovery('anna', one.toLowerCase().replaceAll('-', ' '))).toBe(true);
  expect(await factors.takeRecovery('anna', one)).toBe(false);
  await expect(factors.begin('anna')).rejects.toMatchObject({ code: 'conflict' });
  expect(await factors.remove('anna')).toBe(true);
  expect(await factors.takeRecovery('anna', two)).toBe(false);
  expect(await accounts.get('anna')).toMatchObject({ recoveryHashes: [] });
});
