// Whether a request is a webhook of somebody who may send one. It is carried out by inbound.ts.

import { newWebhookSecret, verifyWebhook, type SignedHeaders } from '@belfry/plugin-kit';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppRecord, HookRecord } from '../ports/stores/index.ts';
import type { HookRecords } from './hook-records.ts';

export interface WebhookRequest {
  hookId: string;
  signed: SignedHeaders;
  /** As it came: these bytes are what is signed. */
  body: Buffer;
}

export interface VerifiedWebhook {
  app: AppId;
  record: AppRecord;
  hook: HookRecord;
  webhookId: string;
  body: Buffer;
}

/**
 * Undefined for anything that is wrong with it: no such hook, disabled, the signature missing, wrong or
 * stale. The sender does not learn which.
 */
export type VerifyWebhook = (request: WebhookRequest) => Promise<VerifiedWebhook | undefined>;

export function createVerifyWebhook(deps: {
  records: Pick<HookRecords, 'find' | 'secretsOf'>;
  apps: { find(key: string): Promise<AppRecord | undefined> };
  clock: Pick<Clock, 'now'>;
}): VerifyWebhook {
  const { records, apps, clock } = deps;
  // Verified with where there is no hook: an id that is none takes as long as one that is.
  const nobodys = [newWebhookSecret()];

  return async ({ hookId, signed, body }) => {
    const found = await records.find(hookId);
    const secrets = found === undefined ? nobodys : records.secretsOf(found.app, found.hook);
    const verdict = verifyWebhook({ ...signed, body }, { secrets, nowMs: clock.now() });
    const record = found === undefined ? undefined : await apps.find(found.app);
    if (verdict !== 'good' || found === undefined || record === undefined) return undefined;
    if (record.disabled || !found.hook.enabled) return undefined;
    return { app: found.app, record, hook: found.hook, webhookId: signed.id, body };
  };
}
