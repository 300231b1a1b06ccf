// How good a password is said to be.
import { expect, test } from 'vitest';
import { passwordStrength } from './password-strength.ts';

test.each([
  ['', 'short'],
  ['123456789', 'short'],
  ['aaaaaaaaaaaaaaaa', 'weak'],
  ['password12', 'weak'],
  ['abcdefghijklmnop', 'weak'],
  ['tr0ub4dor&3', 'fair'],
  ['correct horse battery staple', 'good'],
  ['钟楼里的猫头鹰在午夜唱歌给月亮听', 'good'],
])('%j is %s', (password, strength) => {
  expect(passwordStrength(password)).toBe(strength);
});
