// The ordered logs of an app: one stream a conversation, an inbox or a topic. Not who has read them: that is
// cursors.

import type { DeliveryPolicy } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Additions, Annotation } from './additions.ts';
import type { Erased, EraseRequest } from './erasing.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * The push that this message still owes, kept on the message itself so that a relay can redo it after a kill.
 */
export interface OutboxFlag {
  /**
   * ms since the epoch; the relays leave the message alone before it. One that takes it moves this to the end
   * of its lease.
   */
  dueAt: number;
}

/**
 * The policy as it was decided when the message was accepted, with what the audience and the kind added to
 * it.
 */
export interface StoredPolicy extends DeliveryPolicy {
  /** Only connections of these types get the event. */
  connectionTypes?: readonly string[];
  /** The feature that the kind names. */
  feature?: string;
}

/** Additions are none of what is appended: they come later, and stay through edits. */
export interface StoredMessage extends Additions {
  /** UUIDv7. One broadcast into many inboxes is stored once an inbox, all with the broadcast's id. */
  id: string;
  stream: string;
  seq: number;
  conversationId?: string;
  /** The user it came from; absent when the system sent it. */
  senderId?: string;
  /**
   * The sender's own id of it, unique per (stream, senderId ?? '', cid). Belfry makes one where the sender
   * gave none.
   */
  cid: string;
  /** SHA-256 (hex) of the request, to distinguish a repetition from another message under the same cid. */
  bodyHash: string;
  /** A row of the kinds, e.g. `message`; clients receive `action`. */
  kind: string;
  action: string;
  /**
   * The event's `data` without `messageId`, `senderId` and `cid`, as clients are to see it now (after edits):
   * `{type, content, ...}` or `{title, body, ...}`.
   */
  data: Record<string, unknown>;
  /** Of what carries a message: the version of its message type that checked the content. */
  contentVersion?: number;
  policy: StoredPolicy;
  /** Only these users are recipients; absent: everyone in the stream less the sender. */
  targets?: readonly string[];
  exclude?: readonly string[];
  /** ms since the epoch. */
  storedAt: number;
  editedAt?: number;
  deletedAt?: number;
  outbox?: OutboxFlag;
}

export type AppendResult =
  | { inserted: number }
  /**
   * The first `inserted` stand; the next one's seq or cid was taken and it and all after it were not stored.
   */
  | { inserted: number; conflict: 'seq' | 'cid' };

export interface StreamHead {
  /** Changes when the log was replaced (restored from a backup): positions of another epoch mean nothing. */
  epoch: string;
  /** Seq of the newest message, 0 when there is none. */
  seq: number;
  /** Seq of the oldest message still kept; seq + 1 when there is none. */
  firstSeq: number;
}

export interface UnreadRange {
  stream: string;
  /** Exclusive. */
  afterSeq: number;
  /** Inclusive; left out: to the end. */
  throughSeq?: number;
}

export interface ReadRange {
  /** Exclusive bounds. */
  afterSeq?: number;
  beforeSeq?: number;
  limit: number;
  /** Default `ascending`; `descending` gives the newest first. */
  order?: 'ascending' | 'descending';
  /** The answers to this message that are not deleted, or the pinned messages, and no others; by an index. */
  only?: { replyTo: string } | { pinned: true };
}

/**
 * Where a reader of changes is. A message has changed when it was deleted, or else when it was last edited or
 * something was added to it (`addedAt`).
 */
export interface ChangeRange {
  /** Exclusive, in the order of the answer: by the time of the change, then by seq. */
  after: { changedAt: number; seq: number };
  /** Inclusive: what is above is not asked for. */
  upToSeq: number;
  limit: number;
}

export interface Annotated {
  message: StoredMessage;
  outcome: 'changed' | 'unchanged' | 'too_many';
}

/** What is left out narrows nothing. */
export interface MessageSearch extends PageRequest {
  /** As `askedTermsOf` gives them: a message has words that begin with each. Empty: any message. */
  terms: readonly string[];
  conversationId?: string | undefined;
  senderId?: string | undefined;
  /** Only what this user may see: in conversations that they are in, addressed to them. */
  viewer?: string | undefined;
  /** When it was stored; inclusive. */
  fromMs?: number | undefined;
  /** Exclusive. */
  toMs?: number | undefined;
}

/**
 * Little is written beside a message: an append moves the activity of the stream's
 * conversation (ConversationSummary.activeAt), after the messages and within a second, so that it may be a
 * second write; nothing else is touched. `remove` leaves a tombstone in the message's own document and takes
 * its outbox flag off in the same write; the users of an upload are another store's, which the caller
 * updates.
 *
 * Guarantees: what an append or change resolved with is on disk and survives a kill (SQLite
 * `synchronous=FULL`; MongoDB `w: majority, j: true`); (app, stream, seq) and (app, stream, senderId, cid)
 * are unique; reads by the process that wrote see its writes. An unreachable store rejects with
 * `unavailable`; the outcome of that call is then unknown and is read back by cid.
 */
