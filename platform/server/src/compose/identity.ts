// Puts together how the edges know who somebody is: API keys, user tokens, sign-outs. What a known caller may
// do is the edges' business.

import type { Config } from '../config/config.ts';
import type { Egress } from '../egress/egress.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { createApiKeys, type ApiKeys } from '../tenancy/api-keys.ts';
import type { Apps } from '../tenancy/apps.ts';
import { keepProfiles } from '../tenancy/profiles.ts';
import { createSignOut, type SignOut } from '../tenancy/sign-out.ts';
import { KeySetCheck } from '../tenancy/tokens/key-set-check.ts';
import { KeySetFetches, keySetLimitMs } from '../tenancy/tokens/key-set-fetches.ts';
import { TokenReports } from '../tenancy/tokens/token-reports.ts';
import { Tokens } from '../tenancy/tokens/tokens.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';

export interface Identity {
  apiKeys: ApiKeys;
  signOut: SignOut;
  tokens: Tokens;
  /** For somebody who is about to name one. */
  keySets: KeySetCheck;
  /** Verifies a token and keeps the profile that stands in it. */
  verify: Tokens['verify'];
}

export function composeIdentity(deps: {
  engine: Engine;
  config: Config;
  surroundings: Surroundings;
  vault: Vault;
  egress: Egress;
  apps: Apps;
}): Identity {
  const { engine, config, surroundings, vault, egress, apps } = deps;
  const { stores, bus } = engine;
  const { clock, log, metrics } = surroundings;
  const { users } = stores;
  const signOut = createSignOut({ users, bus, clock });
  const keySets = new KeySetFetches({
    fetch: (url, signal) => fetchJwks(egress, url, signal),
    ...{ clock, metrics, limits: config.limits },
  });
  const tokens = new Tokens({
    ...{ apps, vault, users, clock, signOut },
    fetchJwks: (url) => keySets.fetch(url),
    reports: new TokenReports(surroundings),
    maxBytes: config.limits.tokenBytes,
  });
  return {
    apiKeys: createApiKeys({ store: stores.tenancy, bus, clock }),
    signOut,
    tokens,
    keySets: new KeySetCheck({ fetchJwks: (url) => keySets.fetch(url) }),
    verify: keepProfiles({ verify: (app, token) => tokens.verify(app, token), users, log }),
  };
}

/** Keys of an app's own issuer; the URL comes from the app's settings, never from a token. */
export async function fetchJwks(egress: Egress, url: string, signal?: AbortSignal): Promise<unknown> {
  const headers = { accept: 'application/json' };
  const response = await egress.fetch(url, { headers, limitMs: keySetLimitMs, ...(signal && { signal }) });
  if (!response.ok) throw new Error(`the key set was answered with ${response.status}`);
  return await response.json();
}
