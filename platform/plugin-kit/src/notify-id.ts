// The number of a notification, for services that replace one by a number and not by a key.
import { createHash } from 'node:crypto';

/** From 1 to 2^31 - 1, the same for the same key. Two keys of one device meet about once in 2^31. */
export function notifyIdOf(collapseKey: string): number {
  return createHash('sha256').update(collapseKey).digest().readUInt32BE(0) & 0x7fffffff || 1;
}
