// Random texts that let somebody in, and the hashes that are kept of them. Whom one lets in is said by the
// records that hold the hash.

import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 256 bits: nothing to gain from a slow hash of it. */
export function newSecretText(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOfSecret(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Without I, L, O and U, which are mistaken for others. */
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Characters of Crockford's base 32 in groups of four, of 5 bits each. */
export function newCode(chars: number): string {
  const code = Array.from({ length: chars }, () => crockford[randomInt(crockford.length)]).join('');
  return code.replaceAll(/.{4}(?=.)/g, '$&-');
}

/** As it was made, whatever somebody typed of case, hyphens and look-alikes. */
export function normalCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0');
}
