// Compares what a request brings with a secret. Credentials that are looked up are tenancy's.
import { createHash, timingSafeEqual } from 'node:crypto';

/** By digest: equal lengths, and the time reveals nothing. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
