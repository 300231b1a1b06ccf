// A stored message as a document of the collection `messages`, both ways. Not what is done with it: messages.ts,
// outbox.ts.

import type { StoredMessage, StoredPolicy } from '../../../ports/stores/index.ts';
import { searchableText, termsOf } from '../../../ports/stores/search-terms.ts';
import { conversationOfStream } from '../conversation-stream.ts';
import { declareCollection } from './declaration.ts';

export interface MessageDocument {
  app: string;
  stream: string;
  seq: number;
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
  /** When it was deleted, or else edited last. */
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
    { key: { app: 1, terms: 1, storedAt: 1, _id: 1 }, partialFilterExpression: { terms: { $exists: true } } },
  ],
);

/** What is not read of a message that is read whole. */
export const notOfMessages = ['terms', 'taker', 'exception', 'changedAt'] as const;

export function toDocument(app: string, message: StoredMessage): MessageDocument {
  const { senderId = '', data, policy, outbox, targets, exclude, ...same } = message;
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
  };
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
  };
}
