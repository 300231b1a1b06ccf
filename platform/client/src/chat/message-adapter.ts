// One shape for all that can stand in a conversation, wherever it came from: the log, an event, the queue.
// Which messages there are: message-log.ts.
import type { JsonObject, Message, ServerEvent } from '@belfry/protocol';
import type { QueuedMessage, SendState } from '../types.ts';
import { additionsOf, withAdditions, type AddedToMessage, type WireAdditions } from './additions.ts';

export interface ChatMessage extends AddedToMessage {
  /** Stays the same from `queued` to `sent` and over reloads: for lists. */
  readonly key: string;
  /** Undefined until it is sent. */
  readonly id: string | undefined;
  /** Undefined where the sender gave none. */
  readonly cid: string | undefined;
  readonly conversationId: string;
  /** Undefined until it is sent. */
  readonly seq: number | undefined;
  /** Undefined for a notice that nobody sent. */
  readonly senderId: string | undefined;
  readonly mine: boolean;
  /** `message`, `consultation_reply`, or another kind of the app's. */
  readonly kind: string;
  /** Of a notice it is its kind. */
  readonly type: string;
  /** Of a notice its data; empty when it was deleted. */
  readonly content: JsonObject;
  readonly state: SendState;
  /** With `failed`. */
  readonly error?: { readonly code: string; readonly message: string };
  /** ms since the epoch: when it was stored, or queued. */
  readonly at: number;
  readonly editedAt?: number;
  readonly deletedAt?: number;
  /** Id of the message it answers. */
  readonly replyTo?: string;
  readonly mentions?: readonly string[];
  /** The app's own. */
  readonly metadata?: JsonObject;
}

/** From `GET /conversations/{id}/messages` and the list of conversations. */
export function fromStored(message: Message, me: string | undefined): ChatMessage {
  return adapt({ ...message, content: message.content ?? message.data, me, added: message });
}

/** An event that takes a place in a conversation; undefined for every other event. */
export function fromEvent(event: ServerEvent, me: string | undefined): ChatMessage | undefined {
  const { action, conversationId, stream, seq, timestamp } = event;
  if (conversationId === undefined || seq === undefined || !stream?.startsWith('c:')) return undefined;
  const { messageId, type, content, senderId, cid, replyTo, mentions, metadata, editedAt, deletedAt, ...data } =
    event.data as EventData;
  const kind = action === 'new_message' || action === 'message_deleted' ? 'message' : action;
  return adapt({
    messageId,
    conversationId,
    seq,
    kind,
    type,
    content: deletedAt ? {} : (content ?? data),
    timestamp,
    me,
    ...{ senderId, cid, replyTo, mentions, metadata, editedAt, deletedAt },
    // A notice has fields of its own.
    added: content ? event.data : {},
  });
}

export function fromQueued(queued: QueuedMessage, me: string | undefined): ChatMessage {
  const { cid, draft, queuedAt, state, sent, error } = queued;
  const { conversationId, type, content, replyTo, mentions, metadata } = draft;
  return {
    key: cid,
    id: sent?.messageId,
    cid,
    conversationId,
    seq: sent?.seq,
    senderId: me,
    mine: true,
    kind: 'message',
    type,
    content,
    state,
    at: sent ? Date.parse(sent.timestamp) : queuedAt,
    ...(error && { error }),
    ...(replyTo !== undefined && { replyTo }),
    ...(mentions && { mentions }),
    ...(metadata && { metadata }),
  };
}

/** A message after `message_edited`, `message_deleted` or `message_updated`. */
export function changed(message: ChatMessage, { action, data }: ServerEvent, me: string | undefined): ChatMessage {
  if (action === 'message_updated') {
    const added = additionsOf(data, me);
    const isLate = message.deletedAt !== undefined || (added.updatedAt ?? 0) < (message.updatedAt ?? 0);
    return isLate ? message : withAdditions(message, added);
  }
  const { content, metadata, editedAt, deletedAt } = data as EventData;
  const { metadata: _, ...rest } = message;
  if (action === 'message_deleted')
    return withAdditions({ ...rest, content: {}, deletedAt: time(deletedAt) ?? message.at }, {});
  const edited = { ...rest, content: content ?? {}, editedAt: time(editedAt) ?? message.at };
  return newer(message, { ...edited, ...(metadata && { metadata }) });
}

/** Of two states of one message the later one: histories and events overtake each other. */
export function newer(a: ChatMessage, b: ChatMessage): ChatMessage {
  if (a.deletedAt !== undefined || b.deletedAt !== undefined) return b.deletedAt === undefined ? a : b;
  const said = (a.editedAt ?? 0) > (b.editedAt ?? 0) ? a : b;
  const other = said === a ? b : a;
  return (other.updatedAt ?? 0) > (said.updatedAt ?? 0) ? withAdditions(said, other) : said;
}

interface EventData {
  messageId?: string | undefined;
  type?: string | undefined;
  content?: JsonObject | undefined;
  senderId?: string | undefined;
  cid?: string | undefined;
  replyTo?: string | undefined;
  mentions?: string[] | undefined;
  metadata?: JsonObject | undefined;
  editedAt?: string | undefined;
  deletedAt?: string | undefined;
}

interface Found extends EventData {
  conversationId: string;
  seq: number;
  kind: string;
  timestamp: string;
  me: string | undefined;
  added: WireAdditions;
}

function adapt({ messageId: id, cid, senderId, me, ...found }: Found): ChatMessage {
  const mine = senderId !== undefined && senderId === me;
  const [editedAt, deletedAt] = [time(found.editedAt), time(found.deletedAt)];
  return {
    key: (mine ? cid : undefined) ?? id ?? String(found.seq),
    id,
    cid,
    conversationId: found.conversationId,
    seq: found.seq,
    senderId,
    mine,
    kind: found.kind,
    type: found.type ?? found.kind,
    content: found.content ?? {},
    state: 'sent',
    at: Date.parse(found.timestamp),
    ...(editedAt !== undefined && { editedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
    ...(found.replyTo !== undefined && { replyTo: found.replyTo }),
    ...(found.mentions && { mentions: found.mentions }),
    ...(found.metadata && { metadata: found.metadata }),
    ...additionsOf(found.added, me),
  };
}

function time(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso);
}
