// The hooks of an app: made, changed, rotated, taken away, found by the id in a URL. Nothing of what comes in
// by them: inbound.ts.

import { newWebhookSecret } from '@belfry/plugin-kit';
import { BelfryError, notFound, type Hook, type HookAnswer } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { HookDeliveryStore, HookDirectory, HookRecord, HookStore } from '../ports/stores/index.ts';
import type { Vault } from '../tenancy/vault.ts';
import { isSecretInUse, openHookSecrets, sealHookSecret } from './hook-secrets.ts';
import type { Mapper } from './mapping/mapper.ts';

export interface HookInput {
  mapping: string;
  enabled?: boolean | undefined;
  secret?: string | undefined;
}

export interface HookRecordDeps {
  stores: {
    hooks: HookStore;
    hookDirectory: HookDirectory;
    hookDeliveries: Pick<HookDeliveryStore, 'removeOf'>;
  };
  vault: Pick<Vault, 'seal' | 'open'>;
  mapper: Pick<Mapper, 'check'>;
  clock: Pick<Clock, 'now'>;
  /** Hooks of one app. */
  perApp: number;
}

/**
 * Each is one more HMAC of every webhook. With more rotations under way at once than that, the oldest secrets
 * go.
 */
const maxSecrets = 4;
const deletesAtOnce = 500;

export class HookRecords {
  readonly #stores: HookRecordDeps['stores'];
  readonly #vault: HookRecordDeps['vault'];
  readonly #mapper: HookRecordDeps['mapper'];
  readonly #clock: HookRecordDeps['clock'];
  readonly #perApp: number;

  constructor({ stores, vault, mapper, clock, perApp }: HookRecordDeps) {
    this.#stores = stores;
    this.#vault = vault;
    this.#mapper = mapper;
    this.#clock = clock;
    this.#perApp = perApp;
  }

  async list(app: AppId): Promise<readonly Hook[]> {
    return (await this.#stores.hooks.list(app)).map((hook) => this.#view(hook));
  }

  /** Throws `not_found`. */
  async get(app: AppId, id: string): Promise<Hook> {
    return this.#view(await this.record(app, id));
  }

  /** As it is stored. Throws `not_found`. */
  async record(app: AppId, id: string): Promise<HookRecord> {
    const hook = await this.#stores.hooks.get(app, id);
    if (hook === undefined) throw notFound('webhook');
    return hook;
  }

  /**
   * Makes it or changes it. Throws `invalid_body` for a mapping that does not compile, or a secret for one
   * that is there; `managed_by_file`; `conflict` for an id that another app has, or when somebody else was
   * faster; `too_many`.
   */
  async put(app: AppId, id: string, input: HookInput): Promise<HookAnswer & { created: boolean }> {
    const before = await this.#stores.hooks.get(app, id);
    if (before?.managed === true) throw new BelfryError('managed_by_file');
    if (before !== undefined && input.secret !== undefined) {
      throw new BelfryError('invalid_body', { message: 'It has a secret; rotate to change it.', path: ['secret'] });
    }
    const mistake = await this.#mapper.check(app, input.mapping);
    if (mistake !== undefined) throw new BelfryError('invalid_body', { message: mistake, path: ['mapping'] });
    if (before === undefined) return { ...(await this.#make(app, id, input)), created: true };
    const { mapping, enabled = before.enabled } = input;
    const hook = { ...before, version: before.version + 1, mapping, enabled, updatedAt: this.#clock.now() };
    await this.#store(app, hook);
    return { hook: this.#view(hook), created: false };
  }

  /**
   * A new secret, shown once; those before it verify for `overlapMs` more. Throws `not_found`,
   * `managed_by_file`, `conflict`.
   */
  async rotate(
    app: AppId,
    id: string,
    { overlapMs, secret = newWebhookSecret() }: { overlapMs: number; secret?: string | undefined },
  ): Promise<HookAnswer> {
    const before = await this.#changeable(app, id);
    const now = this.#clock.now();
    const newest = sealHookSecret(app, id, { secret, createdAt: now, vault: this.#vault });
    const older = before.secrets
      .map((each) => ({ ...each, expiresAt: Math.min(each.expiresAt ?? Number.MAX_SAFE_INTEGER, now + overlapMs) }))
      .filter((each) => isSecretInUse(each, now));
    const secrets = [newest, ...older].slice(0, maxSecrets);
    const hook = { ...before, version: before.version + 1, secrets, updatedAt: now };
    await this.#store(app, hook);
    return { hook: this.#view(hook), secret };
  }

  /** With its deliveries. Throws `not_found`, `managed_by_file`. */
  async remove(app: AppId, id: string): Promise<void> {
    const { hooks, hookDirectory, hookDeliveries } = this.#stores;
    await this.#changeable(app, id);
    if (!(await hooks.remove(app, id))) throw notFound('webhook');
    await hookDirectory.release(id, app);
    for (let gone = deletesAtOnce; gone === deletesAtOnce;) {
      gone = await hookDeliveries.removeOf(app, id, deletesAtOnce);
    }
  }

  /** For the intake, by the id alone. */
  async find(id: string): Promise<{ app: AppId; hook: HookRecord } | undefined> {
    const app = await this.#stores.hookDirectory.appOf(id);
    const hook = app === undefined ? undefined : await this.#stores.hooks.get(app, id);
    return app === undefined || hook === undefined ? undefined : { app, hook };
  }

  /** The secrets that verify now. */
  secretsOf(app: AppId, hook: HookRecord): string[] {
    return openHookSecrets(app, hook, { vault: this.#vault, nowMs: this.#clock.now() });
  }

  async #make(app: AppId, id: string, input: HookInput): Promise<HookAnswer> {
    const { hooks, hookDirectory } = this.#stores;
    if ((await hooks.list(app)).length >= this.#perApp) {
      throw new BelfryError('too_many', { message: `An app has at most ${this.#perApp} hooks.` });
    }
    if ((await hookDirectory.claim(id, app)) !== app) {
      throw new BelfryError('conflict', { message: 'This id is taken; ids of hooks are unique in the installation.' });
    }
    const secret = input.secret ?? newWebhookSecret();
    const now = this.#clock.now();
    const hook: HookRecord = {
      id,
      version: 1,
      mapping: input.mapping,
      enabled: input.enabled ?? true,
      managed: false,
      secrets: [sealHookSecret(app, id, { secret, createdAt: now, vault: this.#vault })],
      createdAt: now,
      updatedAt: now,
    };
    await this.#store(app, hook);
    return { hook: this.#view(hook), secret };
  }

  async #changeable(app: AppId, id: string): Promise<HookRecord> {
    const hook = await this.record(app, id);
    if (hook.managed) throw new BelfryError('managed_by_file');
    return hook;
  }

  async #store(app: AppId, hook: HookRecord): Promise<void> {
    if (await this.#stores.hooks.put(app, hook)) return;
    throw new BelfryError('conflict', { message: 'Somebody else changed this hook at the same moment.' });
  }

  #view(hook: HookRecord): Hook {
    return viewHook(hook, this.#clock.now());
  }
}

function viewHook({ id, mapping, enabled, managed, secrets, createdAt, updatedAt }: HookRecord, nowMs: number): Hook {
  return {
    id,
    path: `/hooks/${id}`,
    mapping,
    enabled,
    managed,
    secrets: secrets
      .filter((secret) => isSecretInUse(secret, nowMs))
      .map((each) => ({
        createdAt: iso(each.createdAt),
        ...(each.expiresAt === undefined ? {} : { expiresAt: iso(each.expiresAt) }),
      })),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
