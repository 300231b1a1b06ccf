// Conversations and broadcasting of several nodes over the stores, bus and presence of one process, with fakes for what follows: push, journey, plugins. No edges.

import { defineMessageType, type MessageType } from '@belfry/plugin-kit';
import { eventData, type DeviceType } from '@belfry/protocol';
import * as z from 'zod';
import { createResolveAudience } from '../../src/broadcasting/audience.ts';
import { createChatActions } from '../../src/broadcasting/chat-actions.ts';
import { createCatchUps, mayReadStream, mayReadStreamNow } from '../../src/delivery/catch-up.ts';
import type { ProviderHindrance } from '../../src/broadcasting/decide-push.ts';
import { createChanges } from '../../src/delivery/changes.ts';
import { createFanOut } from '../../src/delivery/fan-out.ts';
import { createKinds } from '../../src/broadcasting/kinds.ts';
import { createStreamSequencer, type StreamSequencer } from '../../src/delivery/stream-sequencer.ts';
import { createIdempotent } from '../../src/broadcasting/idempotent.ts';
import { createSessionWriter } from '../../src/delivery/session-writer.ts';
import { createCompletePlan } from '../../src/broadcasting/plan.ts';
import { createValidate } from '../../src/broadcasting/validate.ts';
import { createFindPushDevices } from '../../src/broadcasting/push-devices.ts';
import { createBroadcasting, type RecordedPlan } from '../../src/broadcasting/broadcast.ts';
import { createPublish } from '../../src/broadcasting/publish.ts';
import { Audiences } from '../../src/conversations/audiences.ts';
import { Conversations } from '../../src/conversations/conversations.ts';
import { Messages } from '../../src/conversations/messages.ts';
import { createReading } from '../../src/conversations/reading.ts';
import { SharedReads } from '../../src/conversations/shared-reads.ts';
import { createStreamLog } from '../../src/conversations/stream-log.ts';
import { TestBusHub } from './test-bus.ts';
import { createMemoryPresenceHub } from '../../src/drivers/presence/memory/create-memory-presence-hub.ts';
import { createMemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { createQuietUntil } from '../../src/notifications/preferences/quiet-hours.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import type { MessageStore, StoredMessage } from '../../src/ports/stores/index.ts';
import { Registry } from '../../src/sessions/registry.ts';
import { createUploadReferences } from '../../src/uploads/references.ts';
import { Session, type SessionInit } from '../../src/sessions/session.ts';
import { page, RecordedLog, RecordedMetrics, settled } from '../../src/sessions/test/sessions.fixture.ts';
import { FakeOutlet } from './fake-outlet.ts';
import { newApp, sampleDevice } from './samples.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const chatFeatures = ['messaging', 'typing_indicator', 'read_receipts'] as const;

const textType: MessageType = defineMessageType({
  id: 'text',
  version: 1,
  schema: z.object({ text: z.string().min(1) }),
  limits: { bytes: 1000 },
  preview: ({ text }) => ({ body: text }),
});
const voiceType: MessageType = defineMessageType({
  id: 'voice',
  version: 1,
  schema: z.object({ url: z.string() }),
  limits: { bytes: 1000 },
  preview: () => ({ body: 'voice' }),
});
/** Needs a feature of its own, and takes nothing from whoever has not the role `nurse`. */
const chartType: MessageType = defineMessageType({
  id: 'chart',
  version: 1,
  schema: z.object({ points: z.array(z.number()) }),
  limits: { bytes: 1000 },
  feature: 'charts',
  preview: () => ({ body: 'chart' }),
  accept: (_draft, sender) => (sender.roles?.includes('nurse') === true ? true : { refused: 'Only nurses draw.' }),
});
const types = new Map([textType, voiceType, chartType].map((type) => [type.id, type]));
export const messageType = (id: string): MessageType | undefined => types.get(id);

export interface ScheduledPush {
  message: StoredMessage;
  recipients: readonly { userId: string; when: 'now' | 'wait' }[];
}

export type TestMessaging = ReturnType<typeof createTestMessaging>;
export type TestNode = ReturnType<TestMessaging['node']>;
export type TestSession = Session & { readonly outlet: FakeOutlet };

export interface ConnectOptions {
  deviceType?: DeviceType;
  features?: readonly string[];
  connectionType?: string;
  outlet?: FakeOutlet;
  init?: Partial<SessionInit>;
}

/** What the nodes share. */
export function createTestMessaging(
  options: {
    behindBytes?: number;
    /** How the bus carries; in order when left out. */
    carry?: (deliver: () => void) => void;
    messagesOf?: (messages: MessageStore) => MessageStore;
  } = {},
) {
  const app: AppId = newApp();
  const { behindBytes = 1_000_000 } = options;
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const messageStore = options.messagesOf?.(stores.messages) ?? stores.messages;
  const busHub = new TestBusHub({ clock, ...(options.carry === undefined ? {} : { carry: options.carry }) });
  const presenceHub = createMemoryPresenceHub();
  const served = new Map<string, ProviderHindrance | undefined>([['hook', undefined]]);
  const quietUntil = createQuietUntil();
  const nodes: { stop(): void }[] = [];

  function node(name: string) {
    const bus = busHub.connect(name);
    void bus.events.follow(app);
    const presence = presenceHub.connect(name);
    const registry = new Registry();
    const logger = new RecordedLog();
    const metrics = new RecordedMetrics();
    const pushes: ScheduledPush[] = [];
    const journeys: RecordedPlan[] = [];
    const readTold: { userId: string; stream: string; seq: number }[] = [];

    const audiences = new Audiences({ store: stores.conversations, bus, clock });
    const log = createStreamLog({ messages: messageStore, clock, maxWaiting: 1000, metrics });
    const conversations = new Conversations({
      store: stores.conversations,
      messages: messageStore,
      cursors: stores.cursors,
      log,
      audiences,
      clock,
    });
    const shared = new SharedReads({ log, bus, clock });
    const messages = new Messages({
      store: messageStore,
      clock,
      audiences,
      onChanged: (...args) => shared.changed(...args),
    });
    const reading = createReading({ log, cursors: stores.cursors, messages: messageStore, audiences });
    const membersOf = async (of: AppId, id: string): Promise<readonly string[]> =>
      (await audiences.get(of, id))?.userIds ?? [];
    const mayRead = (of: AppId, stream: string, userId: string): Promise<boolean> =>
      mayReadStream(stream, userId, async (id) => (await audiences.get(of, id))?.roleOf(userId) !== undefined);
    const mayReadNow = (of: AppId, stream: string, userId: string): boolean | undefined =>
      mayReadStreamNow(stream, userId, (id) => {
        const audience = audiences.peek(of, id);
        return audience === undefined ? undefined : audience.roleOf(userId) !== undefined;
      });
    const waitMs = (): Promise<number> => Promise.resolve(5000);
    const kinds = createKinds({ store: stores.kinds, bus, clock });

    const writer = createSessionWriter({ clock, metrics, behindBytes });
    const catchUps = createCatchUps({
      log: shared,
      writer,
      live: () => live,
      mayRead,
      maxStreams: 1000,
      clock,
      logger,
      metrics,
    });
    const changes = createChanges({ messages: messageStore, mayRead, behindBytes, clock, logger });
    writer.onBehind((session) => catchUps.resumeBehind(session));
    const fanOut = createFanOut({
      registry,
      writer,
      bus,
      log: logger,
      metrics,
      membersOf,
      live: () => live,
      builtInActions: new Set(Object.keys(eventData)),
    });
    const live: StreamSequencer = createStreamSequencer({
      log,
      deliverStored: (...args) => fanOut.deliverStored(...args),
      logger,
      metrics,
    });
    const uploads = createUploadReferences({ store: stores.uploads, clock });
    const broadcasting = createBroadcasting({
      validate: createValidate({ kinds, messageType, uploads }),
      uploads,
      resolveAudience: createResolveAudience({ audiences }),
      findPushDevices: createFindPushDevices((of, userIds) => stores.devices.ofUsers(of, userIds)),
      publish: createPublish({ fanOut, log, waitMs, clock, logger }),
      completePlan: createCompletePlan({
        presence,
        servedProviders: () => Promise.resolve(served),
        preferencesOf: (of, userIds) => stores.preferences.ofUsers(of, userIds),
        quietUntil,
        waitMs,
        clock,
      }),
      once: createIdempotent({ store: stores.idempotency, clock, keepMs: 8 * 86_400_000 }),
      fanOut,
      notifications: { schedule: (_app, message, recipients) => void pushes.push({ message, recipients }) },
      journey: { planned: (_app, plan) => void journeys.push(plan) },
      clock,
      logger,
      metrics,
      limits: { journeyRecipients: 1000 },
    });
    const chatActions = createChatActions({
      broadcasting,
      uploads,
      fanOut,
      clock,
      messageType,
      messages,
      reading,
      membersOf,
      onRead: (_app, userId, at) => void readTold.push({ userId, ...at }),
      info: () => Promise.resolve([]),
    });

    /** A connection of this node, visible to all: no token, no page judged, no resume. */
    async function connect(userId: string, given: ConnectOptions = {}): Promise<TestSession> {
      const { deviceType = 'desktop', features = chatFeatures, connectionType = 'chat' } = given;
      const session = new Session({
        app,
        userId,
        device: { id: `d-${userId}`, type: deviceType },
        page: page('/chat', features, { connectionType }),
        visible: true,
        node: name,
        connectedAtMs: clock.now(),
        outlet: given.outlet ?? new FakeOutlet(behindBytes),
        ...given.init,
      });
      await open(session);
      // Its outlet is the one that was made above.
      return session as TestSession;
    }

    async function open(session: Session): Promise<void> {
      registry.add(session);
      await presence.join(app, session.record());
    }

    async function close(session: Session): Promise<void> {
      session.closed = true;
      registry.remove(session);
      await presence.leave(app, session.id);
    }

    const built = {
      ...{ name, bus, presence, registry, logger, metrics, pushes, journeys, readTold },
      ...{ audiences, log, conversations, messages, reading, kinds, mayRead, mayReadNow, membersOf, uploads },
      ...{ writer, catchUps, changes, fanOut, live, broadcasting, chatActions, connect, open, close },
      stop: () => chatActions.stop(),
    };
    nodes.push(built);
    return built;
  }

  return {
    ...{ app, clock, stores, messageStore, busHub, presenceHub, served },
    node,
    /** A push target that a provider serves. */
    addDevice: (userId: string, deviceType: DeviceType = 'mobile', provider = 'hook') => {
      const id = `${userId}-${deviceType}-${provider}`;
      return stores.devices.register(app, sampleDevice({ userId, deviceType, provider, targetHash: id }));
    },
    settled,
    stop: () => nodes.forEach((each) => each.stop()),
  };
}

/** A text message as a request. */
export function textRequest(conversation: string, sender: string, text = 'hello') {
  return { kind: 'message', audience: { conversation }, sender, data: { type: 'text', content: { text } } };
}
