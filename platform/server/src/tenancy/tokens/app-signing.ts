// An app's HS256 secrets: made, named, sealed, opened. Verifying and signing tokens with them is tokens.ts.
import { createHash, randomBytes } from 'node:crypto';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import type { Vault } from '../vault.ts';

type SigningSecret = AppRecord['signingSecrets'][number];

/** RFC 7518, 3.2: an HS256 key is at least as long as the hash. Below it an operator is warned. */
export const fullSigningSecretBytes = 32;

/**
 * Refused below: 192 bits are beyond any search; a shorter secret is mostly a word somebody chose. See
 * docs/decisions/007-signing-secret-length.md.
 */
export const minSigningSecretBytes = 24;

export function newSigningSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function sealSigningSecret(
  app: string,
  secret: string,
  { vault, createdAt }: { vault: Pick<Vault, 'seal'>; createdAt: number },
): SigningSecret {
  const kid = kidOf(secret);
  return { kid, secret: vault.seal(secret, contextOf(app, kid)), createdAt };
}

/** @throws VaultError */
export function openSigningSecret(app: string, { kid, secret }: SigningSecret, vault: Pick<Vault, 'open'>): string {
  return vault.open(secret, contextOf(app, kid));
}

/**
 * The same secret always has the same name, so that tokens stay good when a provision file is applied to an
 * empty store. A token reveals no less about its secret than these 48 bits of a hash do: it can be tried
 * against guesses just as well.
 */
function kidOf(secret: string): string {
  return createHash('sha256').update(`belfry kid ${secret}`).digest('base64url').slice(0, 8);
}

function contextOf(app: string, kid: string): string {
  return `app:${app}:signing:${kid}`;
}
