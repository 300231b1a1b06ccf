// Puts the client commands together over messaging: one handler an action. Their behaviour is in commands/.

import type { ConsoleTopics } from '../accounts/topics.ts';
import { createPin, createReaction } from '../commands/additions.ts';
import { createAckNow } from '../commands/ack-now.ts';
import { createAck, type AckDeps } from '../commands/ack.ts';
import { createAuth } from '../commands/auth.ts';
import { createConnect } from '../commands/connect.ts';
import { createConversationsCommand, type ListCursors } from '../commands/conversations.ts';
import { createDeleteMessage } from '../commands/delete-message.ts';
import { createEditMessage } from '../commands/edit-message.ts';
import { createHeartbeat } from '../commands/heartbeat.ts';
import { createHistory, createPins, createReplies } from '../commands/history.ts';
import { createMessage } from '../commands/message.ts';
import { createPage } from '../commands/page.ts';
import { createPresenceCommand } from '../commands/presence.ts';
import { createRead } from '../commands/read.ts';
import { createRegisterDevice } from '../commands/register-device.ts';
import { CommandRouter } from '../commands/router.ts';
import { createSubscribe, createUnsubscribe } from '../commands/subscribe.ts';
import { createSync } from '../commands/sync.ts';
import { createTypingCommand } from '../commands/typing.ts';
import type { Config } from '../config/config.ts';
import type { Pages } from '../pages/pages.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Tracing } from '../ports/tracing.ts';
import type { ConnectionRoom } from '../sessions/connection-room.ts';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Refusals } from '../sessions/refusals.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { VerifyToken } from '../tenancy/profiles.ts';
import type { Engine } from './engine.ts';
import type { MessagingServices } from './messaging.ts';

export function composeCommands(deps: {
  engine: Engine;
  config: Config;
  node: string;
  messaging: MessagingServices;
  sessions: Sessions;
  room: ConnectionRoom;
  registry: Registry;
  pages: Pages;
  verify: VerifyToken;
  cursors: ListCursors;
  onSubscribed: LiveStats['subscribed'];
  metrics: Metrics;
  tracing: Tracing | undefined;
  consoleTopics: ConsoleTopics;
  refusals: Refusals;
}): CommandRouter {
  const { engine, config, node, messaging, sessions, room, registry, pages, verify, cursors, metrics } = deps;
  const { refusals } = deps;
  const { clock } = engine;
  const { topics: topicPresence } = sessions;
  const { chatActions, conversations, messages, devices, catchUps, changes, places, log, acks, mayRead, mayReadNow } =
    messaging;
  const connect = createConnect({
    verify,
    refusals,
    pages,
    sessions,
    room,
    catchUps,
    changes,
    clock,
    node,
    heartbeatIntervalMs: config.webSocket.heartbeatIntervalMs,
    shortestWaitMs: messaging.shortestWaitMs,
  });
  const ackDeps: AckDeps = {
    acks,
    sessions,
    mayRead,
    places,
    streamLog: log,
    clock,
    metrics,
  };
  return new CommandRouter({
    refusals,
    connect,
    ...{ metrics, tracing: deps.tracing },
    ackNow: createAckNow({ ...ackDeps, mayReadNow }),
    handlers: {
      auth: createAuth({ verify, registry, topicPresence }),
      page: createPage({ pages, sessions, clock }),
      heartbeat: createHeartbeat({ sessions, clock }),
      message: createMessage({ chatActions }),
      edit_message: createEditMessage({ chatActions }),
      delete_message: createDeleteMessage({ chatActions }),
      add_reaction: createReaction({ chatActions }, true),
      remove_reaction: createReaction({ chatActions }, false),
      pin_message: createPin({ chatActions }, true),
      unpin_message: createPin({ chatActions }, false),
      ack: createAck(ackDeps),
      read: createRead({ chatActions }),
      typing: createTypingCommand({ chatActions }),
      history: createHistory({ messages }),
      replies: createReplies({ messages }),
      pins: createPins({ messages }),
      conversations: createConversationsCommand({ conversations, cursors }),
      presence: createPresenceCommand({ sessions, maxIds: config.limits.presenceIds }),
      subscribe: createSubscribe({
        ...{ registry, topicPresence, maxTopics: config.limits.topicsPerConnection },
        stats: { subscribed: deps.onSubscribed },
        mayHear: ({ userId }, topic) => deps.consoleTopics.mayHear(userId, topic),
      }),
      unsubscribe: createUnsubscribe({ registry, topicPresence }),
      register_device: createRegisterDevice({ devices }),
      sync: createSync({ catchUps, changes }),
    },
  });
}
