// A stored message as a row of the table `messages`, both ways. Not the statements: messages.ts and
// outbox.ts.

import type { SQLInputValue } from 'node:sqlite';
import { replyToOf } from '../../../ports/stores/additions.ts';
import type { Additions, Reaction, StoredMessage } from '../../../ports/stores/index.ts';
import { json, jsonOrNull, number, optionalJson, optionalNumber, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

/** In the order of `toMessageValues`, after `app`. */
export const insertedColumns =
  'stream, seq, id, conversation_id, sender_id, cid, body_hash, kind, action, data, policy, targets, exclude, stored_at, edited_at, deleted_at, due_at, content_version, reply_to';

/** As `toMessage` wants them. */
export const messageColumns =
  'stream, seq, id, conversation_id, sender_id, cid, body_hash, kind, action, data, policy, targets, exclude, stored_at, edited_at, deleted_at, due_at, content_version, reactions, pinned_at, pinned_by, reply_count, replied_at, added_at';

export function toMessageValues(message: StoredMessage): SQLInputValue[] {
  return [
    message.stream,
    message.seq,
    message.id,
    message.conversationId ?? null,
    // The system is '' here: a unique index takes two NULLs for different.
    message.senderId ?? '',
    message.cid,
    message.bodyHash,
    message.kind,
    message.action,
    JSON.stringify(message.data),
    JSON.stringify(message.policy),
    jsonOrNull(message.targets),
    jsonOrNull(message.exclude),
    message.storedAt,
    message.editedAt ?? null,
    message.deletedAt ?? null,
    message.outbox?.dueAt ?? null,
    message.contentVersion ?? null,
    replyToOf(message) ?? null,
  ];
}

export function toMessage(row: Row): StoredMessage {
  const message: StoredMessage = {
    id: text(row, 'id'),
    stream: text(row, 'stream'),
    seq: number(row, 'seq'),
    cid: text(row, 'cid'),
    bodyHash: text(row, 'body_hash'),
    kind: text(row, 'kind'),
    action: text(row, 'action'),
    data: json(row, 'data'),
    policy: json(row, 'policy'),
    storedAt: number(row, 'stored_at'),
  };
  const conversationId = optionalText(row, 'conversation_id');
  if (conversationId !== undefined) message.conversationId = conversationId;
  const senderId = text(row, 'sender_id');
  if (senderId !== '') message.senderId = senderId;
  const targets = optionalJson<string[]>(row, 'targets');
  if (targets !== undefined) message.targets = targets;
  const exclude = optionalJson<string[]>(row, 'exclude');
  if (exclude !== undefined) message.exclude = exclude;
  const editedAt = optionalNumber(row, 'edited_at');
  if (editedAt !== undefined) message.editedAt = editedAt;
  const deletedAt = optionalNumber(row, 'deleted_at');
  if (deletedAt !== undefined) message.deletedAt = deletedAt;
  const dueAt = optionalNumber(row, 'due_at');
  if (dueAt !== undefined) message.outbox = { dueAt };
  const contentVersion = optionalNumber(row, 'content_version');
  if (contentVersion !== undefined) message.contentVersion = contentVersion;
  return optionalNumber(row, 'added_at') === undefined ? message : { ...message, ...toAdditions(row) };
}

/** As `toAdditions` wants them. */
export const additionColumns = ['reactions', 'pinned_at', 'pinned_by', 'reply_count', 'replied_at', 'added_at'];

export function toAdditions(row: Row): Additions {
  const addedAt = optionalNumber(row, 'added_at');
  const additions: Additions = addedAt === undefined ? {} : { addedAt };
  const reactions = optionalJson<Reaction[]>(row, 'reactions');
  if (reactions !== undefined) additions.reactions = reactions;
  const at = optionalNumber(row, 'pinned_at');
  const by = optionalText(row, 'pinned_by');
  if (at !== undefined) additions.pinned = by === undefined ? { at } : { at, by };
  const count = optionalNumber(row, 'reply_count');
  if (count !== undefined) additions.replies = { count, lastAt: number(row, 'replied_at') };
  return additions;
}
