// The actions of people in a chat, by name: each is a broadcast of one kind, or a change of a message. Not a
// second entrance: all broadcasts go through broadcast.ts.

import { BelfryError, isBelfryError, type BroadcastRequest, type BroadcastResult } from '@belfry/protocol';
import type { Editor } from '../conversations/messages.ts';
import type { ReadRequest } from '../conversations/reading.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { UserDeviceInfo } from '../sessions/user-states.ts';
import type { Broadcasting, Carried } from './broadcast.ts';
import { builtInKindRows } from './kinds.ts';
import type { MessageAdditions, PinChange, ReactionChange } from './message-additions.ts';
import type { MessageChanges, MessageEdit } from './message-changes.ts';
import type { ReadState } from './read-state.ts';
import type { Typing, TypingChange } from './typing.ts';
import type { Origin } from './validate.ts';

/** A message as somebody sends it into a conversation. */
export interface MessageInput {
  senderId: string;
  cid?: string | undefined;
  type: string;
  content: Record<string, unknown>;
  /** `message` when left out. */
  kind?: string | undefined;
  replyTo?: string | undefined;
  mentions?: readonly string[] | undefined;
  metadata?: Record<string, unknown> | undefined;
}

export interface SentMessage {
  messageId: string;
  seq: number;
  duplicate: boolean;
  timestamp: string;
}

export interface NoticeInput {
  data: Record<string, unknown>;
  sender?: string;
  idempotencyKey?: string;
}

/** With where an action comes from. */
type Given<T> = T & { origin: Origin };

export interface ChatActionsDeps {
  broadcasting: Pick<Broadcasting, 'carry' | 'broadcast'>;
  readState: ReadState;
  typing: Typing;
  changes: MessageChanges;
  additions: Pick<MessageAdditions, 'react' | 'pin'>;
  sessions: Pick<Sessions, 'info'>;
  clock: Pick<Clock, 'now'>;
}

/** Kinds that carry no message: nobody sends them as one. */
const otherKinds: ReadonlySet<string> = new Set(
  builtInKindRows.filter(({ carries }) => carries !== 'message').map(({ kind }) => kind),
);

export class ChatActions {
  readonly #deps: ChatActionsDeps;

  constructor(deps: ChatActionsDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when it is stored and published. `origin.onQueued` is called when its place among the sender's
   * messages is certain.
   */
  async broadcastMessage(app: AppId, conversationId: string, input: Given<MessageInput>): Promise<SentMessage> {
    const { senderId, cid, type, content, kind = 'message', replyTo, mentions, metadata, origin } = input;
    if (otherKinds.has(kind)) throw new BelfryError('unknown_kind', { path: ['kind'] });
    const data = {
      type,
      content,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    const request = {
      kind,
      audience: { conversation: conversationId },
      sender: senderId,
      data,
      ...(cid === undefined ? {} : { idempotencyKey: cid }),
    };
    const carried = await this.#deps.broadcasting.carry(app, request, origin).catch(asSenderId);
    // A back end may ask for the journey next; a connection wants its answer as soon as the message is
    // stored.
    if (origin.via !== 'socket') await carried.planned;
    return sentOf(carried, this.#deps.clock.now());
  }

  broadcastConsultationReply(app: AppId, conversationId: string, input: Given<MessageInput>): Promise<SentMessage> {
    return this.broadcastMessage(app, conversationId, { ...input, kind: 'consultation_reply' });
  }

  sendMobileOnlyNotification(app: AppId, conversation: string, input: Given<NoticeInput>): Promise<BroadcastResult> {
    return this.#notify(app, { kind: 'mobile_notification', audience: { conversation } }, input);
  }

  broadcastSystemNotification(
    app: AppId,
    audience: { conversation: string } | { users: string[] },
    input: Given<NoticeInput>,
  ): Promise<BroadcastResult> {
    return this.#notify(app, { kind: 'system_notification', audience }, input);
  }

  sendDirectMessage(app: AppId, userId: string, input: Given<NoticeInput>): Promise<BroadcastResult> {
    return this.#notify(app, { kind: 'direct', audience: { users: [userId] } }, input);
  }

  broadcastTypingStatus(app: AppId, change: TypingChange, origin: Origin): Promise<void> {
    const { broadcasting, typing } = this.#deps;
    const { conversationId: conversation, userId: sender } = change;
    const request = { kind: 'typing', audience: { conversation }, sender };
    return typing.change(app, change, (isTyping) =>
      broadcasting.carry(app, { ...request, data: { isTyping } }, origin),
    );
  }

  /**
   * Moves the reader's cursor and publishes it to the others; resolves with how far the reader has read now.
   */
  async broadcastReadStatus(app: AppId, conversationId: string, input: Given<ReadRequest>): Promise<{ seq: number }> {
    const { broadcasting, readState } = this.#deps;
    const { seq, broadcasts } = await readState.move(app, conversationId, input);
    await Promise.all(broadcasts.map((request) => broadcasting.carry(app, request, input.origin)));
    return { seq };
  }

  getUserDeviceInfo(app: AppId, userId: string): Promise<UserDeviceInfo[]> {
    return this.#deps.sessions.info(app, userId);
  }

  /**
   * A user (`by.userId`) may change only their own messages. Published as `message_edited`; the seq stays.
   */
  editMessage(app: AppId, messageId: string, edit: Given<MessageEdit>): Promise<StoredMessage> {
    return this.#deps.changes.edit(app, messageId, edit);
  }

  /** Likewise, published as `message_deleted`. */
  deleteMessage(app: AppId, messageId: string, { origin, ...by }: Given<Editor>): Promise<StoredMessage> {
    return this.#deps.changes.remove(app, messageId, { by, origin });
  }

  /** Of a user who can see the message. Published as `message_updated`, as pins and counts of replies are. */
  react(app: AppId, messageId: string, change: ReactionChange): Promise<StoredMessage> {
    return this.#deps.additions.react(app, messageId, change);
  }

  pinMessage(app: AppId, messageId: string, change: PinChange): Promise<StoredMessage> {
    return this.#deps.additions.pin(app, messageId, change);
  }

  #notify(
    app: AppId,
    to: Pick<BroadcastRequest, 'kind' | 'audience'>,
    { origin, ...input }: Given<NoticeInput>,
  ): Promise<BroadcastResult> {
    return this.#deps.broadcasting.broadcast(app, { ...to, ...input }, origin);
  }
}

/** What is wrong with the sender of a broadcast, by the name that the sender of a message has. */
function asSenderId(error: unknown): never {
  if (!isBelfryError(error) || error.path?.[0] !== 'sender') throw error;
  const path = ['senderId', ...error.path.slice(1)];
  throw new BelfryError(error.code, { message: error.message, path, cause: error });
}

/** A kind of the tenant's own may keep what it sends nowhere: then it has no place, which is 0. */
function sentOf({ id, message, duplicate }: Carried, nowMs: number): SentMessage {
  const timestamp = new Date(message?.storedAt ?? nowMs).toISOString();
  return { messageId: id, seq: message?.seq ?? 0, duplicate, timestamp };
}
