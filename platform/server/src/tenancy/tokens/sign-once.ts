// Signs or explains one user token outside of a running server, with what the command line found. A server
// uses tokens.ts directly, and so does this.
import { randomBytes } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import { asAppId } from '../../ports/app-id.ts';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import type { UserStore } from '../../ports/stores/users.ts';
import { defaultAppLimits, defaultSettings } from '../app-defaults.ts';
import { sealSigningSecret } from './app-signing.ts';
import { inspectToken, type TokenInspection } from './inspect-token.ts';
import { Tokens, type TokenClaims } from './tokens.ts';
import { createVault } from '../vault.ts';
import { VerificationKeys } from './verification-keys.ts';

/** An app as a file declares it, with its secret in the clear. */
export interface DeclaredApp {
  key: string;
  signingSecret?: string | undefined;
  jwksUrl?: string | undefined;
}

/** The same, or as it is stored with what opens it. */
export type SigningApp = DeclaredApp | { record: AppRecord; installationSecret: string };

export interface InspectingDeps {
  fetchJwks: (url: string) => Promise<unknown>;
  /** Knows who was signed out; nobody was when left out. */
  users?: Pick<UserStore, 'get'> | undefined;
}

/** @throws BelfryError as `Tokens.sign` */
export async function signOnce(app: SigningApp, claims: TokenClaims): Promise<{ token: string; expiresAt: string }> {
  const { record, tokens } = open(app, { fetchJwks: () => Promise.reject(new BelfryError('unavailable')) });
  return tokens.sign(record.app, claims);
}

export async function inspectOnce(app: SigningApp, token: string, deps: InspectingDeps): Promise<TokenInspection> {
  const { record, tokens, keys } = open(app, deps);
  return inspectToken(token, {
    ...{ record, keys, nowMs: Date.now() },
    verify: () => tokens.verify(record.app, token),
  });
}

function open(app: SigningApp, { fetchJwks, users }: InspectingDeps) {
  const { record, vaultSecret } =
    'record' in app ? { record: app.record, vaultSecret: app.installationSecret } : passing(app);
  // It is in no store that would have to count its changes.
  const found = { ...record, version: 0 };
  const deps = {
    apps: { find: async () => found, get: async () => found },
    vault: createVault(vaultSecret),
    users: users ?? { get: async () => new Map() },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    fetchJwks,
  };
  return { record: found, tokens: new Tokens(deps), keys: new VerificationKeys(deps) };
}

/** A record that lives as long as this call, under a key that does so too. */
function passing({ key, signingSecret, jwksUrl }: DeclaredApp): { record: AppRecord; vaultSecret: string } {
  const vaultSecret = randomBytes(32).toString('base64url');
  const app = asAppId(key);
  const record: AppRecord = {
    app,
    tenantId: '',
    name: key,
    disabled: false,
    allowedOrigins: [],
    signingSecrets:
      signingSecret === undefined
        ? []
        : [sealSigningSecret(key, signingSecret, { vault: createVault(vaultSecret), createdAt: 0 })],
    ...(jwksUrl === undefined ? {} : { jwksUrl }),
    settings: defaultSettings,
    limits: defaultAppLimits,
    managed: false,
    createdAt: 0,
    updatedAt: 0,
  };
  return { record, vaultSecret };
}
