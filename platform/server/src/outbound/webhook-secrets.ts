// The secrets of outgoing webhooks at rest: sealed and opened. Signing with them: webhook-call.ts.

import { isSecretInUse } from '../hooks/hook-secrets.ts';
import type { AppId } from '../ports/app-id.ts';
import type { HookSecret, WebhookRecord } from '../ports/stores/index.ts';
import type { Vault } from '../tenancy/vault.ts';

/** Each is one more signature of every request. With more rotations under way, the oldest secrets go. */
export const mostSecrets = 2;

export function sealWebhookSecret(
  app: AppId,
  id: string,
  { secret, createdAt, vault }: { secret: string; createdAt: number; vault: Pick<Vault, 'seal'> },
): HookSecret {
  return { secret: vault.seal(secret, contextOf(app, id)), createdAt };
}

/** Those that sign at `nowMs`, the newest first. Throws VaultError for one that was sealed elsewhere. */
export function openWebhookSecrets(
  app: AppId,
  { id, secrets }: Pick<WebhookRecord, 'id' | 'secrets'>,
  { vault, nowMs }: { vault: Pick<Vault, 'open'>; nowMs: number },
): string[] {
  return secrets
    .filter((secret) => isSecretInUse(secret, nowMs))
    .map(({ secret }) => vault.open(secret, contextOf(app, id)));
}

function contextOf(app: AppId, id: string): string {
  return `app:${app}:webhook:${id}`;
}
