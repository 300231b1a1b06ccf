// Signs one user token outside of a running server, with the secret that the command line found. A server
// signs with tokens.ts directly, and so does this.
import { randomBytes } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import { asAppId } from '../../ports/app-id.ts';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import { defaultAppLimits, defaultSettings } from '../app-defaults.ts';
import { sealSigningSecret } from './app-signing.ts';
import { Tokens, type TokenClaims } from './tokens.ts';
import { createVault } from '../vault.ts';

/** An app with its secret in the clear, or as it is stored with the vault that opens it. */
export type SigningApp = { key: string; signingSecret: string } | { record: AppRecord; installationSecret: string };

/** @throws BelfryError as `Tokens.sign` */
export async function signOnce(app: SigningApp, claims: TokenClaims): Promise<{ token: string; expiresAt: string }> {
  const { record, vaultSecret } =
    'record' in app ? { record: app.record, vaultSecret: app.installationSecret } : passing(app.key, app.signingSecret);
  // It is in no store that would have to count its changes.
  const found = { ...record, version: 0 };
  const tokens = new Tokens({
    apps: { find: async () => found, get: async () => found },
    vault: createVault(vaultSecret),
    users: { get: async () => new Map() },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    fetchJwks: () => Promise.reject(new BelfryError('unavailable')),
  });
  return tokens.sign(record.app, claims);
}

/** A record that lives as long as this call, under a key that does so too. */
function passing(key: string, signingSecret: string): { record: AppRecord; vaultSecret: string } {
  const vaultSecret = randomBytes(32).toString('base64url');
  const app = asAppId(key);
  const record: AppRecord = {
    app,
    tenantId: '',
    name: key,
    disabled: false,
    allowedOrigins: [],
    signingSecrets: [sealSigningSecret(key, signingSecret, { vault: createVault(vaultSecret), createdAt: 0 })],
    settings: defaultSettings,
    limits: defaultAppLimits,
    managed: false,
    createdAt: 0,
    updatedAt: 0,
  };
  return { record, vaultSecret };
}
