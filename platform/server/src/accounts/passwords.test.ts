import { expect, test } from 'vitest';
import { silentMetrics } from '../../test/support/silent-metrics.ts';
import { Passwords } from './passwords.ts';

const passwords = () => new Passwords({ metrics: silentMetrics });

test('a password fits its own hash, however its letters are composed, and no other does', async () => {
  const hash = await passwords().hash('fünf Äpfel', 'a');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await passwords().verify('fünf Äpfel'.normalize('NFD'), hash, 'a')).toBe(true);
  expect(await passwords().verify('fünf Apfel', hash, 'a')).toBe(false);
  expect(await passwords().hash('fünf Äpfel', 'a')).not.toBe(hash);
});

test('a hash with other parameters is compared by its own', async () => {
  // RFC 9106, 5.3 without secret and data, made with another implementation: m=256 KiB, t=3, p=2.
  const other = await import('node:crypto').then(({ argon2Sync }) =>
    argon2Sync('argon2id', {
      message: 'old',
      nonce: 'sixteen byte salt',
      parallelism: 2,
      tagLength: 24,
      memory: 256,
      passes: 3,
    }),
  );
  const bare = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');
  const hash = `$argon2id$v=19$m=256,t=3,p=2$${bare(Buffer.from('sixteen byte salt'))}$${bare(other)}`;
  expect(await passwords().verify('old', hash, 'a')).toBe(true);
  expect(await passwords().verify('new', hash, 'a')).toBe(false);
});

test('without an account it is the same work as with one, and false', async () => {
  const all = passwords();
  const hash = await all.hash('a long password', 'a');
  const timed = async (given: string | undefined): Promise<number> => {
    const from = process.cpuUsage();
    expect(await all.verify('another password', given, 'a')).toBe(false);
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  // Of the processor's time, which the load of the machine does not change; in turns, and the least of each.
  const known: number[] = [];
  const unknown: number[] = [];
  for (let turn = 0; turn < 8; turn += 1) {
    known.push(await timed(hash));
    unknown.push(await timed(undefined));
  }
  const [a, b] = [Math.min(...known), Math.min(...unknown)];
  expect(Math.max(a, b) / Math.min(a, b)).toBeLessThan(1.5);
}, 30_000);

test('one address computes one at a time, beside which another gets its turn; too many are refused', async () => {
  const all = passwords();
  const ended: string[] = [];
  const greedy = Array.from({ length: 60 }, () =>
    all.hash('x', 'greedy').then(
      () => ended.push('greedy'),
      () => 'refused',
    ),
  );
  const other = all.hash('x', 'other').then(() => ended.push('other'));
  await other;
  expect(ended.length).toBeLessThanOrEqual(4);
  expect(await Promise.all(greedy)).toContain('refused');
}, 30_000);
