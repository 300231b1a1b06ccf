// Seals and opens the secrets that are kept in the stores. The key of it all comes from
// installation-secret.ts.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealed } from '../ports/stores/tenancy.ts';

/**
 * AES-256-GCM under a key derived from the installation's secret. The context names where the sealed text is
 * kept (`app:demo:signing:k1`), so that one moved to another place, by mistake or by somebody with access to
 * the store, does not open.
 */
export interface Vault {
  seal(plain: string, context: string): Sealed;
  /** @throws VaultError when it was sealed with another secret or for another context, or was changed */
  open(sealed: Sealed, context: string): string;
}

/** A sealed text that does not open. Says nothing about why: the cipher does not know. */
export class VaultError extends Error {
  constructor(message = 'The sealed text does not open: another secret, another place, or it was changed.') {
    super(message);
    this.name = 'VaultError';
  }
}

const version = 1;
/** NIST SP 800-38D: 96-bit nonces; random ones are good for 2^32 seals under one key. */
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + tagBytes;

export function createVault(secret: string): Vault {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', `belfry vault ${version}`, 32));

  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(additionalData(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body]).toString('base64');
    },

    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < headBytes || bytes[0] !== version) throw new VaultError();
      const nonce = bytes.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(additionalData(context));
      decipher.setAuthTag(bytes.subarray(1 + nonceBytes, headBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]).toString('utf8');
      } catch {
        throw new VaultError();
      }
    },
  };
}

/** The version byte is bound too, so that a later format can't be passed off as this one. */
function additionalData(context: string): Buffer {
  return Buffer.concat([Buffer.of(version), Buffer.from(context, 'utf8')]);
}
