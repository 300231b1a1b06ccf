// The parts of the server that routes of the console's API call.

import type { Accounts } from '../../../accounts/accounts.ts';
import type { Audit } from '../../../accounts/audit.ts';
import type { ConsoleSessions } from '../../../accounts/console-sessions.ts';
import type { JobsOfNodes } from '../../../accounts/jobs-of-nodes.ts';
import type { Links } from '../../../accounts/links.ts';
import type { Members } from '../../../accounts/members.ts';
import type { Passwords } from '../../../accounts/passwords.ts';
import type { SecondFactors } from '../../../accounts/second-factor.ts';
import type { Setup } from '../../../accounts/setup.ts';
import type { SignIn } from '../../../accounts/sign-in.ts';
import type { Broadcasting } from '../../../broadcasting/broadcast.ts';
import type { ChatActions } from '../../../broadcasting/chat-actions.ts';
import type { KindCounts } from '../../../broadcasting/kind-counts.ts';
import type { Kinds } from '../../../broadcasting/kinds.ts';
import type { Conversations } from '../../../conversations/conversations.ts';
import type { StreamLog } from '../../../conversations/stream-log.ts';
import type { JourneyReader } from '../../../journey/reader.ts';
import type { BudgetsOfNodes } from '../../../notifications/sending/budgets-of-nodes.ts';
import type { PushPreviews } from '../../../notifications/sending/push-previews.ts';
import type { KeptEvents } from '../../../outbound/kept-events.ts';
import type { WebhookRecords } from '../../../outbound/webhook-records.ts';
import type { PluginHost } from '../../../plugins/plugin-host.ts';
import type { Features } from '../../../pages/features.ts';
import type { Pages } from '../../../pages/pages.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { PageImpact, PageSets } from '../../../sessions/page-impact.ts';
import type { Rollouts } from '../../../sessions/rollouts.ts';
import type { Presence } from '../../../ports/presence.ts';
import type {
  AppLimits,
  AuditStore,
  ConversationStore,
  CursorStore,
  DeviceStore,
  FigureStore,
  HookStore,
  MessageStore,
  PageStore,
  TenancyStore,
  UploadSettings,
  UploadStore,
} from '../../../ports/stores/index.ts';
import type { ApiKeys } from '../../../tenancy/api-keys.ts';
import type { RefusalsOfNodes } from '../../../sessions/refusals-of-nodes.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { KeySetCheck } from '../../../tenancy/tokens/key-set-check.ts';
import type { Decisions } from '../../../journey/decisions.ts';
import type { JourneyLists } from '../../../journey/lists.ts';
import type { JourneyWatches } from '../../../journey/watches.ts';
import type { ConversationWatches } from '../../../conversations/watches.ts';
import type { Devices } from '../../../notifications/devices/devices.ts';
import type { Preferences } from '../../../notifications/preferences/preferences.ts';
import type { Sessions } from '../../../sessions/sessions.ts';
import type { FiguresOfNodes } from '../../../sessions/views/figures-of-nodes.ts';
import type { NodesOfApp } from '../../../sessions/views/nodes-of-app.ts';
import type { ConnectionLists } from '../../../sessions/views/connection-lists.ts';
import type { LiveViews } from '../../../sessions/views/live-views.ts';
import type { People } from '../../../tenancy/people.ts';
import type { SignOut } from '../../../tenancy/sign-out.ts';
import type { Tokens } from '../../../tenancy/tokens/tokens.ts';
import type { AppMaker } from '../../../tenancy/make-app.ts';
import type { Vault } from '../../../tenancy/vault.ts';
import type { VersionStart } from '../../../tenancy/version-starts.ts';
import type { PageCursors } from '../../page-cursor.ts';
import type { ShownPushes } from '../playground/shown-pushes.ts';

