// The commands of one node as compose puts them together, with tokens and pages that tests can read. No
// gateway.

import { FakeOutlet } from './fake-outlet.ts';
import { createTestMessaging, type TestSession } from './messaging.ts';
import type { AppRecord } from '../../src/ports/stores/index.ts';
import { Acks } from '../../src/sessions/acks.ts';
import { ConnectionCount } from '../../src/sessions/connection-count.ts';
import { ConnectionRoom } from '../../src/sessions/connection-room.ts';
import { page, policySet } from '../../src/sessions/test/sessions.fixture.ts';
import { Refusals } from '../../src/sessions/refusals.ts';
import { Sessions } from '../../src/sessions/sessions.ts';
import type { VerifyToken } from '../../src/tenancy/profiles.ts';
import { createAckNow } from '../../src/commands/ack-now.ts';
import { createAck } from '../../src/commands/ack.ts';
import { createAuth } from '../../src/commands/auth.ts';
import { createConnect } from '../../src/commands/connect.ts';
import { createConversationsCommand } from '../../src/commands/conversations.ts';
import { createDeleteMessage } from '../../src/commands/delete-message.ts';
import { createEditMessage } from '../../src/commands/edit-message.ts';
import { createHeartbeat } from '../../src/commands/heartbeat.ts';
import { createPin, createReaction } from '../../src/commands/additions.ts';
import { createHistory, createPins, createReplies } from '../../src/commands/history.ts';
import { createMessage } from '../../src/commands/message.ts';
import { createPage } from '../../src/commands/page.ts';
import { createPresenceCommand } from '../../src/commands/presence.ts';
import { createRead } from '../../src/commands/read.ts';
import { createRegisterDevice } from '../../src/commands/register-device.ts';
import { CommandRouter } from '../../src/commands/router.ts';
import { createSubscribe, createUnsubscribe } from '../../src/commands/subscribe.ts';
import { createSync } from '../../src/commands/sync.ts';
import { createTypingCommand } from '../../src/commands/typing.ts';
import { found } from '../../src/tenancy/tokens/token-findings.ts';

export const chat = page('/chat', ['messaging', 'typing_indicator', 'presence']);
export const news = page('/news', ['notifications'], { requireAuth: false, topics: ['*'] });
const bare = page('/bare', [], { requireAuth: false });
/** Tokens of tests have the role `nurse`. */
const wards = page('/wards', ['presence'], { requireRoles: ['doctor', 'nurse'], topics: ['ward-*', 'all'] });
const board = page('/board', ['real_time_stats'], { requireRoles: ['director'] });
const off = page('/off', [], { enabled: false });
const never = { accepted: () => {} };
export const expiresAtMs = Date.UTC(2026, 0, 1, 1);

/** Tokens are `ok:<user>[:<topic>[:<role>]]`, or the reason why they are refused. */
const verify: VerifyToken = async (_app, token) => {
  const [word = '', userId = '', topic = '', role = 'nurse'] = token.split(':');
  if (word === 'ok') {
    const topics = topic === '' ? {} : { topics: [topic] };
    return {
      ok: true,
      user: { userId, name: userId.toUpperCase(), roles: [role], ...topics, issuedAtMs: 1, expiresAtMs },
    };
  }
  return {
    ok: false,
    code: word === 'token_expired' || word === 'signed_out' ? word : 'bad_token',
    reason: 'malformed',
    found: found('header_unreadable'),
    detail: word,
  };
};

export async function createTestCommands({ waitMs = 5000, perUser = 20 }: { waitMs?: number; perUser?: number } = {}) {
  const messaging = createTestMessaging();
  const node = messaging.node('n1');
  const { app, clock, stores } = messaging;
  const { registry, presence, bus, logger, metrics, facts } = node;
  const surroundings = { clock, log: logger, metrics };
  const sessions = new Sessions({
    registry,
    node: 'n1',
    presence,
    bus,
    users: stores.users,
    conversations: stores.conversations,
    surroundings,
    facts,
  });
  const { topics: topicPresence } = sessions;
  const count = new ConnectionCount({ registry, presence, clock });
  const room = new ConnectionRoom({ registry, presence, count, sessions, perUser });
  const acks = new Acks({ cursors: stores.cursors, surroundings });
  let policies = policySet(chat, news, bare, wards, board, off);
  const pages = { set: async () => policies };
  const { chatActions, catchUps, changes, places, log, mayRead, mayReadNow } = node;
  const ackDeps = {
    ...{ acks, sessions, mayRead, clock, metrics },
    places,
    streamLog: log,
  };
  const refusals = new Refusals({ clock });
  const router = new CommandRouter({
    metrics,
    ackNow: createAckNow({ ...ackDeps, mayReadNow }),
    refusals,
    connect: createConnect({
      refusals,
      ...{ verify, pages, sessions, room, catchUps, changes, clock },
      node: 'n1',
      heartbeatIntervalMs: 45_000,
      shortestWaitMs: async () => waitMs,
    }),
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
      history: createHistory({ messages: node.messages }),
      replies: createReplies({ messages: node.messages }),
      pins: createPins({ messages: node.messages }),
      conversations: createConversationsCommand({
        conversations: node.conversations,
        cursors: { write: (_scope, at) => JSON.stringify(at), read: (_scope, cursor) => JSON.parse(cursor) },
      }),
      presence: createPresenceCommand({ sessions, maxIds: 2 }),
      subscribe: createSubscribe({ registry, topicPresence, maxTopics: 100, mayHear: async () => false }),
      unsubscribe: createUnsubscribe({ registry, topicPresence }),
      register_device: createRegisterDevice({
        devices: {
          register: async (_app, { userId, provider, deviceType }) => ({
            deviceId: `${userId} ${provider}`,
            userId,
            provider,
            deviceType,
            createdAt: '',
            renewal: `renew ${userId}`,
          }),
        },
      }),
      sync: createSync({ catchUps, changes }),
    },
  });
  // Of the app's record only what these commands read.
  const record = {
    app,
    settings: { deliveredMeans: 'attended' },
    limits: { connections: 10, requestsPerMinute: 1000 },
  } as AppRecord;
  await node.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  const connect = (data: object) =>
    router.connect(
      { app: record, address: '127.0.0.1', outlet: new FakeOutlet() },
      { page: '/chat', device: { id: 'd-1', type: 'desktop' }, ...data },
    );
  const connected = async (data: object): Promise<TestSession> => {
    const { session, after } = await connect(data);
    after?.();
    return session as TestSession;
  };
  const reply = (session: TestSession, action: string, data: object = {}) =>
    router.run(session, { action, data: { ...data } }, never);
  /** As the gateway does it: the answer, then what follows it. */
  const run = async (...command: Parameters<typeof reply>): Promise<object> => {
    const { answer, after } = await reply(...command);
    after?.();
    return answer;
  };
  const change = (...changed: Parameters<typeof policySet>) => (policies = policySet(...changed));
  return { ...messaging, ...node, messaging, node, sessions, acks, router, connect, connected, reply, run, change };
}

/** An error of this code. */
export const refused = (code: string, more: object = {}) => ({ code, ...more });
