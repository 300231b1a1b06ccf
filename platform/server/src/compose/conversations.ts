// Puts together the logs of an app: conversations, their messages, who may read them, and the
// kinds of messages. Both push and messaging stand on it.

import { createKinds, type Kinds } from '../broadcasting/kinds.ts';
import { Audiences } from '../conversations/audiences.ts';
import { Conversations } from '../conversations/conversations.ts';
import { Messages } from '../conversations/messages.ts';
import { createReading, type Reading } from '../conversations/reading.ts';
import { Search } from '../conversations/search.ts';
import { SharedReads } from '../conversations/shared-reads.ts';
import { StreamLog } from '../conversations/stream-log.ts';
import { MayRead } from '../delivery/may-read.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Engine } from './engine.ts';

export interface ConversationParts {
  audiences: Audiences;
  log: StreamLog;
  conversations: Conversations;
  messages: Messages;
  search: Search;
  reading: Reading;
  sharedReads: SharedReads;
  kinds: Kinds;
  access: MayRead;
  /** The users of a conversation; nobody where there is no such conversation. */
  participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
}

/** Messages that may wait for one stream's writer. */
const maxWaitingPerStream = 10_000;

export function composeConversations(deps: {
  engine: Pick<Engine, 'stores' | 'bus'>;
  surroundings: Surroundings;
  facts: Pick<Facts, 'record'>;
  limits: { participantsPerConversation: number; kindsPerApp: number };
}): ConversationParts {
  const { stores, bus } = deps.engine;
  const { surroundings, facts, limits } = deps;
  const { clock } = surroundings;
  const { conversations: store, messages: messageStore, cursors } = stores;
  const audiences = new Audiences({ store, bus, clock });
  const log = new StreamLog({ messages: messageStore, surroundings, maxWaiting: maxWaitingPerStream });
  const conversations = new Conversations({
    ...{ store, messages: messageStore, cursors, log, audiences, clock, facts },
    maxParticipants: limits.participantsPerConversation,
  });
  const sharedReads = new SharedReads({ log, bus, clock });
  return {
    audiences,
    log,
    conversations,
    messages: new Messages({
      store: messageStore,
      clock,
      audiences,
      onChanged: (app, stream) => sharedReads.changed(app, stream),
    }),
    search: new Search({ store: messageStore, audiences }),
    reading: createReading({ log, cursors, messages: messageStore, audiences }),
    sharedReads,
    kinds: createKinds({ store: stores.kinds, bus, clock, perApp: limits.kindsPerApp }),
    access: new MayRead(audiences),
    participantsOf: async (app, conversationId) => (await audiences.get(app, conversationId))?.userIds ?? [],
  };
}
