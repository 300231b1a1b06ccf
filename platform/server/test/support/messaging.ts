// Messaging of several nodes in one process, as compose puts it together, over stores, bus and presence in
// memory, with stand-ins for push, journey and plugins. No edges.

import { defineMessageType, type MessageType } from '@belfry/plugin-kit';
import type { DeviceType } from '@belfry/protocol';
import * as z from 'zod';
import type { ServedProvider } from '../../src/notifications/notifications.ts';
import { composeConversations } from '../../src/compose/conversations.ts';
import { createMessaging } from '../../src/compose/messaging.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import { createMemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { createQuietUntil } from '../../src/notifications/preferences/quiet-hours.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import type { MessageStore, StoredMessage } from '../../src/ports/stores/index.ts';
import { Acks } from '../../src/sessions/acks.ts';
import { Elsewhere } from '../../src/sessions/elsewhere.ts';
import { Registry } from '../../src/sessions/registry.ts';
import { Session, type SessionInit } from '../../src/sessions/session.ts';
import { page, RecordedLog, RecordedMetrics, settled } from '../../src/sessions/test/sessions.fixture.ts';
import { FakeOutlet } from './fake-outlet.ts';
import { RecordedFacts } from './recorded-facts.ts';
import { newApp, sampleDevice } from './samples.ts';
import { TestBusHub } from './test-bus.ts';
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
/** Needs a feature of its own, and takes nothing from a sender without the role `nurse`. */
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

/** The app, clock and stores that its nodes share. */
export function createTestMessaging(
  options: {
    behindBytes?: number;
    /** How the bus carries; in order when left out. */
    carry?: (deliver: () => void) => void;
    messagesOf?: (messages: MessageStore) => MessageStore;
    /** How the other nodes hear that connections came and went; at once when left out. */
    tellNews?: (tell: () => void) => void;
  } = {},
) {
  const app: AppId = newApp();
  const { behindBytes = 1_000_000, tellNews = (tell: () => void) => tell() } = options;
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const messageStore = options.messagesOf?.(stores.messages) ?? stores.messages;
  const busHub = new TestBusHub({ clock, ...(options.carry === undefined ? {} : { carry: options.carry }) });
  const presenceHub = new MemoryPresenceHub();
  const served = new Map<string, ServedProvider>([['hook', { channel: 'push', hindrance: undefined }]]);
  const quietUntil = createQuietUntil();
  const nodes: { stop(): Promise<void> }[] = [];
  const known: Elsewhere[] = [];

  function node(name: string) {
    const bus = busHub.connect(name);
    void bus.events.follow(app);
    const presence = presenceHub.connect(name);
    const elsewhere = new Elsewhere({ presence, clock, heardSince: () => 1 });
    known.push(elsewhere);
    const registry = new Registry();
    const [logger, metrics] = [new RecordedLog(), new RecordedMetrics()];
    const surroundings = { clock, log: logger, metrics };
    const engine = { stores: { ...stores, messages: messageStore }, bus, presence };
    const facts = new RecordedFacts();
    const conversations = composeConversations({ engine, surroundings, facts, limits: defaultLimits() });
    const push = standInPush();
    const messaging = createMessaging({
      ...{ engine, surroundings, facts, registry, conversations, messageType },
      config: { limits: { ...defaultLimits(), sendBehindBytes: behindBytes } },
      sessions: { info: () => Promise.resolve([]), elsewhere },
      apps: { get: () => Promise.resolve({ settings: { waitMs: 5000, deliveredMeans: 'visible' } }) },
      acks: new Acks({ cursors: stores.cursors, surroundings }),
      push,
    });

    /** A connection of this node, visible to all: no token, no page checked, no resume. */
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
      session.openedAtMs = clock.monotonic();
      registry.add(session);
      await presence.join(app, session.record());
      const arrival = { userIds: new Set([session.userId]), node: name };
      for (const each of known) if (each !== elsewhere) tellNews(() => each.arrived(app, arrival));
    }

    async function close(session: Session): Promise<void> {
      session.closed = true;
      registry.remove(session);
      await presence.leave(app, session.id);
      for (const each of known) if (each !== elsewhere) tellNews(() => each.changed(app, [session.userId]));
    }

    const { pushes, reads } = push;
    const built = {
      ...{ name, bus, presence, elsewhere, registry, logger, metrics, pushes, reads, facts, connect, open, close },
      ...{ audiences: conversations.audiences, reading: conversations.reading },
      ...messaging.delivery,
      ...messaging,
    };
    nodes.push(built);
    return built;
  }

  /** Remembers what is scheduled and read; devices and preferences are those of the store. */
  function standInPush() {
    const pushes: ScheduledPush[] = [];
    const reads: { userId: string; stream: string; seq: number }[] = [];
    return {
      ...{ pushes, reads, quietUntil, knownDevices: stores.devices, knownPreferences: stores.preferences },
      notifications: {
        schedule: (_app: AppId, message: StoredMessage, recipients: ScheduledPush['recipients']) =>
          void pushes.push({ message, recipients }),
        onRead: (_app: AppId, userId: string, at: { stream: string; seq: number }) =>
          void reads.push({ userId, ...at }),
        servedProviders: () => Promise.resolve(served),
      },
    };
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
    stop: async () => {
      await Promise.all(nodes.map((each) => each.stop()));
    },
  };
}

/** A text message as a request. */
export function textRequest(conversation: string, sender: string, text = 'hello') {
  return { kind: 'message', audience: { conversation }, sender, data: { type: 'text', content: { text } } };
}