export interface MessageStore {
  /**
   * `messages` are of one stream with consecutive seqs; stored in order, stopping at the first that can't be.
   * Whoever reads a message afterwards finds its replies counted, and those of before `changed`, however the
   * process ended.
   * `epoch` is that of the head that they follow: where the log has another one by now, or its conversation was
   * removed, nothing is stored, and the answer is a conflict of seqs or `unavailable`. Left out, any will do.
   */
  append(app: AppId, messages: readonly StoredMessage[], epoch?: string): Promise<AppendResult>;
  /**
   * As `append`, for several streams in one call: each group is of another stream, and one answer a group
   * comes in their order. Groups stand and fall apart from each other, and no reader may count on seeing them
   * together. When the call rejects, the outcome of each group is unknown. `epochs` are in the order of the groups.
   */
  appendMany(
    app: AppId,
    groups: readonly (readonly StoredMessage[])[],
    epochs?: readonly string[],
  ): Promise<readonly AppendResult[]>;
  /** A stream that never was has epoch `e1`, seq 0. */
  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>>;
  read(app: AppId, stream: string, range: ReadRange): Promise<readonly StoredMessage[]>;
  /**
   * The newest message of each stream that is addressed to this user (addressing.ts) and not deleted; streams
   * without one are not in the map.
   */
  newest(app: AppId, userId: string, streams: readonly string[]): Promise<ReadonlyMap<string, StoredMessage>>;
  /**
   * How many messages after `afterSeq`, up to `throughSeq` where it is given, are addressed to this user,
   * were sent by somebody else and not deleted, by stream. Exact.
   */
  countUnread(app: AppId, userId: string, since: readonly UnreadRange[]): Promise<ReadonlyMap<string, number>>;
  /** All copies; empty when there is none. */
  byId(app: AppId, messageId: string): Promise<readonly StoredMessage[]>;
  byCid(
    app: AppId,
    stream: string,
    key: { senderId: string | undefined; cid: string },
  ): Promise<StoredMessage | undefined>;
  /**
   * Replaces the data of one message, keeps its seq. False when there is no such message or it was deleted.
   */
  edit(
    app: AppId,
    at: { stream: string; seq: number },
    change: { data: Record<string, unknown>; editedAt: number; contentVersion?: number },
  ): Promise<boolean>;
  /**
   * Empties the data of one message, keeps its seq, clears its outbox flag and what was added to it; where it was
   * a reply, it is counted no more. False when it is not there or was deleted before.
   */
  remove(
    app: AppId,
    at: { stream: string; seq: number },
    change: { data: Record<string, unknown>; deletedAt: number },
  ): Promise<boolean>;
  /**
   * Changes what is added to one message, in one conditional write of its own document: of changes at once none
   * is lost. Resolves with the message as it is after it; undefined when it is not there or was deleted.
   */
  annotate(app: AppId, at: { stream: string; seq: number }, change: Annotation): Promise<Annotated | undefined>;
  /** Messages that were edited, added to or deleted, as they are now, in the order of their changes. */
  changed(app: AppId, stream: string, range: ChangeRange): Promise<readonly StoredMessage[]>;
  /**
   * Messages of conversations, newest first, without those that were deleted; an edit is found by its new words.
   * One call looks at a bounded number of messages: a page may be short, or empty, and have a `next`.
   */
  search(app: AppId, request: MessageSearch): Promise<Page<StoredMessage>>;
  /** Clears the outbox flags: nothing is owed any more. */
  clearOutbox(app: AppId, done: readonly { stream: string; seq: number }[]): Promise<void>;
  /**
   * Deletes messages stored before `beforeMs`, except the newest of each stream (it holds the head) and those
   * with an outbox flag; the number deleted, at most `limit`.
   */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /**
   * What the user sent and was not deleted, a part at a time. A page may have fewer than there are, or none,
   * and a `next` nevertheless: `limit` is how many are looked at.
   */
  ofSender(app: AppId, userId: string, page: PageRequest): Promise<Page<StoredMessage>>;
  /**
   * Puts `as` in the place of the user's id as sender, in targets and exclusions, and in the data where JSON has
   * a user's id; deletes what is in their inbox, and takes their reactions away. With `removedAtMs` what they
   * sent is emptied as by `remove`. `streams` were changed.
   */
  erase(
    app: AppId,
    request: EraseRequest & { removedAtMs?: number | undefined },
  ): Promise<Erased & { streams: readonly string[] }>;
}

export interface OutboxTake {
  /** Flagged messages with `dueAt` up to here are due. */
  nowMs: number;
  /**
   * And those with `dueAt` from here on: nothing is owed so far ahead, so the clock was set back since. Left
   * out, there are none.
   */
  implausibleFromMs?: number;
  limit: number;
  /** The message belongs to the worker that takes it for so long, ms. */
  leaseMs: number;
}

export interface OwedMessage {
  app: AppId;
  message: StoredMessage;
}

/**
 * The relay's view over all apps, shared by all workers. Guarantees: of several that take at once each
 * message goes to one. It is leased by its flag: `take` sets `dueAt` to the end of the lease, in a
 * conditional write of the message alone, so that it is due again, for anybody, if nobody takes its flag off
 * before (MessageStore.clearOutbox, or the removal of the message).
 */
export interface OutboxStore {
  /**
   * Messages that are due, one app after the other, the same of each as far as it owes them, and of an app
   * the longest due first; each with its flag as it is now. Where there are more apps than `limit`, those
   * that were served least recently. Fewer than `limit` may come while others take as well.
   */
  take(request: OutboxTake): Promise<readonly OwedMessage[]>;
}
