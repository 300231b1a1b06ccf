// Puts together the purpose of Belfry: broadcasting over conversations and delivery, with push beside it.
// Edges and tenancy come in compose/server.ts.

import type { MessageType } from '@belfry/plugin-kit';
import { BeforeStage, type AskBefore } from '../broadcasting/ask-before.ts';
import { createResolveAudience } from '../broadcasting/audience.ts';
import { Broadcasting, type BroadcastingDeps } from '../broadcasting/broadcast.ts';
import { ChatActions } from '../broadcasting/chat-actions.ts';
import { Explainer } from '../broadcasting/explainer.ts';
import { FollowUp } from '../broadcasting/follow-up.ts';
import { Idempotent } from '../broadcasting/idempotent.ts';
import { ListPublisher } from '../broadcasting/list-publisher.ts';
import { MessageAdditions } from '../broadcasting/message-additions.ts';
import { MessageChanges } from '../broadcasting/message-changes.ts';
import { Planner, type PlannerDeps } from '../broadcasting/plan.ts';
import { createPublishChange } from '../broadcasting/publish-change.ts';
import { Publisher } from '../broadcasting/publish.ts';
import { ReadState } from '../broadcasting/read-state.ts';
import { Simulator } from '../broadcasting/simulate.ts';
import { Typing } from '../broadcasting/typing.ts';
import { Validator } from '../broadcasting/validate.ts';
import type { Config } from '../config/config.ts';
import type { MayRead } from '../delivery/may-read.ts';
import { recordAcks } from '../delivery/record-acks.ts';
import type { PushSettings } from '../notifications/push-settings.ts';
import { BudgetsOfNodes } from '../notifications/sending/budgets-of-nodes.ts';
import type { NodeLine } from '../concurrency/node-line.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { Acks } from '../sessions/acks.ts';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { createUploadReferences } from '../uploads/references.ts';
import { composeConversations, type ConversationParts } from './conversations.ts';
import { composeDelivery, type DeliveryParts } from './delivery.ts';
import type { Engine } from './engine.ts';
import { composePush, type Push, type PushDeps, type PushParts } from './push.ts';

