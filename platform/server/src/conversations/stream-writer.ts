// The state of one stream that this process appends to: its head, what waits, and the group that is being
// stored. Calls no store: stream-log.ts.

import type { StoredMessage, StreamHead } from '../ports/stores/index.ts';

/** A message before it has its place: seq and times are the log's to give. */
export type Draft = Omit<StoredMessage, 'seq' | 'storedAt' | 'editedAt' | 'deletedAt' | 'outbox'> & {
  /** Set when a push is owed: redelivery takes over this many ms after the message was stored. */
  outboxAfterMs?: number;
};

export interface Appended {
  message: StoredMessage;
  /** The cid was known with the same content: `message` is the first one, and nothing was stored. */
  duplicate: boolean;
}

/**
 * Called in the order of the seqs, before anything else sees the message; not for a duplicate. May not throw.
 */
export type OnStored = (message: StoredMessage, epoch: string) => void;

export interface Waiting {
  draft: Draft;
  onStored: OnStored | undefined;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
}

type Head = Pick<StreamHead, 'seq' | 'epoch'>;

export class StreamWriter {
  readonly stream: string;
  readonly waiting: Waiting[] = [];
  /** Taken from what waits, and not answered yet; the first is the next to be stored. */
  readonly group: Waiting[] = [];
  /** How often in a row another writer of the stream was faster. */
  lostRaces = 0;
  /**
   * The stream's newest seq as far as this process knows; undefined after an error, when it must be read
   * again.
   */
  #head: Head | undefined;
  /** The head that the group was numbered from. `forgetHead` may come meanwhile. */
  #numberedFrom: Head = { seq: 0, epoch: '' };
  /** Set by `forgetHead`: a head that is being read meanwhile may be that of the log that is gone. */
  #isForgotten = false;

  constructor(stream: string) {
    this.stream = stream;
  }

  get knowsHead(): boolean {
    return this.#head !== undefined;
  }

  /** Of the log that the group was numbered for. */
  get epoch(): string {
    return this.#numberedFrom.epoch;
  }

  beginReadingHead(): void {
    this.#isForgotten = false;
  }

  learnHead(head: Head): void {
    if (!this.#isForgotten) this.#head = head;
  }

  forgetHead(): void {
    this.#head = undefined;
    this.#isForgotten = true;
  }

  /** Adds to the group what waits behind it. */
  takeGroup(most: number): void {
    this.group.push(...this.waiting.splice(0, most - this.group.length));
  }

  putBackGroup(): void {
    this.waiting.unshift(...this.group.splice(0));
  }

  /** The group as it is to be stored. */
  number(now: number): StoredMessage[] {
    const head = this.#head ?? this.#numberedFrom;
    this.#numberedFrom = head;
    return this.group.map(({ draft }, index) => toStored(draft, head.seq + 1 + index, now));
  }

  /** The first of the group stand, as these messages. */
  answerStored(messages: readonly StoredMessage[]): void {
    if (messages.length > 0) this.lostRaces = 0;
    this.#numberedFrom.seq += messages.length;
    for (const message of messages) {
      const first = this.group.shift();
      if (first !== undefined) answerStored(first, message, this.#numberedFrom.epoch);
    }
  }

  rejectGroup(error: unknown): void {
    this.lostRaces = 0;
    for (const { reject } of this.group.splice(0)) reject(error);
  }
}

export function answerStored({ onStored, resolve }: Waiting, message: StoredMessage, epoch: string): void {
  try {
    onStored?.(message, epoch);
  } catch {
    // A defect of the listener, which logs its own failures (broadcasting/publish.ts). The message stands,
    // and its sender must not wait for ever.
  }
  resolve({ message, duplicate: false });
}

function toStored(draft: Draft, seq: number, now: number): StoredMessage {
  const { outboxAfterMs, ...rest } = draft;
  return {
    ...rest,
    seq,
    storedAt: now,
    ...(outboxAfterMs === undefined ? {} : { outbox: { dueAt: now + outboxAfterMs } }),
  };
}
