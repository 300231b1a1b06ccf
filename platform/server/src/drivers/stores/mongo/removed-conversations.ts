// What is left of conversations that were removed: tombstones, and the sweeping of what was in them. The removal
// itself: conversations.ts.

import { Rounds } from '../../../concurrency/rounds.ts';
import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { conversationOfStream, conversationStream } from '../conversation-stream.ts';
import { trusted, type Collection } from './collection.ts';
import type { ConversationDocument } from './conversation-document.ts';
import type { CursorDocument } from './cursor-document.ts';
import type { MessageDocument } from './message-document.ts';

/** Documents of one deletion, which is over in a part of a second. */
const perDeletion = 1000;
const sweepEveryMs = 60_000;
/** Tombstones of one round. */
const perRound = 100;

interface Collections {
  conversations: Collection<ConversationDocument>;
  messages: Collection<MessageDocument>;
  cursors: Collection<CursorDocument>;
}

export class RemovedConversations {
  readonly #collections: Collections;
  readonly #log: Surroundings['log'];
  readonly #rounds: Rounds;

  constructor(collections: Collections, { clock, log }: Pick<Surroundings, 'clock' | 'log'>) {
    this.#collections = collections;
    this.#log = log;
    this.#rounds = new Rounds({ clock, everyMs: sweepEveryMs, jitter: 0.5, run: () => this.#sweepAll() });
  }

  start(): void {
    this.#rounds.start('now');
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /**
   * Those of the streams whose conversation was removed and is not swept yet. Asked after a read, never before:
   * then what was read of one that is being swept is known.
   */
  async among(app: AppId, streams: Iterable<string>): Promise<ReadonlySet<string>> {
    const ids = [...new Set(streams)].flatMap((stream) => conversationOfStream(stream) ?? []);
    if (ids.length === 0) return new Set();
    const found = await this.#collections.conversations.find(
      { app, id: trusted({ $in: ids }), isUnswept: true },
      { only: ['id'] },
    );
    return new Set(found.map(({ id }) => conversationStream(id)));
  }

  /** Without what is in such streams. */
  async without<T extends { stream: string }>(app: AppId, read: readonly T[]): Promise<readonly T[]> {
    const removed = await this.among(
      app,
      read.map(({ stream }) => stream),
    );
    return removed.size === 0 ? read : read.filter(({ stream }) => !removed.has(stream));
  }

  /**
   * Deletes what was in it, at most so many parts; false when there is more. May be done by several at once, and
   * again.
   */
  async sweep(app: AppId, id: string, maxParts = Infinity): Promise<boolean> {
    const { conversations, messages, cursors } = this.#collections;
    const stream = conversationStream(id);
    let parts = 0;
    for (;;) {
      const users = await cursors.find({ app, stream }, { only: ['user'], limit: perDeletion });
      if (users.length > 0) {
        await cursors.removeMany({ app, stream, user: trusted({ $in: users.map(({ user }) => user) }) });
      }
      const places = await messages.find({ app, stream }, { only: ['seq'], sort: { seq: 1 }, limit: perDeletion });
      const last = places.at(-1)?.seq;
      if (last !== undefined) await messages.removeMany({ app, stream, seq: trusted({ $lte: last }) });
      if (users.length < perDeletion && places.length < perDeletion) break;
      parts += 1;
      if (parts >= maxParts) return false;
    }
    await conversations.update({ app, id, removedAt: trusted({ $exists: true }) }, { $unset: { isUnswept: 1 } });
    return true;
  }

  /** What whoever removed them did not finish. */
  async #sweepAll(): Promise<void> {
    try {
      const left = await this.#collections.conversations.find(
        { isUnswept: true },
        { only: ['app', 'id'], limit: perRound },
      );
      for (const { app, id } of left) {
        if (this.#rounds.isStarted) await this.sweep(asAppId(app), id);
      }
    } catch (err) {
      this.#log.warn('sweep failed', { err });
    }
  }
}
