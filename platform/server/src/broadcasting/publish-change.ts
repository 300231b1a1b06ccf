// Publishes a change of a message that has its place in the log, to those who have the message. Reporting it
// to sessions that were away is delivery/changes.ts.

import type { ConversationMessage } from '../conversations/messages.ts';
import { ruleOf } from '../delivery/delivery.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';

export interface PublishChangeDeps {
  participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  fanOut: Pick<FanOut, 'publish'>;
  clock: Pick<Clock, 'now'>;
}

export interface MessageChange {
  action: 'message_edited' | 'message_deleted' | 'message_updated';
  data: Record<string, unknown>;
  /** Has its answer instead. */
  originConnectionId?: string | undefined;
}

export type PublishChange = (app: AppId, message: ConversationMessage, change: MessageChange) => Promise<void>;

/** The event is not a message of its own, and never pushed: sessions that are away read the log. */
export function createPublishChange({ participantsOf, fanOut, clock }: PublishChangeDeps): PublishChange {
  return async (app, message, { action, data, originConnectionId }) => {
    const { id, seq, senderId, conversationId, targets, exclude, policy } = message;
    const about = { messageId: id, seq, ...(senderId === undefined ? {} : { senderId }) };
    fanOut.publish(
      app,
      {
        event: {
          action,
          conversationId,
          timestamp: new Date(clock.now()).toISOString(),
          data: { ...about, ...data },
        },
        rule: ruleOf(action, policy),
        to: { conversation: conversationId, only: targets, exclude },
        senderId,
        sender: 'other_connections',
        originConnectionId,
      },
      await participantsOf(app, conversationId),
    );
  };
}
