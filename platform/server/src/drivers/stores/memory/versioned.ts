// Puts a record when the version that is there is the one its writer has seen. Not where records are kept.

import type { Versioned } from '../../../ports/stores/index.ts';

export function putVersioned<T extends object>(
  records: Map<string, Versioned<T>>,
  key: string,
  { record, ifVersion }: { record: T; ifVersion: number },
): boolean {
  if ((records.get(key)?.version ?? 0) !== ifVersion) return false;
  records.set(key, { ...record, version: ifVersion + 1 });
  return true;
}
