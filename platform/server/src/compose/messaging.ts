// Puts together what Belfry exists for: conversations, broadcasting, notifications, journey, over the ports of an engine. Edges and tenancy come in compose/server.ts.

import type { MessageType } from '@belfry/plugin-kit';
import { eventData, type ServerEvent } from '@belfry/protocol';
import { journeyAck } from '../delivery/acked-range.ts';
import { createRecipientsOf, createResolveAudience } from '../broadcasting/audience.ts';
import { createChatActions, type ChatActions } from '../broadcasting/chat-actions.ts';
import { createCatchUps, mayReadStream, mayReadStreamNow, type CatchUps } from '../delivery/catch-up.ts';
import { createChanges, type Changes } from '../delivery/changes.ts';
import { createFanOut } from '../delivery/fan-out.ts';
import { watchLostHints } from '../delivery/lost-hints.ts';
import { createKinds, type Kinds } from '../broadcasting/kinds.ts';
import { createStreamSequencer, type StreamSequencer } from '../delivery/stream-sequencer.ts';
import { createIdempotent } from '../broadcasting/idempotent.ts';
import { createSessionWriter } from '../delivery/session-writer.ts';
import { createCompletePlan } from '../broadcasting/plan.ts';
import { createValidate } from '../broadcasting/validate.ts';
import { createFindPushDevices } from '../broadcasting/push-devices.ts';
import { createBroadcasting } from '../broadcasting/broadcast.ts';
import { createPublish } from '../broadcasting/publish.ts';
import type { Config } from '../config/config.ts';
import { Audiences } from '../conversations/audiences.ts';
import { Conversations } from '../conversations/conversations.ts';
import { Messages } from '../conversations/messages.ts';
import { createReading } from '../conversations/reading.ts';
import { SharedReads } from '../conversations/shared-reads.ts';
import { createStreamLog, type StreamLog } from '../conversations/stream-log.ts';
import { createJourneyReader, type JourneyReader } from '../journey/reader.ts';
import { createJourneyRecorder } from '../journey/recorder.ts';
import { createDeviceCache } from '../notifications/devices/device-cache.ts';
import { createDeadLetters, type DeadLetters } from '../notifications/sending/dead-letters.ts';
import { createDevices, type Devices, type TargetCheck } from '../notifications/devices/devices.ts';
import type { PushProviders, PushSettings } from '../notifications/needs.ts';
import { createNotifications, type Notifications } from '../notifications/notifications.ts';
import { createPreferenceCache } from '../notifications/preferences/preference-cache.ts';
import { createPreferences, type Preferences } from '../notifications/preferences/preferences.ts';
import { createQuietUntil } from '../notifications/preferences/quiet-hours.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { DeviceStore } from '../ports/stores/index.ts';
import { Acks } from '../sessions/acks.ts';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { createUploadReferences } from '../uploads/references.ts';
import type { Engine } from './engine.ts';

export interface Messaging {
  chatActions: ChatActions;
  conversations: Conversations;
  messages: Messages;
  devices: Devices;
  preferences: Preferences;
  deadLetters: DeadLetters;
  usedToday: Notifications['usedToday'];
  openings: Notifications['openings'];
  journeys: JourneyReader;
  kinds: Kinds;
  catchUps: CatchUps;
  changes: Changes;
  live: StreamSequencer;
  log: StreamLog;
  acks: Acks;
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  /** The same where the answer is at hand; undefined where it is not. */
  mayReadNow: (app: AppId, stream: string, userId: string) => boolean | undefined;
  /** The shortest time that a push waits for an acknowledgement, by the app's settings and kinds. */
  shortestWaitMs: (app: AppId) => Promise<number>;
  start(): Promise<void>;
  /** Finishes what is under way: first what tells connections, then what pushes, then what records. */
  stop(): Promise<void>;
}

/** Messages that may wait for one stream's writer. */
const maxWaitingPerStream = 10_000;

export interface MessagingDeps {
  engine: Pick<Engine, 'clock' | 'stores' | 'queue' | 'bus' | 'presence'>;
  config: Pick<Config, 'role' | 'limits'>;
  /** The installation's. */
  secret: string;
  logger: Log;
  metrics: Metrics;
  registry: Registry;
  sessions: Pick<Sessions, 'info'>;
  apps: { get(app: AppId): Promise<{ settings: PushSettings }> };
  plugins: PushProviders & {
    provider(app: AppId, providerId: string): Promise<TargetCheck | undefined>;
    messageType(id: string): MessageType | undefined;
  };
  /** Counts what is told; left out, nobody does. */
  stats?: Pick<LiveStats, 'delivered'>;
}

