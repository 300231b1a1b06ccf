import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVault, VaultError } from './vault.ts';

const vault = createVault('a secret of the installation');

test('a sealed text opens for the same context with the same secret', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, context) => {
      // Lone surrogates have no UTF-8 and are replaced; no secret has any.
      fc.pre(plain.isWellFormed());
      expect(createVault('a secret of the installation').open(vault.seal(plain, context), context)).toBe(plain);
    }),
  );
});

test('two seals of one text are different and hide it', () => {
  const first = vault.seal('hello hello hello', 'c');
  expect(vault.seal('hello hello hello', 'c')).not.toBe(first);
  expect(Buffer.from(first, 'base64').toString('latin1')).not.toContain('hello');
});

test('another context or another secret does not open it', () => {
  const sealed = vault.seal('plain', 'app:demo:signing:k1');
  expect(() => vault.open(sealed, 'app:other:signing:k1')).toThrow(VaultError);
  expect(() => createVault('another secret').open(sealed, 'app:demo:signing:k1')).toThrow(VaultError);
});

test('a change of any byte is noticed', () => {
  const sealed = Buffer.from(vault.seal('plain', 'c'), 'base64');
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => vault.open(changed.toString('base64'), 'c'), `byte ${index}`).toThrow(VaultError);
  }
  expect(() => vault.open('', 'c')).toThrow(VaultError);
  expect(() => vault.open(sealed.subarray(0, 20).toString('base64'), 'c')).toThrow(VaultError);
});
