// What became of the newest messages for one user: their streams read from the end, and the journey of each
// message folded for them alone. Writes nothing; what became of one message for all: reader.ts.

import { inboxStream, conversationStream, type Journey } from '@belfry/protocol';
import { forEachBounded } from '../concurrency/for-each-bounded.ts';
import type { AppId } from '../ports/app-id.ts';
import { isAddressedTo } from '../ports/stores/addressing.ts';
import type { ConversationStore, MessageStore, StoredMessage } from '../ports/stores/index.ts';
import type { JourneyReader } from './reader.ts';

type Recipient = Journey['recipients'][number];

export interface Decision {
  message: StoredMessage;
  /** Undefined where nothing is known of it: too long ago, or it had too many recipients. */
  recipient: Recipient | undefined;
  /** What all of it was decided by; undefined as above. */
  decidedBy: Journey['message'] | undefined;
}

interface DecisionsDeps {
  conversations: Pick<ConversationStore, 'ofUser'>;
  messages: Pick<MessageStore, 'read'>;
  journeys: JourneyReader;
}

/** Of the conversations that were active last: an older one has no message among the newest. */
const mostConversations = 50;
const readsAtOnce = 8;

export class Decisions {
  readonly #deps: DecisionsDeps;

  constructor(deps: DecisionsDeps) {
    this.#deps = deps;
  }

  /** The newest first, at most `limit`. */
  async ofUser(app: AppId, userId: string, limit: number): Promise<Decision[]> {
    const { conversations, messages, journeys } = this.#deps;
    const own = await conversations.ofUser(app, userId, { limit: mostConversations });
    const streams = [inboxStream(userId), ...own.map(({ conversation }) => conversationStream(conversation.id))];
    const found: StoredMessage[] = [];
    await forEachBounded(streams, readsAtOnce, async (stream) => {
      const read = await messages.read(app, stream, { limit, order: 'descending' });
      found.push(...read.filter((message) => isAddressedTo(message, userId)));
    });
    const newest = found.sort((a, b) => b.storedAt - a.storedAt || b.seq - a.seq).slice(0, limit);
    const decisions: Decision[] = newest.map((message) => ({ message, recipient: undefined, decidedBy: undefined }));
    await forEachBounded(decisions, readsAtOnce, async (decision) => {
      const journey = await journeys.read(app, decision.message.id);
      decision.recipient = journey?.recipients.find((recipient) => recipient.userId === userId);
      decision.decidedBy = journey?.message;
    });
    return decisions;
  }
}
