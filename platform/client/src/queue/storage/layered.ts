// Storages one behind the other: what one cannot keep, the next one does. Calls take effect in the order they
// were made.
import type { QueueStorage, StoredDraft } from '../../types.ts';

/** A draft that an earlier page life left in a lower layer is found there. */
export function createLayeredStorage(layers: readonly QueueStorage[]): QueueStorage {
  // One after the other: a removal that overtook its put would leave the message behind, to be sent once
  // more.
  let last: Promise<unknown> = Promise.resolve();

  return {
    load: (owner) =>
      inTurn(async () => {
        const drafts = new Map<string, StoredDraft>();
        for (const layer of layers) {
          for (const draft of await layer.load(owner).catch(() => [])) drafts.set(draft.cid, draft);
        }
        return [...drafts.values()].sort((a, b) => a.order - b.order);
      }),
    put: (draft) =>
      inTurn(async () => {
        for (const [index, layer] of layers.entries()) {
          try {
            await layer.put(draft);
            return;
          } catch (error) {
            if (index === layers.length - 1) throw error;
            // An older copy must not outlive this one.
            await layer.remove(draft.owner, draft.cid).catch(() => undefined);
          }
        }
      }),
    remove: (owner, cid) =>
      inTurn(async () => {
        for (const layer of layers) await layer.remove(owner, cid).catch(() => undefined);
      }),
  };

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }
}
