// Queued messages in memory: the last resort, gone with the page.
import type { QueueStorage, StoredDraft } from '../../types.ts';

export function createMemoryStorage(): QueueStorage {
  const drafts = new Map<string, StoredDraft>();
  return {
    load: async (owner) => [...drafts.values()].filter((draft) => draft.owner === owner).sort(byOrder),
    put: async (draft) => void drafts.set(keyOf(draft.owner, draft.cid), draft),
    remove: async (owner, cid) => void drafts.delete(keyOf(owner, cid)),
  };
}

function keyOf(owner: string, cid: string): string {
  return JSON.stringify([owner, cid]);
}

function byOrder(a: StoredDraft, b: StoredDraft): number {
  return a.order - b.order;
}
