// A new app of a tenant, made in the console from a template: its record, pages, kinds and first key. What a
// template holds: app-templates.ts.

import { appKeySchema, BelfryError } from '@belfry/protocol';
import { asAppId, reservedAppPrefix, type AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { KindStore, PageStore } from '../ports/stores/settings.ts';
import type { AppLimits, AppRecord } from '../ports/stores/tenancy.ts';
import type { ApiKeys } from './api-keys.ts';
import { defaultSettings } from './app-defaults.ts';
import { appTemplates } from './app-templates.ts';
import type { Apps } from './apps.ts';
import { putPolicy } from './provisioning/page-versions.ts';
import { newSigningSecret, sealSigningSecret } from './tokens/app-signing.ts';
import type { Vault } from './vault.ts';

export interface NewApp {
  tenantId: string;
  template: string;
  key: string;
  name: string;
  /** Name of the account, for the history of pages. */
  by: string;
}

export interface MadeApp {
  app: AppId;
  /** Shown once; only its hash is kept. */
  apiKey: string;
  kid: string;
}

export interface AppMakerDeps {
  apps: Pick<Apps, 'list' | 'put'>;
  apiKeys: Pick<ApiKeys, 'create'>;
  pages: PageStore;
  kinds: Pick<KindStore, 'put'>;
  vault: Pick<Vault, 'seal'>;
  clock: Pick<Clock, 'now'>;
  limits: AppLimits;
}

/** Of a tenant. */
const maxApps = 1000;
const firstKeyId = 'default';

export class AppMaker {
  readonly #deps: AppMakerDeps;

  constructor(deps: AppMakerDeps) {
    this.#deps = deps;
  }

  /** Throws `invalid_body` for a key that no app can have, and `conflict` for one that is taken. */
  async make({ tenantId, template: id, key, name, by }: NewApp): Promise<MadeApp> {
    const { apps, apiKeys, pages, kinds, vault, clock, limits } = this.#deps;
    const template = appTemplates.find((each) => each.id === id);
    if (template === undefined) throw invalid('template', 'There is no such template.');
    const app = checkedKey(key);
    if ((await apps.list(tenantId)).length >= maxApps) {
      throw new BelfryError('too_many', { message: `A tenant has at most ${maxApps} apps.` });
    }
    const now = clock.now();
    const signing = sealSigningSecret(app, newSigningSecret(), { vault, createdAt: now });
    const record: AppRecord = {
      ...{ app, tenantId, name, disabled: false, allowedOrigins: ['*'], signingSecrets: [signing], limits },
      settings: { ...defaultSettings, ...template.settings },
      ...{ managed: false, createdAt: now, updatedAt: now, updatedBy: by },
    };
    await apps.put(record, 0).catch((error: unknown) => {
      if (!(error instanceof BelfryError && error.code === 'conflict')) throw error;
      throw new BelfryError('conflict', { message: 'There is an app with this key already.', path: ['key'] });
    });
    for (const input of template.pages) await putPolicy(pages, app, { input, by, atMs: now, via: 'console' });
    for (const kind of template.kinds) await kinds.put(app, kind, 0);
    const { key: apiKey } = await apiKeys.create(app, { id: firstKeyId, scopes: ['*'] });
    return { app, apiKey, kid: signing.kid };
  }
}

function checkedKey(key: string): AppId {
  if (!appKeySchema.safeParse(key).success) throw invalid('key', 'It has not the form of an app key.');
  if (key.startsWith(reservedAppPrefix))
    throw invalid('key', `Keys that begin with ${reservedAppPrefix} are reserved.`);
  return asAppId(key);
}

function invalid(field: string, message: string): BelfryError {
  return new BelfryError('invalid_body', { message, path: [field] });
}
