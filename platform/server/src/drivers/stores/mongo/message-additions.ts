// Reactions and pins, kept on the document of their message. What a change makes of them is ../annotate.ts; how
// replies are counted is reply-counts.ts.

import { KeyedQueue } from '../../../concurrency/keyed-queue.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Additions, Annotated, Annotation, StoredMessage } from '../../../ports/stores/index.ts';
import { annotate } from '../annotate.ts';
import { trusted, type Collection, type Stored } from './collection.ts';
import { untilUncontended } from './contention.ts';
import { notOfMessages, toMessage, type MessageDocument } from './message-document.ts';
import type { RemovedConversations } from './removed-conversations.ts';
import type { ReplyCounts } from './reply-counts.ts';

interface AdditionParts {
  messages: Collection<MessageDocument>;
  removed: RemovedConversations;
  replyCounts: ReplyCounts;
  clock: Pick<Clock, 'after'>;
}

export class MessageAdditions {
  readonly #parts: AdditionParts;
  /** By message: what comes from one process at once does not race. */
  readonly #queue = new KeyedQueue<string>();

  constructor(parts: AdditionParts) {
    this.#parts = parts;
  }

  async annotate(
    app: AppId,
    { stream, seq }: Pick<StoredMessage, 'stream' | 'seq'>,
    change: Annotation,
  ): Promise<Annotated | undefined> {
    const { removed, replyCounts, clock } = this.#parts;
    const { document, outcome } = await this.#queue.run(JSON.stringify([app, stream, seq]), () =>
      untilUncontended(clock, () => this.#try({ app, stream, seq }, change)),
    );
    if (document === undefined) return undefined;
    const [shown, corrected] = await Promise.all([
      removed.without(app, [document]),
      replyCounts.corrected(app, [document]),
    ]);
    if (shown.length === 0) return undefined;
    return { message: toMessage(corrected.get(document._id.toHexString()) ?? document), outcome };
  }

  /** Undefined when something else was added meanwhile. */
  async #try(
    place: { app: AppId; stream: string; seq: number },
    change: Annotation,
  ): Promise<{ document: Stored<MessageDocument> | undefined; outcome: Annotated['outcome'] } | undefined> {
    const { messages } = this.#parts;
    const isThere = { ...place, deletedAt: trusted({ $exists: false }) };
    const document = await messages.findOne(isThere, { without: notOfMessages });
    if (document === undefined) return { document, outcome: 'unchanged' };
    const after = annotate(toMessage(document), change);
    if (after === undefined || after === 'too_many') return { document, outcome: after ?? 'unchanged' };
    const changed = await messages.change(
      { ...isThere, _id: document._id, addedAt: document.addedAt ?? trusted({ $exists: false }) },
      updateOf(after, place.seq),
    );
    return changed === undefined ? undefined : { document: changed, outcome: 'changed' };
  }
}

/** All but the count of replies. */
export function updateOf({ reactions, pinned, addedAt = 0 }: Additions, seq: number) {
  return {
    $set: {
      addedAt,
      ...(reactions !== undefined && { reactions }),
      ...(pinned !== undefined && { pinned: seq, pinnedAt: pinned.at }),
      ...(pinned?.by !== undefined && { pinnedBy: pinned.by }),
    },
    $unset: {
      ...(reactions === undefined && { reactions: 1 }),
      ...(pinned === undefined && { pinned: 1, pinnedAt: 1 }),
      ...(pinned?.by === undefined && { pinnedBy: 1 }),
    },
    $max: { changedAt: addedAt },
  };
}