/** Messaging over the push that it was given. */
export interface Messaging
  extends
    Pick<ConversationParts, 'conversations' | 'messages' | 'search' | 'kinds' | 'log'>,
    Pick<DeliveryParts, 'catchUps' | 'changes' | 'places'>,
    Pick<MayRead, 'mayRead' | 'mayReadNow'> {
  broadcasting: Broadcasting;
  chatActions: ChatActions;
  simulator: Simulator;
  acks: Acks;
  delivery: DeliveryParts;
  /** The shortest time that a push waits for an acknowledgement, by the app's settings and kinds. */
  shortestWaitMs: (app: AppId) => Promise<number>;
  start(): void;
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

/** All that edges call of it: messaging and push. */
export interface MessagingServices
  extends Omit<Messaging, 'start'>, Pick<Push, 'devices' | 'renewals' | 'preferences' | 'deadLetters' | 'onSignedOut'> {
  usedToday: Notifications['usedToday'];
  /** How all nodes find the providers of an app. */
  providerBudgets: BudgetsOfNodes;
  openings: Notifications['openings'];
  receipts: Notifications['receipts'];
  unsubscribing: Notifications['unsubscribing'];
  start(): Promise<void>;
  /** Finishes what is under way: first what delivers, then what pushes. */
  stop(): Promise<void>;
}

interface CommonDeps {
  surroundings: Surroundings;
  facts: Pick<Facts, 'record' | 'wants' | 'subscribe'>;
  registry: Registry;
  sessions: Pick<Sessions, 'info' | 'elsewhere'>;
  apps: { get(app: AppId): Promise<{ settings: PushSettings }> };
  /** Asks the app's webhook before messages; left out, nobody has one. */
  askBefore?: AskBefore;
  /** Keeps stored messages for the app's webhooks; left out, nobody has any. */
  keepStored?: BroadcastingDeps['keepStored'];
  /** Counts what is delivered; left out, nobody does. */
  stats?: Pick<LiveStats, 'delivered'>;
}

export interface MessagingDeps extends CommonDeps {
  engine: Pick<Engine, 'stores' | 'bus' | 'presence'>;
  config: Pick<Config, 'limits'>;
  conversations: ConversationParts;
  acks: Acks;
  push: PushParts;
  messageType: (id: string) => MessageType | undefined;
}

export interface MessagingServicesDeps extends CommonDeps {
  engine: Pick<Engine, 'stores' | 'queue' | 'rates' | 'bus' | 'presence'>;
  config: Pick<Config, 'role' | 'limits' | 'publicUrl'>;
  line: Pick<NodeLine, 'ask' | 'handle'>;
  /** The installation's. */
  secret: string;
  plugins: PushDeps['plugins'] & Pick<PluginHost, 'messageType'>;
  apps: CommonDeps['apps'] & { find(key: string): Promise<{ app: AppId } | undefined> };
}

/** As it ships: with the real push. */
export function composeMessaging(deps: MessagingServicesDeps): MessagingServices {
  const { engine, config, surroundings, facts, secret, apps, plugins, line } = deps;
  const conversations = composeConversations({ engine, surroundings, facts, limits: config.limits });
  const acks = new Acks({ cursors: engine.stores.cursors, surroundings });
  const messageType = (id: string): MessageType | undefined => plugins.messageType(id);
  const push = composePush({
    ...{ engine, conversations, acks, facts, secret, surroundings, messageType, plugins, limits: config.limits },
    publicUrl: config.publicUrl,
    settings: async (app) => (await apps.get(app)).settings,
    findApp: async (key) => (await apps.find(key))?.app,
  });
  const messaging = createMessaging({ ...deps, conversations, acks, push, messageType });
  const { devices, renewals, preferences, deadLetters, onSignedOut, notifications } = push;
  return {
    ...messaging,
    ...{ devices, renewals, preferences, deadLetters, onSignedOut },
    usedToday: (app, providerId) => notifications.usedToday(app, providerId),
    providerBudgets: new BudgetsOfNodes({
      ...{ own: (app, providerId) => notifications.budgetOf(app, providerId), line, clock: surroundings.clock },
    }),
    openings: notifications.openings,
    receipts: notifications.receipts,
    unsubscribing: notifications.unsubscribing,
    async start() {
      await notifications.start({ work: config.role !== 'gateway' });
      messaging.start();
    },
    async stop() {
      await messaging.stop();
      await notifications.stop();
    },
  };
}

export function createMessaging(deps: MessagingDeps): Messaging {
  const { conversations: parts, acks, registry, facts, surroundings } = deps;
  const { conversations, messages, search, kinds, log } = parts;
  const { mayRead, mayReadNow } = parts.access;
  const delivery = composeDelivery({ ...deps, elsewhere: deps.sessions.elsewhere, limits: deps.config.limits });
  const { catchUps, changes, places, lostHints } = delivery;
  const waitMs = async (app: AppId): Promise<number> => (await deps.apps.get(app)).settings.waitMs;
  const typing = new Typing(surroundings.clock);
  const { broadcasting, chatActions, simulator } = composeBroadcasting({ ...deps, delivery, typing, waitMs });
  recordAcks({ acks, registry, clock: surroundings.clock, facts });
  return {
    ...{ conversations, messages, search, kinds, log, mayRead, mayReadNow },
    ...{ delivery, catchUps, changes, places },
    ...{ broadcasting, chatActions, simulator, acks },
    shortestWaitMs: async (app) => Math.min(await waitMs(app), (await kinds.shortestWaitMs(app)) ?? Infinity),
    start: () => lostHints.start(),
    async stop() {
      lostHints.stop();
      typing.stop();
      await broadcasting.settled();
      await acks.stop();
    },
  };
}

/** The stages of a broadcast, in order, and what calls them. */
function composeBroadcasting(
  deps: MessagingDeps & { delivery: DeliveryParts; typing: Typing; waitMs: (app: AppId) => Promise<number> },
): { broadcasting: Broadcasting; chatActions: ChatActions; simulator: Simulator } {
  const { engine, surroundings, sessions, conversations, delivery, push, facts, messageType, typing, waitMs } = deps;
  const { clock } = surroundings;
  const { limits } = deps.config;
  const { audiences, log, kinds, messages, participantsOf } = conversations;
  const { fanOut, local } = delivery;
  const { notifications, quietUntil, knownDevices, knownPreferences } = push;
  const uploads = createUploadReferences({ store: engine.stores.uploads, clock });
  const planning: PlannerDeps = {
    presence: engine.presence,
    elsewhere: sessions.elsewhere,
    devices: knownDevices,
    preferences: knownPreferences,
    ...{ notifications, quietUntil, clock },
    settings: async (app) => (await deps.apps.get(app)).settings,
  };
  const planner = new Planner(planning);
  const validating = { kinds, messageType, uploads, limits };
  const validator = new Validator(validating);
  const resolveAudience = createResolveAudience({ audiences });
  const readState = new ReadState({
    reading: conversations.reading,
    ...{ notifications, participantsOf, fanOut, clock, facts },
  });
  const publishChange = createPublishChange({ participantsOf, fanOut, clock });
  const additions = new MessageAdditions({ messages, publishChange, limits, log: surroundings.log });
  const { askBefore: ask } = deps;
  const broadcasting = new Broadcasting({
    ...{ validator, resolveAudience },
    ...(ask === undefined ? {} : { before: new BeforeStage({ ask, validator, messages: engine.stores.messages }) }),
    explainer: new Explainer({ validator, resolveAudience, planner, local, clock }),
    publisher: new Publisher({ fanOut, local, log, audiences, waitMs, surroundings }),
    followUp: new FollowUp({ planner, additions, notifications, facts, limits, surroundings }),
    idempotent: new Idempotent({ store: engine.stores.idempotency, clock, keepMs: limits.idempotencyKeepMs }),
    ...{ uploads, planner, readState, typing, facts, surroundings },
    ...(deps.keepStored === undefined ? {} : { keepStored: deps.keepStored }),
  });
  const changes = new MessageChanges({
    ...{ messages, kinds, audiences, uploads, messageType, participantsOf, publishChange, additions, clock, facts },
    ...(ask === undefined ? {} : { askBefore: ask }),
  });
  const lists = new ListPublisher({ conversations: conversations.conversations, fanOut, participantsOf, surroundings });
  conversations.conversations.onListChange(lists.publish);
  const simulator = new Simulator({
    ...{ validator: validating, planner: planning, resolveAudience, local, clock },
    messages: engine.stores.messages,
  });
  return {
    ...{ broadcasting, simulator },
    chatActions: new ChatActions({ broadcasting, readState, typing, changes, additions, sessions, clock }),
  };
}
