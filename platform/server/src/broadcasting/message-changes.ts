// Edits and deletions of messages that were sent: checked, stored in place, published to those who have the
// message. What is added to messages is message-additions.ts.

import type { MessageType } from '@belfry/plugin-kit';
import { BelfryError } from '@belfry/protocol';
import type { Audiences } from '../conversations/audiences.ts';
import type { ConversationMessage, Editor, Messages } from '../conversations/messages.ts';
import { readersOf } from '../delivery/addressing.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type { MessageChanged } from '../ports/message-facts.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { UploadReferences } from '../uploads/references.ts';
import type { AskBefore } from './ask-before.ts';
import { checkContent } from './check-data.ts';
import type { Kinds } from './kinds.ts';
import type { MessageAdditions } from './message-additions.ts';
import type { PublishChange } from './publish-change.ts';
import { checkUploads } from './uploads.ts';
import type { Origin } from './validate.ts';
import { isUser, refuseWrongRole, refuseWrongWay } from './who-sends.ts';

export interface MessageChangesDeps {
  messages: Pick<Messages, 'requireOwn' | 'edit' | 'remove'>;
  kinds: Pick<Kinds, 'find'>;
  audiences: Pick<Audiences, 'requireMember'>;
  uploads: UploadReferences;
  messageType: (id: string) => MessageType | undefined;
  participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  publishChange: PublishChange;
  additions: Pick<MessageAdditions, 'repliesChanged'>;
  /** Left out, nobody is asked before messages. */
  askBefore?: AskBefore;
  clock: Pick<Clock, 'now'>;
  facts: Pick<Facts, 'record'>;
}

export interface MessageEdit {
  /** Left out: as it was. */
  content?: unknown;
  metadata?: Record<string, unknown> | null | undefined;
  by: Editor;
}

interface CheckedContent {
  content?: Record<string, unknown>;
  contentVersion?: number | undefined;
}

export class MessageChanges {
  readonly #deps: MessageChangesDeps;

  constructor(deps: MessageChangesDeps) {
    this.#deps = deps;
  }

  /** A user may change only their own messages. Published as `message_edited`; the seq stays. */
  async edit(
    app: AppId,
    messageId: string,
    { content, metadata, by, origin }: MessageEdit & { origin: Origin },
  ): Promise<StoredMessage> {
    const { messages, publishChange, clock } = this.#deps;
    const message = await messages.requireOwn(app, messageId, by);
    await this.#refuseWrongEditor(app, message, { by, origin });
    const checked = content === undefined ? {} : await this.#accepted(app, message, { content, origin });
    const { contentVersion = message.contentVersion } = checked;
    const versioned = { ...message, ...(contentVersion === undefined ? {} : { contentVersion }) };
    const edited = await messages.edit(app, versioned, { content: checked.content, metadata });
    this.#record(app, message, { type: 'message.edited', by });
    const editedAt = new Date(edited.editedAt ?? clock.now()).toISOString();
    const { type, content: newContent, metadata: newMetadata } = edited.data;
    const data = {
      type,
      content: newContent,
      ...(newMetadata === undefined ? {} : { metadata: newMetadata }),
      editedAt,
    };
    await publishChange(app, message, { action: 'message_edited', data, originConnectionId: origin.session?.id });
    return edited;
  }

  /** Likewise, published as `message_deleted`. */
  async remove(app: AppId, messageId: string, { by, origin }: { by: Editor; origin: Origin }): Promise<StoredMessage> {
    const { messages, publishChange, additions, clock } = this.#deps;
    const message = await messages.requireOwn(app, messageId, by);
    const removed = await messages.remove(app, message);
    this.#record(app, message, { type: 'message.deleted', by });
    const deletedAt = new Date(removed.deletedAt ?? clock.now()).toISOString();
    const originConnectionId = origin.session?.id;
    await publishChange(app, message, { action: 'message_deleted', data: { deletedAt }, originConnectionId });
    await additions.repliesChanged(app, message);
    const plugin = this.#typeOf(message);
    // Of a type that is not there any more nobody knows whether it had any uploads.
    if (plugin === undefined || plugin.uploads !== undefined) await this.#useUploads(app, message, []);
    return removed;
  }

  /** What only others may send in somebody's name is not for that person to write anew. */
  async #refuseWrongEditor(
    app: AppId,
    { kind, conversationId }: ConversationMessage,
    { by, origin }: { by: Editor; origin: Origin },
  ): Promise<void> {
    const { kinds, audiences } = this.#deps;
    const row = await kinds.find(app, kind);
    if (row === undefined || !isUser(origin) || by.userId === undefined) return;
    refuseWrongWay(row, origin);
    const audience = await audiences.requireMember(app, conversationId, by.userId);
    refuseWrongRole(row, audience.roleOf(by.userId));
  }

  /** As `#checked`, once the app's webhook that is asked before messages has let it in. */
  async #accepted(
    app: AppId,
    message: ConversationMessage,
    { content, origin }: { content: unknown; origin: Origin },
  ): Promise<CheckedContent> {
    const { askBefore } = this.#deps;
    if (askBefore === undefined) return await this.#checked(app, message, content);
    const plugin = this.#typeOf(message);
    if (plugin === undefined) throw new BelfryError('unknown_message_type');
    const { id: messageId, kind, action, conversationId, senderId, data } = message;
    const question = {
      ...{ change: 'edit' as const, messageId, kind, action, conversationId, senderId, via: origin.via },
      ...{ isOfPeople: data['type'] !== 'system', data: { ...data, content: checkContent(plugin, content) } },
    };
    const asked = await askBefore(app, question, async (other) => checkContent(plugin, other));
    return await this.#checked(app, message, asked?.changed ?? content);
  }

  /** The content as its type takes it, whose uploads it uses from here on. */
  async #checked(app: AppId, message: ConversationMessage, given: unknown): Promise<CheckedContent> {
    const plugin = this.#typeOf(message);
    if (plugin === undefined) throw new BelfryError('unknown_message_type');
    const content = checkContent(plugin, given);
    const { senderId } = message;
    if (plugin.uploads !== undefined)
      await this.#useUploads(app, message, await checkUploads(app, { plugin, content, senderId }, this.#deps.uploads));
    return { content, contentVersion: plugin.version };
  }

  #record(app: AppId, message: ConversationMessage, { type, by }: { type: MessageChanged['type']; by: Editor }): void {
    const { clock, facts } = this.#deps;
    const { id: messageId, conversationId, stream, seq, senderId } = message;
    const atMs = clock.now();
    facts.record(app, { type, atMs, messageId, conversationId, stream, seq, senderId, byUserId: by.userId });
  }

  #typeOf({ data: { type } }: StoredMessage): MessageType | undefined {
    return typeof type === 'string' ? this.#deps.messageType(type) : undefined;
  }

  /** Its uploads from here on; those it had before and has no more go when nobody else uses them. */
  async #useUploads(app: AppId, message: ConversationMessage, uploadIds: readonly string[]): Promise<void> {
    const { uploads, participantsOf } = this.#deps;
    const { id, conversationId } = message;
    const only = readersOf(await participantsOf(app, conversationId), message);
    await uploads.use(app, id, { uploadIds, readers: { conversationId, only } });
  }
}