export function createMessaging(deps: MessagingDeps): Messaging {
  const { engine, config, secret, logger, metrics, registry, sessions, apps, plugins, stats } = deps;
  const { stores, bus, queue, presence, clock } = engine;
  const { limits } = config;

  const audiences = new Audiences({ store: stores.conversations, bus, clock });
  const log = createStreamLog({ messages: stores.messages, clock, maxWaiting: maxWaitingPerStream, metrics });
  const conversations = new Conversations({
    store: stores.conversations,
    messages: stores.messages,
    cursors: stores.cursors,
    log,
    audiences,
    clock,
  });
  const shared = new SharedReads({ log, bus, clock });
  const messages = new Messages({
    store: stores.messages,
    clock,
    audiences,
    onChanged: (...args) => shared.changed(...args),
  });
  const reading = createReading({ log, cursors: stores.cursors, messages: stores.messages, audiences });
  const kinds = createKinds({ store: stores.kinds, bus, clock });
  const messageType = (id: string) => plugins.messageType(id);
  const membersOf = async (app: AppId, conversationId: string): Promise<readonly string[]> =>
    (await audiences.get(app, conversationId))?.userIds ?? [];
  const mayRead = (app: AppId, stream: string, userId: string): Promise<boolean> =>
    mayReadStream(stream, userId, async (id) => (await audiences.get(app, id))?.roleOf(userId) !== undefined);
  const mayReadNow = (app: AppId, stream: string, userId: string): boolean | undefined =>
    mayReadStreamNow(stream, userId, (id) => {
      const audience = audiences.peek(app, id);
      return audience === undefined ? undefined : audience.roleOf(userId) !== undefined;
    });
  const waitMs = async (app: AppId): Promise<number> => (await apps.get(app)).settings.waitMs;

  const writer = createSessionWriter({ clock, metrics, behindBytes: limits.sendBehindBytes });
  const catchUps = createCatchUps({
    log: shared,
    writer,
    live: () => live,
    mayRead,
    maxStreams: limits.resumeStreams,
    clock,
    logger,
    metrics,
  });
  const changes = createChanges({
    messages: stores.messages,
    mayRead,
    behindBytes: limits.sendBehindBytes,
    clock,
    logger,
  });
  writer.onBehind((session) => catchUps.resumeBehind(session));
  const builtInActions: ReadonlySet<ServerEvent['action']> = new Set(Object.keys(eventData));
  const fanOut = createFanOut({
    registry,
    writer,
    bus,
    log: logger,
    metrics,
    membersOf,
    live: () => live,
    builtInActions,
    onDelivered: (app, told) => stats?.delivered(app, told),
  });
  const live = createStreamSequencer({
    log,
    deliverStored: (...args) => fanOut.deliverStored(...args),
    logger,
    metrics,
  });

  const recorder = createJourneyRecorder({ store: stores.journeys, clock, log: logger, metrics });
  const journeys = createJourneyReader({ store: stores.journeys, messages: stores.messages, recorder });
  const acks = new Acks({ cursors: stores.cursors, surroundings: { clock, log: logger } });
  acks.onAcked((app, ranges) =>
    recorder.acked(
      app,
      ranges.map((range) => journeyAck(range, registry.byId(range.connectionId))),
    ),
  );

  const deviceStore = createDeviceCache({ store: stores.devices, bus, clock });
  // Where a stale list would be shown, or sent to, it is read anew; what is changed there the cache has to hear of.
  const freshDevices: DeviceStore = {
    ...deviceStore,
    ofUsers: (app, userIds) => stores.devices.ofUsers(app, userIds),
  };
  const devices = createDevices({ store: freshDevices, provider: (app, id) => plugins.provider(app, id), clock });
  const preferenceCache = createPreferenceCache({ store: stores.preferences, bus, clock });
  const preferences = createPreferences({
    store: { ...preferenceCache, ofUsers: (app, userIds) => stores.preferences.ofUsers(app, userIds) },
    clock,
  });
  const quietUntil = createQuietUntil();
  const notifications = createNotifications({
    stores: { ...stores, devices: freshDevices },
    queue,
    clock,
    log: logger,
    metrics,
    acks,
    providers: plugins,
    messageType,
    settings: async (app) => (await apps.get(app)).settings,
    recipientsOf: createRecipientsOf({ kinds, membersOf }),
    quietUntil,
    journey: recorder,
    secret,
    limits,
  });

  const uploads = createUploadReferences({ store: stores.uploads, clock });
  const broadcasting = createBroadcasting({
    validate: createValidate({ kinds, messageType, uploads }),
    uploads,
    resolveAudience: createResolveAudience({ audiences }),
    findPushDevices: createFindPushDevices((app, userIds) => deviceStore.ofUsers(app, userIds)),
    publish: createPublish({ fanOut, log, waitMs, clock, logger }),
    completePlan: createCompletePlan({
      presence,
      servedProviders: (app) => notifications.servedProviders(app),
      preferencesOf: (app, userIds) => preferenceCache.ofUsers(app, userIds),
      quietUntil,
      waitMs,
      clock,
    }),
    once: createIdempotent({ store: stores.idempotency, clock, keepMs: limits.idempotencyKeepMs }),
    fanOut,
    notifications,
    journey: recorder,
    clock,
    logger,
    metrics,
    limits,
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
    onRead: (...args) => notifications.onRead(...args),
    info: (app, userId) => sessions.info(app, userId),
  });
  let healing: { stop(): void } | undefined;

  return {
    chatActions,
    conversations,
    messages,
    devices,
    preferences,
    deadLetters: createDeadLetters({ queue }),
    usedToday: notifications.usedToday,
    openings: notifications.openings,
    journeys,
    kinds,
    catchUps,
    changes,
    live,
    log,
    acks,
    mayRead,
    mayReadNow,
    shortestWaitMs: async (app) => Math.min(await waitMs(app), (await kinds.shortestWaitMs(app)) ?? Infinity),
    async start() {
      await notifications.start({ work: config.role !== 'gateway' });
      healing = watchLostHints({ bus, live, clock, log: logger, metrics });
    },
    async stop() {
      healing?.stop();
      chatActions.stop();
      await chatActions.settled();
      await acks.stop();
      await notifications.stop();
      await recorder.stop();
    },
  };
}
