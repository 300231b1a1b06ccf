// The hooks that a provision file names: checked, written, and given back when a later file does not name
// them. The file itself is tenancy's.

import type { AppId } from '../ports/app-id.ts';
import type { HookRecord } from '../ports/stores/index.ts';
import { VaultError } from '../tenancy/vault.ts';
import type { HookRecordDeps } from './hook-records.ts';
import { openHookSecrets, sealHookSecret } from './hook-secrets.ts';

export interface PlannedHook {
  id: string;
  /** Verifies; `previousSecret` does too, for as long as the file has it. */
  secret: string;
  previousSecret?: string | undefined;
  mapping: string;
  enabled: boolean;
}

export interface ManagedHooks {
  /** The mistake in a mapping; undefined when it compiles. */
  checkMapping(mapping: string): Promise<string | undefined>;
  /** The app that has the id, if any. */
  ownerOf(id: string): Promise<AppId | undefined>;
  /**
   * Idempotent: writes nothing when it is there already. A hook of that id that the app had made itself is
   * the file's from then on.
   */
  put(app: AppId, hook: PlannedHook): Promise<void>;
  /** Hooks of the app that the file managed and does not name (in `named`) are the app's own from here on. */
  release(app: AppId, named: ReadonlySet<string>): Promise<void>;
}

export function createManagedHooks({ stores, vault, mapper, clock }: Omit<HookRecordDeps, 'perApp'>): ManagedHooks {
  const { hooks, hookDirectory } = stores;

  return {
    checkMapping: (mapping) => mapper.check('provision file', mapping),
    ownerOf: (id) => hookDirectory.appOf(id),

    async put(app, { id, mapping, enabled, secret, previousSecret }) {
      await hookDirectory.claim(id, app);
      const before = await hooks.get(app, id);
      const wanted = previousSecret === undefined ? [secret] : [secret, previousSecret];
      const isSame = before !== undefined && before.managed && before.mapping === mapping && before.enabled === enabled;
      if (isSame && JSON.stringify(opened(app, before)) === JSON.stringify(wanted)) return;
      const now = clock.now();
      await hooks.put(app, {
        id,
        version: (before?.version ?? 0) + 1,
        mapping,
        enabled,
        managed: true,
        secrets: wanted.map((each) => sealHookSecret(app, id, { secret: each, createdAt: now, vault })),
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      });
    },

    async release(app, named) {
      for (const hook of await hooks.list(app)) {
        if (hook.managed && !named.has(hook.id)) {
          await hooks.put(app, { ...hook, version: hook.version + 1, managed: false });
        }
      }
    },
  };

  /**
   * Undefined when they do not open, or one of them has an end: then they are not what a file wrote, and are
   * written anew.
   */
  function opened(app: AppId, hook: HookRecord): string[] | undefined {
    if (hook.secrets.some(({ expiresAt }) => expiresAt !== undefined)) return undefined;
    try {
      return openHookSecrets(app, hook, { vault, nowMs: clock.now() });
    } catch (error) {
      if (error instanceof VaultError) return undefined;
      throw error;
    }
  }
}