export interface AdminServices {
  accounts: Accounts;
  sessions: ConsoleSessions;
  signIn: SignIn;
  factors: SecondFactors;
  passwords: Passwords;
  members: Members;
  links: Links;
  audit: Audit;
  auditStore: Pick<AuditStore, 'list' | 'count' | 'get'>;
  setup: Setup;
  tenancy: Pick<TenancyStore, 'tenant' | 'tenants' | 'putTenant' | 'removeTenant'>;
  /** Resolves when nothing of the app is left, or it may not go on. `reached`: a share of 1. */
  appErasure: {
    erase(app: AppId, watch: { mayGoOn: () => boolean; reached: (share: number) => void }): Promise<void>;
  };
  apps: Pick<Apps, 'find' | 'get' | 'list' | 'put'>;
  appMaker: AppMaker;
  pages: Pick<Pages, 'set' | 'change' | 'preview' | 'history' | 'historyOfAll' | 'isManaged'>;
  features: Pick<Features, 'of'>;
  rollouts: Pick<Rollouts, 'of'>;
  pageImpact: (app: AppId, sets: PageSets) => Promise<PageImpact>;
  tokens: Pick<Tokens, 'sign' | 'inspect'>;
  apiKeys: Pick<ApiKeys, 'create' | 'list' | 'remove' | 'rotate'>;
  keySets: Pick<KeySetCheck, 'check'>;
  vault: Pick<Vault, 'seal'>;
  egress: { checkUrl(url: string): Promise<{ ok: true } | { ok: false; reason: string }> };
  refusals: Pick<RefusalsOfNodes, 'of'>;
  pageStore: Pick<PageStore, 'list'>;
  uploadUsage: UploadStore['usage'];
  cursors: PageCursors;
  clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  /** Connections of apps; the console's own sessions are above. */
  connections: Pick<Sessions, 'disconnect' | 'tell'>;
  connectionLists: ConnectionLists;
  views: LiveViews;
  figures: Pick<FiguresOfNodes, 'of'>;
  nodes: Pick<NodesOfApp, 'of'>;
  versionStarts: () => Promise<readonly VersionStart[]>;
  figureStore: Pick<FigureStore, 'read'>;
  webhooks: Pick<WebhookRecords, 'list' | 'get' | 'put' | 'rotate' | 'remove' | 'record' | 'pause' | 'resume'>;
  webhookEvents: Pick<KeptEvents, 'list' | 'get' | 'replay' | 'replayAll' | 'countOf' | 'test'>;
  jobs: JobsOfNodes;
  /** Users of apps. */
  people: Pick<People, 'find' | 'list' | 'count'>;
  presence: Pick<Presence, 'ofUsers' | 'count' | 'page'>;
  devices: Pick<Devices, 'list' | 'get' | 'remove'>;
  deviceStore: Pick<DeviceStore, 'ofUsers'>;
  preferences: Pick<Preferences, 'get' | 'change'>;
  conversationStore: Pick<ConversationStore, 'ofUser' | 'search' | 'get' | 'participants'>;
  conversations: Pick<Conversations, 'get' | 'put' | 'participant' | 'putParticipant' | 'removeParticipant'>;
  cursorStore: Pick<CursorStore, 'get'>;
  streams: Pick<StreamLog, 'head' | 'heads' | 'read'>;
  chatActions: Pick<ChatActions, 'deleteMessage'>;
  providers: Pick<PluginHost, 'providers' | 'resume'>;
  providerBudgets: Pick<BudgetsOfNodes, 'of'>;
  /** What pretend phones of the playground were shown. */
  pushes: Pick<ShownPushes, 'of'>;
  decisions: Decisions;
  journeys: JourneyReader;
  journeyLists: Pick<JourneyLists, 'list' | 'count'>;
  journeyWatches: Pick<JourneyWatches, 'watch'>;
  conversationWatches: Pick<ConversationWatches, 'watch'>;
  messageStore: Pick<MessageStore, 'byId'>;
  kinds: Pick<Kinds, 'find' | 'versions' | 'put' | 'remove' | 'isManaged'>;
  kindCounts: Pick<KindCounts, 'of'>;
  hookStore: Pick<HookStore, 'list'>;
  messageTypes: PluginHost['messageTypes'];
  broadcasting: Pick<Broadcasting, 'plan' | 'broadcast' | 'explain'>;
  pushPreviews: Pick<PushPreviews, 'of'>;
  userSignOut: Pick<SignOut, 'signOut'>;
  /** Ends what an account has open at the console's own app. */
  signOut: (account: string) => Promise<unknown>;
  server: ServerFacts;
}

/** What the console says about the server it is of. */
export interface ServerFacts {
  version: string;
  engine: 'embedded' | 'cluster';
  publicUrl: string | undefined;
  /** Of apps that do not say. */
  appLimits: AppLimits;
  uploads: UploadSettings;
  /** Path of the playground with its secret. */
  playground: string | undefined;
}
