// Reactions, pins and counts of replies: stored on the message, published to those who have it. Never a push,
// and no fact of a journey. Edits and deletions are message-changes.ts.

import type { ConversationMessage, Messages } from '../conversations/messages.ts';
import { isMessageData, viewUpdate } from '../conversations/views.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { PublishChange } from './publish-change.ts';
import type { Origin } from './validate.ts';

export interface MessageAdditionsDeps {
  messages: Pick<Messages, 'annotate' | 'answered'>;
  publishChange: PublishChange;
  limits: { reactionsPerMessage: number; usersPerReaction: number };
  log: Pick<Log, 'warn'>;
}

export interface ReactionChange {
  reaction: string;
  userId: string;
  isOn: boolean;
  origin: Origin;
}

export interface PinChange {
  /** Left out: the app's back end, for itself. */
  userId: string | undefined;
  isOn: boolean;
  origin: Origin;
}

export class MessageAdditions {
  readonly #deps: MessageAdditionsDeps;

  constructor(deps: MessageAdditionsDeps) {
    this.#deps = deps;
  }

  /** Of a user who can see the message. Throws as `Messages.annotate`. */
  async react(app: AppId, messageId: string, change: ReactionChange): Promise<ConversationMessage> {
    const { reaction, userId, isOn, origin } = change;
    const { messages, limits } = this.#deps;
    const annotation = { type: 'reaction', reaction, userId, isOn, limits } as const;
    const { message, isChanged } = await messages.annotate(app, messageId, { viewer: userId, change: annotation });
    if (isChanged) await this.#publish(app, message, origin);
    return message;
  }

  /** Likewise. */
  async pin(app: AppId, messageId: string, { userId, isOn, origin }: PinChange): Promise<ConversationMessage> {
    const { messages } = this.#deps;
    const annotation = { type: 'pin', isOn, by: userId } as const;
    const { message, isChanged } = await messages.annotate(app, messageId, { viewer: userId, change: annotation });
    if (isChanged) await this.#publish(app, message, origin);
    return message;
  }

  /**
   * A message was stored or deleted: where it is a reply, the one it answers has another count. Never
   * rejects: the count stands in the log, and whoever is not told now reads it there.
   */
  async repliesChanged(app: AppId, reply: StoredMessage): Promise<void> {
    try {
      const message = await this.#deps.messages.answered(app, reply);
      if (message !== undefined && isMessageData(message.data)) await this.#publish(app, message);
    } catch (error) {
      this.#deps.log.warn('a count of replies could not be published', { app, err: error });
    }
  }

  async #publish(app: AppId, message: ConversationMessage, origin?: Origin): Promise<void> {
    const originConnectionId = origin?.session?.id;
    await this.#deps.publishChange(app, message, {
      ...{ action: 'message_updated', data: viewUpdate(message), originConnectionId },
    });
  }
}
