// Changes to the app's own JSON about a conversation, somebody in it or a message: how two of them become one.
// Storing and publishing it is the business of whoever has it.

import { BelfryError, jsonBytes } from '@belfry/protocol';

export type Metadata = Record<string, unknown>;

/**
 * Key by key, at the first level; a key that is null is taken away, a change that is null takes all of it.
 * Undefined where nothing is left. Throws `too_large`.
 */
export function mergeMetadata(
  before: Metadata | undefined,
  change: Metadata | null,
  maxBytes: number,
): Metadata | undefined {
  if (change === null) return undefined;
  const merged = new Map(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
  if (merged.size === 0) return undefined;
  const metadata = Object.fromEntries(merged);
  if (jsonBytes(metadata) > maxBytes) {
    throw new BelfryError('too_large', { message: `Metadata may have ${maxBytes} bytes as JSON.`, path: ['metadata'] });
  }
  return metadata;
}
