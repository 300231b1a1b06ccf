// An API key and what is kept of it: never the key. Which keys there are: api-keys.ts.

import { createHash, randomBytes } from 'node:crypto';
import type { AppId } from '../ports/app-id.ts';
import type { ApiKeyRecord } from '../ports/stores/tenancy.ts';

export interface NewApiKey {
  id: string;
  scopes: readonly string[];
  /** The whole key, `bk_<id>_<secret>`; made when absent. */
  secret?: string;
  /** ms since the epoch. */
  expiresAt?: number;
}

/** The name by which callers with the key are known: it outlives a rotation. */
export function keyName({ id, of = id }: Pick<ApiKeyRecord, 'id' | 'of'>): string {
  return of;
}

/** 192 random bits: nothing to gain from a slow hash of it. */
export function newApiKey(id: string): string {
  return `bk_${id}_${randomBytes(24).toString('hex')}`;
}

/** The record of a key: never the key. */
export function apiKeyRecord(
  app: AppId,
  key: NewApiKey & { secret: string },
  { managed, createdAt }: { managed: boolean; createdAt: number },
): ApiKeyRecord {
  return {
    app,
    id: key.id,
    hash: apiKeyHash(key.secret),
    hint: hintOf(key.id, key.secret),
    scopes: key.scopes,
    managed,
    createdAt,
    ...(key.expiresAt === undefined ? {} : { expiresAt: key.expiresAt }),
  };
}

export function apiKeyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The part that is no secret, and four characters more. */
function hintOf(id: string, key: string): string {
  const prefix = `bk_${id}_`;
  return key.slice(0, key.startsWith(prefix) ? prefix.length + 4 : 7);
}
