// The record of an app as a provision file wants it, from the file and the present record. Writes nothing.
import { asAppId } from '../../ports/app-id.ts';
import { isDeepStrictEqual } from 'node:util';
import type { AppLimits, AppRecord } from '../../ports/stores/tenancy.ts';
import { defaultSettings } from '../app-defaults.ts';
import { openSigningSecret, sealSigningSecret } from '../tokens/app-signing.ts';
import type { PlannedApp } from './schema.ts';
import { VaultError, type Vault } from '../vault.ts';

interface Wanted {
  tenantId: string;
  planned: PlannedApp;
  before: AppRecord | undefined;
  vault: Vault;
  nowMs: number;
  limits: AppLimits;
}

/** `before` itself when it says all that already. */
export function provisionedApp({ tenantId, planned, before, vault, nowMs, limits }: Wanted): AppRecord {
  const app = asAppId(planned.key);
  const record: AppRecord = {
    app,
    tenantId,
    name: planned.name ?? before?.name ?? planned.key,
    disabled: planned.disabled ?? before?.disabled ?? false,
    allowedOrigins: planned.allowedOrigins ?? before?.allowedOrigins ?? [],
    signingSecrets: sealedSecrets(planned, before, { vault, createdAt: nowMs }),
    settings: { ...defaultSettings, ...before?.settings, ...whereSet(planned.settings) },
    limits: { ...limits, ...before?.limits, ...whereSet(planned.limits) },
    ...(before?.protected === undefined ? {} : { protected: before.protected }),
    ...(before?.contentInConsole === undefined ? {} : { contentInConsole: before.contentInConsole }),
    // What is being erased is erased to its end: the start after that makes it anew.
    ...(before?.erasingSince === undefined ? {} : { erasingSince: before.erasingSince, disabled: true }),
    managed: true,
    createdAt: before?.createdAt ?? nowMs,
    updatedAt: nowMs,
    ...(planned.jwksUrl === undefined ? {} : { jwksUrl: planned.jwksUrl }),
  };
  return before !== undefined && isDeepStrictEqual(said(record), said(before)) ? before : record;
}

/**
 * A sealed secret is not sealed anew while it says the same: each seal is other bytes, and would look like a
 * change at every start.
 */
function sealedSecrets(
  { key, signingSecret }: PlannedApp,
  before: AppRecord | undefined,
  sealing: { vault: Vault; createdAt: number },
): AppRecord['signingSecrets'] {
  if (signingSecret === undefined) return [];
  const kept = before?.signingSecrets.find((sealed) => opens(key, sealed, sealing.vault) === signingSecret);
  return [kept ?? sealSigningSecret(key, signingSecret, sealing)];
}

function opens(key: string, sealed: AppRecord['signingSecrets'][number], vault: Vault): string | undefined {
  try {
    return openSigningSecret(key, sealed, vault);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

function whereSet<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  // Entries lose the types of their keys; these are T's own, without the undefined ones.
  return Object.fromEntries(set) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** All of a record that a file can say: a setting that were left out here would never be changed by one. */
function said(record: AppRecord): object {
  return { ...record, createdAt: undefined, updatedAt: undefined, updatedBy: undefined, version: undefined };
}
