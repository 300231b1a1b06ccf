// A stored message as a document of the collection `messages`, both ways. Not what is done with it: messages.ts,
// outbox.ts.

import { isCountedReply, replyToOf } from '../../../ports/stores/additions.ts';
import type { Additions, Reaction, StoredMessage, StoredPolicy } from '../../../ports/stores/index.ts';
import { searchableText, termsOf } from '../../../ports/stores/search-terms.ts';
import { conversationOfStream } from '../conversation-stream.ts';
import { declareCollection } from './declaration.ts';

export interface MessageDocument {
  app: string;
  stream: string;
  seq: number;
  /** Of the log that it was numbered for; not where the writer did not say. */
  epoch?: string;
  id: string;
  conversationId?: string;
  /** The system is ''. */
  sender: string;
  cid: string;
  bodyHash: string;
  kind: string;
  action: string;
  /** JSON. */
  data: string;
  /** JSON. */
  policy: string;
  targets?: readonly string[];
  exclude?: readonly string[];
  storedAt: number;
  editedAt?: number;
  deletedAt?: number;
  contentVersion?: number;
  reactions?: readonly Reaction[];
  pinnedAt?: number;
  pinnedBy?: string;
  /** Its seq, when it is pinned: the way to the pins of a stream. */
  pinned?: number;
  replyCount?: number;
  repliedAt?: number;
  addedAt?: number;
  /** The message that it answers; none when it was deleted. */
  answers?: string;
  /** The same, when it is one of those that are counted. */
  countedFor?: string;
  /** The message that it answers, until the count there is known to be right: reply-counts.ts. */
  owesCount?: string;
  /** When it was deleted, or else edited last or added to. */
  changedAt?: number;
  dueAt?: number;
  /** The take that holds its flag. */
  taker?: string;
  /** Its seq, when it is not for everybody or was deleted: such are few, and are looked at one by one. */
  exception?: number;
  /**
   * The words by which it is found. Here and not in a collection of their own, so that they are stored, changed
   * and deleted with it in one write; the index over them is the way from word to message.
   */
  terms?: readonly string[];
}

