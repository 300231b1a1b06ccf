// A hook's secrets at rest: sealed and opened. Verifying with them: the plugin kit.

import type { AppId } from '../ports/app-id.ts';
import type { HookRecord, HookSecret } from '../ports/stores/index.ts';
import type { Vault } from '../tenancy/vault.ts';

export function sealHookSecret(
  app: AppId,
  id: string,
  { secret, createdAt, vault }: { secret: string; createdAt: number; vault: Pick<Vault, 'seal'> },
): HookSecret {
  return { secret: vault.seal(secret, contextOf(app, id)), createdAt };
}

/** The secrets that verify at `nowMs`. Throws VaultError for one that was sealed elsewhere. */
export function openHookSecrets(
  app: AppId,
  hook: HookRecord,
  { vault, nowMs }: { vault: Pick<Vault, 'open'>; nowMs: number },
): string[] {
  return hook.secrets
    .filter((secret) => isSecretInUse(secret, nowMs))
    .map(({ secret }) => vault.open(secret, contextOf(app, hook.id)));
}

export function isSecretInUse({ expiresAt }: HookSecret, nowMs: number): boolean {
  return expiresAt === undefined || expiresAt > nowMs;
}

function contextOf(app: AppId, id: string): string {
  return `app:${app}:hook:${id}`;
}
