// The outgoing webhooks that a provision file names: checked, written, and given back when a later file does
// not name them. The file itself is tenancy's.

import type { PutWebhookBody } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { WebhookRecord, WebhookStore } from '../ports/stores/index.ts';
import { VaultError, type Vault } from '../tenancy/vault.ts';
import { definedOf } from './webhook-records.ts';
import { openWebhookSecrets, sealWebhookSecret } from './webhook-secrets.ts';

export interface PlannedWebhook extends Omit<PutWebhookBody, 'secret'> {
  id: string;
  /** Signs; `previousSecret` does too, for as long as the file has it. */
  secret: string;
  previousSecret?: string | undefined;
  enabled: boolean;
}

export interface ManagedWebhooks {
  /**
   * Idempotent: writes nothing when it is there already. One of that id that the app had made itself is the
   * file's from then on.
   */
  put(app: AppId, webhook: PlannedWebhook): Promise<void>;
  /** Those of the app that the file managed and does not name (in `named`) are the app's own from here on. */
  release(app: AppId, named: ReadonlySet<string>): Promise<void>;
}

const by = 'provision file';

export function createManagedWebhooks(deps: {
  store: Pick<WebhookStore, 'list' | 'get' | 'put'>;
  vault: Pick<Vault, 'seal' | 'open'>;
  clock: Pick<Clock, 'now'>;
}): ManagedWebhooks {
  const { store, vault, clock } = deps;

  return {
    async put(app, { id, secret, previousSecret, enabled, ...settings }) {
      const before = await store.get(app, id);
      const wanted = previousSecret === undefined ? [secret] : [secret, previousSecret];
      const now = clock.now();
      const planned = { ...definedOf(settings), ...stateOf(before, enabled, now), managed: true };
      const isSame = before !== undefined && JSON.stringify(plannedOf(before)) === JSON.stringify(plannedOf(planned));
      if (isSame && JSON.stringify(opened(app, before)) === JSON.stringify(wanted)) return;
      await store.put(app, {
        ...{ id, version: (before?.version ?? 0) + 1, ...planned },
        secrets: wanted.map((each) => sealWebhookSecret(app, id, { secret: each, createdAt: now, vault })),
        ...{ createdAt: before?.createdAt ?? now, updatedAt: now, updatedBy: by },
      });
    },

    async release(app, named) {
      for (const webhook of await store.list(app)) {
        if (webhook.managed && !named.has(webhook.id)) {
          await store.put(app, { ...webhook, version: webhook.version + 1, managed: false });
        }
      }
    },
  };

  /** Undefined when they do not open, or one of them has an end: then they are not what a file wrote. */
  function opened(app: AppId, webhook: WebhookRecord): string[] | undefined {
    if (webhook.secrets.some(({ expiresAt }) => expiresAt !== undefined)) return undefined;
    try {
      return openWebhookSecrets(app, webhook, { vault, nowMs: clock.now() });
    } catch (error) {
      if (error instanceof VaultError) return undefined;
      throw error;
    }
  }
}

type Planned = Omit<WebhookRecord, 'id' | 'version' | 'secrets' | 'createdAt' | 'updatedAt' | 'updatedBy'>;

/**
 * A pause, and that Belfry switched it off, outlive a start; that the file did ends when it says otherwise.
 */
function stateOf(
  before: WebhookRecord | undefined,
  enabled: boolean,
  nowMs: number,
): Pick<WebhookRecord, 'state' | 'disabled'> {
  const isOffByFile = before?.disabled?.because === 'file';
  if (!enabled) {
    const disabled = isOffByFile ? before.disabled : undefined;
    return { state: 'disabled', disabled: disabled ?? { because: 'file', at: nowMs, detail: 'The file says so.' } };
  }
  if (before === undefined || isOffByFile) return { state: 'active' };
  return { state: before.state, ...(before.disabled === undefined ? {} : { disabled: before.disabled }) };
}

/** In one order, to be compared. */
function plannedOf(planned: Planned): unknown[] {
  const { url, events, ordered, description, transform, batch, before, state, disabled, managed } = planned;
  return [url, events, ordered, description, transform, batch, before, state, disabled, managed];
}
