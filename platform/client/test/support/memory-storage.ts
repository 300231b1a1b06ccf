// A storage of the queue that is gone with the test, and answers as late as one that lasts.
import type { QueueStorage, StoredDraft } from '../../src/types.ts';

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