export const messageCollection = declareCollection<MessageDocument>(
  'messages',
  {
    app: String,
    stream: String,
    seq: Number,
    epoch: String,
    id: String,
    conversationId: String,
    sender: String,
    cid: String,
    bodyHash: String,
    kind: String,
    action: String,
    data: String,
    policy: String,
    targets: [String],
    exclude: [String],
    storedAt: Number,
    editedAt: Number,
    deletedAt: Number,
    contentVersion: Number,
    reactions: [{}],
    pinnedAt: Number,
    pinnedBy: String,
    pinned: Number,
    replyCount: Number,
    repliedAt: Number,
    addedAt: Number,
    answers: String,
    countedFor: String,
    owesCount: String,
    changedAt: Number,
    dueAt: Number,
    taker: String,
    exception: Number,
    terms: [String],
  },
  [
    { key: { app: 1, stream: 1, seq: 1 }, unique: true },
    { key: { app: 1, stream: 1, sender: 1, cid: 1 }, unique: true },
    { key: { app: 1, id: 1 } },
    { key: { app: 1, storedAt: 1, _id: 1 } },
    { key: { app: 1, dueAt: 1, _id: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
    { key: { app: 1, stream: 1, changedAt: 1, seq: 1 }, partialFilterExpression: { changedAt: { $exists: true } } },
    { key: { app: 1, stream: 1, exception: 1 }, partialFilterExpression: { exception: { $exists: true } } },
    { key: { app: 1, stream: 1, pinned: 1 }, partialFilterExpression: { pinned: { $exists: true } } },
    { key: { app: 1, stream: 1, answers: 1, seq: 1 }, partialFilterExpression: { answers: { $exists: true } } },
    {
      key: { app: 1, stream: 1, countedFor: 1, storedAt: 1 },
      partialFilterExpression: { countedFor: { $exists: true } },
    },
    { key: { app: 1, stream: 1, owesCount: 1 }, partialFilterExpression: { owesCount: { $exists: true } } },
    { key: { app: 1, terms: 1, storedAt: 1, _id: 1 }, partialFilterExpression: { terms: { $exists: true } } },
  ],
);

/** What is not read of a message that is read whole. */
export const notOfMessages = [
  ...(['epoch', 'terms', 'taker', 'exception', 'changedAt', 'pinned'] as const),
  ...(['answers', 'countedFor', 'owesCount'] as const),
] as const;

/** A deleted message has none of these. */
export const clearedAdditions = {
  ...{ reactions: 1, pinnedAt: 1, pinnedBy: 1, pinned: 1, replyCount: 1, repliedAt: 1, addedAt: 1 },
  ...{ answers: 1, countedFor: 1 },
} as const satisfies Record<string, 1>;

export function toDocument(app: string, message: StoredMessage): MessageDocument {
  const { senderId = '', data, policy, outbox, targets, exclude, ...rest } = message;
  const { pinned: _pin, replies: _count, ...same } = rest;
  const isException = targets !== undefined || (exclude ?? []).length > 0 || same.deletedAt !== undefined;
  const changedAt = same.deletedAt ?? same.editedAt;
  const isFound = same.deletedAt === undefined;
  return {
    app,
    ...same,
    sender: senderId,
    data: JSON.stringify(data),
    policy: JSON.stringify(policy),
    ...(targets !== undefined && { targets }),
    ...(exclude !== undefined && { exclude }),
    ...(outbox !== undefined && { dueAt: outbox.dueAt }),
    ...(changedAt !== undefined && { changedAt }),
    ...(isException && { exception: same.seq }),
    ...(isFound && termsField(same.stream, data)),
    ...(isFound && replyFields(message)),
  };
}

/** Of a new reply: the count of the message that it answers is put right after it. */
function replyFields(message: StoredMessage): Pick<MessageDocument, 'answers' | 'countedFor' | 'owesCount'> {
  const answers = replyToOf(message);
  if (answers === undefined) return {};
  return isCountedReply(message) ? { answers, countedFor: answers, owesCount: answers } : { answers };
}

/** Only messages of conversations are found by their words. */
export function termsField(stream: string, data: Record<string, unknown>): { terms?: string[] } {
  return conversationOfStream(stream) === undefined ? {} : { terms: termsOf(searchableText(data)) };
}

export function toMessage(document: MessageDocument): StoredMessage {
  const { sender, data, policy, dueAt, targets, exclude } = document;
  const { conversationId, editedAt, deletedAt, contentVersion } = document;
  return {
    id: document.id,
    stream: document.stream,
    seq: document.seq,
    ...(conversationId !== undefined && { conversationId }),
    ...(sender !== '' && { senderId: sender }),
    cid: document.cid,
    bodyHash: document.bodyHash,
    kind: document.kind,
    action: document.action,
    data: JSON.parse(data) as Record<string, unknown>,
    policy: JSON.parse(policy) as StoredPolicy,
    ...(targets !== undefined && { targets }),
    ...(exclude !== undefined && { exclude }),
    storedAt: document.storedAt,
    ...(editedAt !== undefined && { editedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
    ...(contentVersion !== undefined && { contentVersion }),
    ...(dueAt !== undefined && { outbox: { dueAt } }),
    ...additionsOf(document),
  };
}

function additionsOf(document: MessageDocument): Additions {
  const { reactions, pinnedAt, pinnedBy, replyCount, repliedAt = 0, addedAt } = document;
  return {
    ...(reactions !== undefined && { reactions }),
    ...(pinnedAt !== undefined && { pinned: { at: pinnedAt, ...(pinnedBy !== undefined && { by: pinnedBy }) } }),
    ...(replyCount !== undefined && { replies: { count: replyCount, lastAt: repliedAt } }),
    ...(addedAt !== undefined && { addedAt }),
  };
}
