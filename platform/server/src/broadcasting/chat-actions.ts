// What the rest of the server calls: broadcasts by name, each a row of the kinds, and what comes after a message was sent (edits, read state). No delivery of its own.

import { BelfryError, type BroadcastRequest, type BroadcastResult, type ExplainResult } from '@belfry/protocol';
import type { MessageType } from '@belfry/plugin-kit';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { UserDeviceInfo } from '../sessions/user-states.ts';
import type { UploadReferences } from '../uploads/references.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import { builtInKindRows } from './kinds.ts';
import { checkUploads } from './judge-uploads.ts';
import { readersOfStored } from './uploads.ts';
import { checkContent, type Origin } from './validate.ts';
import type { Broadcasting, Carried } from './broadcast.ts';
import { createTyping, type TypingChange } from './typing.ts';
import type { Clock } from '../ports/clock.ts';

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

export interface ReadInput {
  userId: string;
  seq?: number | undefined;
  messageIds?: readonly string[] | undefined;
}

export interface ChatActions {
  broadcast(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult>;
  explain(app: AppId, request: BroadcastRequest, origin: Origin): Promise<ExplainResult>;

  /** Resolves when it is stored and told. `onQueued` is called when its place among the sender's messages is certain. */
  broadcastMessage(app: AppId, conversationId: string, input: MessageInput & { origin: Origin }): Promise<SentMessage>;
  broadcastConsultationReply(
    app: AppId,
    conversationId: string,
    input: MessageInput & { origin: Origin },
  ): Promise<SentMessage>;
  sendMobileOnlyNotification(
    app: AppId,
    conversationId: string,
    input: NoticeInput & { origin: Origin },
  ): Promise<BroadcastResult>;
  broadcastSystemNotification(
    app: AppId,
    audience: { conversation: string } | { users: string[] },
    input: NoticeInput & { origin: Origin },
  ): Promise<BroadcastResult>;
  sendDirectMessage(app: AppId, userId: string, input: NoticeInput & { origin: Origin }): Promise<BroadcastResult>;
  broadcastTypingStatus(app: AppId, change: TypingChange, origin: Origin): Promise<void>;
  /** Moves the reader's cursor and tells the others; resolves with how far he has read now. */
  broadcastReadStatus(
    app: AppId,
    conversationId: string,
    input: ReadInput & { origin: Origin },
  ): Promise<{ seq: number }>;
  getUserDeviceInfo(app: AppId, userId: string): Promise<UserDeviceInfo[]>;

  /** `by.userId` may change only his own. Told as `message_edited` / `message_deleted`; the seq stays. */
  editMessage(
    app: AppId,
    messageId: string,
    edit: { content: unknown; by: { userId?: string | undefined }; origin: Origin },
  ): Promise<StoredMessage>;
  deleteMessage(
    app: AppId,
    messageId: string,
    by: { userId?: string | undefined; origin: Origin },
  ): Promise<StoredMessage>;

  /** Resolves when everything begun is decided, scheduled and noted. */
  settled(): Promise<void>;
  stop(): void;
}

export interface ChatActionsDeps {
  broadcasting: Broadcasting;
  fanOut: FanOut;
  clock: Clock;
  messageType: (id: string) => MessageType | undefined;
  messages: {
    requireOwn(
      app: AppId,
      messageId: string,
      by: { userId?: string | undefined },
    ): Promise<StoredMessage & { conversationId: string }>;
    edit(app: AppId, message: StoredMessage, content: Record<string, unknown>): Promise<StoredMessage>;
    remove(app: AppId, message: StoredMessage): Promise<StoredMessage>;
  };
  reading: {
    read(
      app: AppId,
      conversationId: string,
      input: ReadInput,
    ): Promise<{ stream: string; seq: number; messageIds: readonly string[]; moved: boolean }>;
  };
  uploads: UploadReferences;
  membersOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  onRead: (app: AppId, userId: string, at: { stream: string; seq: number }) => void;
  info: (app: AppId, userId: string) => Promise<UserDeviceInfo[]>;
}

/** Kinds that carry no message: nobody sends them as one. */
const otherKinds: ReadonlySet<string> = new Set(
  builtInKindRows.filter(({ carries }) => carries !== 'message').map(({ kind }) => kind),
);

export function createChatActions(deps: ChatActionsDeps): ChatActions {
  const { broadcasting, fanOut, clock, messageType, messages, reading, uploads, membersOf, onRead, info } = deps;
  const typing = createTyping({ clock });

  return {
    broadcast: async (app, request, origin) => {
      // Both look first at what is there: a read at the head of the log, a key at whether it was answered before.
      if (request.kind === 'read' || request.idempotencyKey !== undefined) await origin.after;
      // Reading moves a cursor before it is told, so it goes the way of the command.
      if (request.kind === 'read') return await readByRequest(app, request, origin);
      if (request.kind === 'typing') return await typeByRequest(app, request, origin);
      return await broadcasting.broadcast(app, request, origin);
    },
    explain: (app, request, origin) => broadcasting.explain(app, request, origin),

    broadcastMessage: send,
    broadcastConsultationReply: (app, conversationId, input) =>
      send(app, conversationId, { ...input, kind: 'consultation_reply' }),
    sendMobileOnlyNotification: (app, conversationId, input) =>
      notice(app, 'mobile_notification', { audience: { conversation: conversationId }, input }),
    broadcastSystemNotification: (app, audience, input) => notice(app, 'system_notification', { audience, input }),
    sendDirectMessage: (app, userId, input) => notice(app, 'direct', { audience: { users: [userId] }, input }),
    broadcastTypingStatus(app, change, origin) {
      const { conversationId: conversation, userId: sender } = change;
      const request = { kind: 'typing', audience: { conversation }, sender };
      return typing.change(app, change, (isTyping) =>
        broadcasting.carry(app, { ...request, data: { isTyping } }, origin),
      );
    },
    broadcastReadStatus: async (app, conversationId, input) => ({ seq: (await read(app, conversationId, input)).seq }),
    getUserDeviceInfo: info,

    async editMessage(app, messageId, { content, by, origin }) {
      const message = await messages.requireOwn(app, messageId, by);
      const { type } = message.data;
      const plugin = typeof type === 'string' ? messageType(type) : undefined;
      if (plugin === undefined) throw new BelfryError('unknown_message_type');
      const judged = checkContent(plugin, content);
      if (plugin.uploads !== undefined) {
        const { senderId } = message;
        await useUploads(app, message, await checkUploads(app, { plugin, content: judged, senderId }, uploads));
      }
      const edited = await messages.edit(app, { ...message, contentVersion: plugin.version }, judged);
      const editedAt = new Date(edited.editedAt ?? clock.now()).toISOString();
      await publishChange(app, message, {
        action: 'message_edited',
        data: { type, content: edited.data['content'], editedAt },
        origin,
      });
      return edited;
    },

    async deleteMessage(app, messageId, { userId, origin }) {
      const message = await messages.requireOwn(app, messageId, { userId });
      const removed = await messages.remove(app, message);
      const deletedAt = new Date(removed.deletedAt ?? clock.now()).toISOString();
      await publishChange(app, message, { action: 'message_deleted', data: { deletedAt }, origin });
      const { type } = message.data;
      // Of a type that is not there any more nobody knows whether it had any.
      const plugin = typeof type === 'string' ? messageType(type) : undefined;
      if (plugin === undefined || plugin.uploads !== undefined) await useUploads(app, message, []);
      return removed;
    },

    settled: () => broadcasting.settled(),
    stop: () => typing.stop(),
  };

  async function send(
    app: AppId,
    conversationId: string,
    input: MessageInput & { origin: Origin },
  ): Promise<SentMessage> {
    const { senderId, cid, type, content, kind = 'message', replyTo, mentions, origin } = input;
    if (otherKinds.has(kind)) throw new BelfryError('unknown_kind', { path: ['kind'] });
    const data = {
      type,
      content,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
    };
    const request = {
      kind,
      audience: { conversation: conversationId },
      sender: senderId,
      data,
      ...(cid === undefined ? {} : { idempotencyKey: cid }),
    };
    const carried = await broadcasting.carry(app, request, origin);
    // A back end may ask for the journey next; a connection wants its answer as soon as the message is stored.
    if (origin.via !== 'socket') await carried.planned;
    return sentOf(carried, clock.now());
  }

  function notice(
    app: AppId,
    kind: string,
    { audience, input }: { audience: BroadcastRequest['audience']; input: NoticeInput & { origin: Origin } },
  ): Promise<BroadcastResult> {
    const { origin, ...rest } = input;
    return broadcasting.broadcast(app, { kind, audience, ...rest }, origin);
  }

  async function read(
    app: AppId,
    conversationId: string,
    input: ReadInput & { origin: Origin },
  ): Promise<{ seq: number; moved: boolean }> {
    const { userId, origin } = input;
    const { stream, seq, messageIds, moved } = await reading.read(app, conversationId, input);
    if (!moved) return { seq, moved };
    onRead(app, userId, { stream, seq });
    await broadcasting.carry(
      app,
      { kind: 'read', audience: { conversation: conversationId }, sender: userId, data: { seq, messageIds } },
      origin,
    );
    return { seq, moved };
  }

  async function readByRequest(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult> {
    const { audience, sender, data } = request;
    // Judges the request as any other; its recipients are those who are told.
    const { recipients, counts } = await broadcasting.explain(app, request, origin);
    if (!('conversation' in audience) || sender === undefined || typeof data['seq'] !== 'number')
      throw new BelfryError('invalid_body');
    const { moved } = await read(app, audience.conversation, { userId: sender, seq: data['seq'], origin });
    // Nobody is told of what was read before.
    if (!moved) return { id: uuidv7(), duplicate: false, recipients: 0, decisions: {} };
    const others = recipients.filter(({ userId }) => userId !== sender);
    return { id: uuidv7(), duplicate: false, recipients: others.length, decisions: counts };
  }

  async function typeByRequest(app: AppId, request: BroadcastRequest, origin: Origin): Promise<BroadcastResult> {
    const { audience, sender, data } = request;
    const { isTyping } = data;
    // What is wrong with it is said as of any other.
    if (!('conversation' in audience) || sender === undefined || typeof isTyping !== 'boolean')
      return await broadcasting.broadcast(app, request, origin);
    // What comes within a second of the one before is told at its end, or not at all.
    let told: BroadcastResult = { id: uuidv7(), duplicate: false, recipients: 0, decisions: {} };
    const change = { conversationId: audience.conversation, userId: sender, isTyping };
    await typing.change(app, change, async (now) => {
      told = await broadcasting.broadcast(app, { ...request, data: { ...data, isTyping: now } }, origin);
    });
    return told;
  }

  /** Its uploads from here on; those it had before and has no more go when nobody else uses them. */
  async function useUploads(
    app: AppId,
    message: StoredMessage & { conversationId: string },
    uploadIds: readonly string[],
  ): Promise<void> {
    const readers = readersOfStored(message, await membersOf(app, message.conversationId));
    await uploads.use(app, message.id, { uploadIds, readers });
  }

  /** Not a message of its own: it changes one that has its place in the stream, and who is away reads the changed one from the log. */
  async function publishChange(
    app: AppId,
    message: StoredMessage & { conversationId: string },
    change: { action: string; data: Record<string, unknown>; origin: Origin },
  ): Promise<void> {
    const { id, seq, senderId, conversationId, targets, exclude } = message;
    const { realtime, connectionTypes, feature } = message.policy;
    const data = { messageId: id, seq, ...(senderId === undefined ? {} : { senderId }), ...change.data };
    fanOut.publish(
      app,
      {
        event: { action: change.action, conversationId, timestamp: new Date(clock.now()).toISOString(), data },
        rule: { action: change.action, realtime, connectionTypes, feature },
        to: { conversation: conversationId, only: targets, exclude },
        senderId,
        sender: 'other_connections',
        originConnectionId: change.origin.session?.id,
      },
      await membersOf(app, conversationId),
    );
  }
}

/** A kind of the tenant's own may keep what it sends nowhere: then it has no place, which is 0. */
function sentOf({ id, message, duplicate }: Carried, nowMs: number): SentMessage {
  const timestamp = new Date(message?.storedAt ?? nowMs).toISOString();
  return { messageId: id, seq: message?.seq ?? 0, duplicate, timestamp };
}
