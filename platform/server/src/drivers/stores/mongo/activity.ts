// Moves the activity of conversations after their messages, many at once and a moment later. Not the order of
// lists: conversations.ts.

import { partsOf } from '../../../concurrency/parts-of.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import { conversationOfStream, conversationStream } from '../conversation-stream.ts';
import type { Collection } from './collection.ts';
import type { ConversationDocument } from './conversation-document.ts';

/** The port allows a second. */
const gatherMs = 150;
const maxPerWrite = 500;
/** Of conversations that wait, while the store is away; a list is then out of order until their next message. */
const maxWaiting = 100_000;

interface Active {
  app: AppId;
  id: string;
  at: number;
}

export class ConversationActivity {
  readonly #conversations: Collection<ConversationDocument>;
  readonly #clock: Clock;
  #active = new Map<string, Active>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(conversations: Collection<ConversationDocument>, clock: Clock) {
    this.#conversations = conversations;
    this.#clock = clock;
  }

  /** A message was stored in the stream. */
  record(app: AppId, stream: string, at: number): void {
    const id = conversationOfStream(stream);
    if (id === undefined) return;
    const key = JSON.stringify([app, id]);
    if (!this.#active.has(key) && this.#active.size >= maxWaiting) return;
    this.#active.set(key, { app, id, at: Math.max(at, this.#active.get(key)?.at ?? at) });
    if (!this.#isClosed) this.#timer ??= this.#clock.after(gatherMs, () => void this.#run());
  }

  /** Writes what waits; afterwards nothing is written by itself. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#write();
  }

  async #run(): Promise<void> {
    await this.#write();
    this.#timer = undefined;
    if (this.#active.size > 0 && !this.#isClosed) this.#timer = this.#clock.after(gatherMs, () => void this.#run());
  }

  /** Never rejects: what was not written waits again. */
  async #write(): Promise<void> {
    const all = [...this.#active.values()];
    this.#active = new Map();
    for (const part of partsOf(all, maxPerWrite)) {
      // Of a tombstone too: nobody looks at it.
      const operations = part.map(({ app, id, at }) => ({
        updateOne: { filter: { app, id }, update: { $max: { activeAt: at } } },
      }));
      try {
        await this.#conversations.batch(operations);
      } catch {
        for (const { app, id, at } of part) this.record(app, conversationStream(id), at);
      }
    }
  }
}
