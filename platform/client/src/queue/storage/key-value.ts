// Queued messages under one key per owner, as localStorage can keep them: for browsers without IndexedDB.
import { parseJson } from '../../serializer.ts';
import type { KeyValue, QueueStorage, StoredDraft } from '../../types.ts';

/**
 * Reads, changes and writes in one go, so that two tabs of one process cannot mix. Two processes could,
 * within the same millisecond; a tab whose message was lost that way finds out when it is about to send, and
 * puts it there again. Rejects when the text was not kept, as with a full or forbidden localStorage.
 */
export function createKeyValueStorage(keyValue: KeyValue): QueueStorage {
  return {
    load: async (owner) => read(owner),
    put: async (draft) => write(draft.owner, [...read(draft.owner).filter(({ cid }) => cid !== draft.cid), draft]),
    async remove(owner, cid) {
      const drafts = read(owner);
      const rest = drafts.filter((draft) => draft.cid !== cid);
      if (rest.length < drafts.length) write(owner, rest);
    },
  };

  function read(owner: string): StoredDraft[] {
    // Somebody else's text, or half of ours: nothing that could be sent.
    return (parseJson(keyValue.get(keyOf(owner)) ?? '') ?? []) as StoredDraft[];
  }

  function write(owner: string, drafts: StoredDraft[]): void {
    const key = keyOf(owner);
    if (drafts.length === 0) {
      keyValue.remove(key);
      return;
    }
    const text = JSON.stringify(drafts.sort((a, b) => a.order - b.order));
    keyValue.set(key, text);
    if (keyValue.get(key) !== text) throw new Error('The text was not kept.');
  }
}

function keyOf(owner: string): string {
  return `belfry.queue:${owner}`;
}
