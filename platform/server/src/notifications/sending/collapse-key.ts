// Makes the key under which notifications replace each other on a device. Two users never share one, nor two
// apps.
import { createHash } from 'node:crypto';
import type { AppId } from '../../ports/app-id.ts';

/**
 * Every service takes such a key as it is: Web Push topics are the strictest, with 32 characters of
 * base64url.
 */
const longestChars = 32;
const everywhere = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Deterministic: the same notification sent twice is seen once (docs/guarantees.md, G12). An own key of the
 * policy is kept where every service takes it.
 */
export function collapseKeyOf(app: AppId, place: { stream: string; userId: string; own?: string | undefined }): string {
  if (place.own !== undefined && everywhere.test(place.own)) return place.own;
  const parts = [app, place.userId, place.own === undefined ? place.stream : ['own', place.own]];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, longestChars);
}
