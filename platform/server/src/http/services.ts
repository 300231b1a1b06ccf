// What the HTTP edge needs of the rest of the server, as narrow interfaces. Compose passes what fulfils them.

import type {
  BroadcastRequest,
  BroadcastResult,
  ClientSettings,
  Conversation,
  ConnectionInfo,
  ExplainResult,
  Kind,
  Message,
  PresenceState,
  PushQuota,
  ServerEvent,
} from '@belfry/protocol';
import type { Deliveries } from '../hooks/deliveries.ts';
import type { HookRecords } from '../hooks/hook-records.ts';
import type { Inbound } from '../hooks/inbound.ts';
import type { JourneyReader } from '../journey/reader.ts';
import type { DeadLetters } from '../notifications/sending/dead-letters.ts';
import type { Devices } from '../notifications/devices/devices.ts';
import type { Openings } from '../notifications/sending/receipts.ts';
import type { Preferences } from '../notifications/preferences/preferences.ts';
import type { Pages } from '../pages/pages.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Presence } from '../ports/presence.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { Tokens } from '../tenancy/tokens/tokens.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { HttpOrigin } from './caller.ts';
import type { PageCursors } from './page-cursor.ts';

/** Where a list of conversations goes on. */
export interface ConversationPosition {
  activeAt: number;
  id: string;
}

type Participant = Conversation['participants'][number];

/** All throw `not_found` alike for what is not there and for a viewer who is not in it. */
export interface ConversationService {
  put(
    app: AppId,
    id: string,
    input: { title?: string | undefined; participants?: readonly { userId: string; role: string }[] | undefined },
  ): Promise<{ conversation: Conversation; created: boolean }>;
  get(app: AppId, id: string, viewer?: string): Promise<Conversation>;
  list(
    app: AppId,
    page: { userId?: string | undefined; before?: ConversationPosition | undefined; limit: number },
  ): Promise<{ conversations: readonly Conversation[]; next?: ConversationPosition }>;
  remove(app: AppId, id: string): Promise<void>;
  participants(app: AppId, id: string, viewer?: string): Promise<readonly Participant[]>;
  participant(app: AppId, id: string, userId: string): Promise<Participant | undefined>;
  putParticipant(app: AppId, id: string, input: { userId: string; role: string }): Promise<'added' | 'changed'>;
  removeParticipant(app: AppId, id: string, userId: string): Promise<void>;
}

/** What is done to messages that are there; each tells the other participants. Throws as ConversationService. */
export interface MessageService {
  messages(
    app: AppId,
    conversationId: string,
    query: {
      afterSeq?: number | undefined;
      beforeSeq?: number | undefined;
      limit: number;
      /** Only for this user's eyes; an API key sees all. */
      viewer?: string | undefined;
    },
  ): Promise<{ messages: readonly Message[]; hasMore: boolean }>;
  /** What was said to a user by name. */
  inbox(
    app: AppId,
    userId: string,
    query: { afterSeq?: number | undefined; beforeSeq?: number | undefined; limit: number },
  ): Promise<{ events: readonly ServerEvent[]; hasMore: boolean }>;
  read(
    app: AppId,
    conversationId: string,
    request: { userId: string; seq?: number | undefined; messageIds?: readonly string[] | undefined },
  ): Promise<{ seq: number }>;
  /** Without `userId` it is the app's own doing. */
  edit(
    app: AppId,
    messageId: string,
    change: { content: Record<string, unknown>; by: { userId?: string | undefined } },
  ): Promise<Message>;
  remove(app: AppId, messageId: string, by: { userId?: string | undefined }): Promise<Message>;
}

export interface SendRequest {
  senderId: string;
  cid?: string | undefined;
  type: string;
  content: Record<string, unknown>;
  kind: string;
  replyTo?: string | undefined;
  mentions?: readonly string[] | undefined;
}

export interface BroadcastService {
  send(
    app: AppId,
    request: SendRequest & { conversationId: string },
    origin: HttpOrigin,
  ): Promise<{ messageId: string; seq: number; duplicate: boolean; timestamp: string }>;
  broadcast(app: AppId, request: BroadcastRequest, origin: HttpOrigin): Promise<BroadcastResult>;
  explain(app: AppId, request: BroadcastRequest, origin: HttpOrigin): Promise<ExplainResult>;
}

export interface SessionService {
  info(app: AppId, userId: string): Promise<readonly ConnectionInfo[]>;
  presenceOf(app: AppId, userIds: readonly string[]): Promise<readonly PresenceState[]>;
  /** False when no node has it. */
  disconnect(app: AppId, connectionId: string, code: 'signed_out'): Promise<boolean>;
}

/** Marks the user and closes the connections of tokens issued so far, on every node. */
export interface SignOutService {
  signOut(app: AppId, userId: string): Promise<unknown>;
}

/** Kinds that the tenant made; built-in ones are code. */
export interface KindService {
  list(app: AppId): Promise<readonly Kind[]>;
  put(app: AppId, kind: Kind): Promise<{ created: boolean }>;
  remove(app: AppId, kind: string): Promise<boolean>;
}

/** A configured provider, without its configuration. */
export interface ProviderSummary {
  id: string;
  plugin: string;
  channel: string;
  state: 'on' | 'off' | 'paused';
  reason?: string | undefined;
  quota?: PushQuota | undefined;
  /** Pushes of this day (UTC). */
  usedToday: number;
}

/** What a client needs to register a device with a provider. */
export interface PublicProvider {
  id: string;
  plugin: string;
  channel: string;
  public: Readonly<Record<string, unknown>>;
}

export interface ProviderService {
  providers(app: AppId): Promise<readonly ProviderSummary[]>;
  /** Those that are not off. */
  publicProviders(app: AppId): Promise<readonly PublicProvider[]>;
  /** Ends a pause; does nothing to one that is not paused. */
  resume(app: AppId, providerId: string): Promise<void>;
}

/** Inbound webhooks. */
export interface HookService {
  records: Pick<HookRecords, 'list' | 'get' | 'put' | 'rotate' | 'remove' | 'record'>;
  deliveries: Deliveries;
  inbound: Pick<Inbound, 'replay' | 'attempt'>;
}

/** All that routes call. */
export interface HttpServices {
  apps: Pick<Apps, 'find'>;
  conversations: ConversationService;
  messages: MessageService;
  chatActions: BroadcastService;
  sessions: SessionService;
  presence: Pick<Presence, 'all'>;
  signOut: SignOutService;
  devices: Devices;
  preferences: Preferences;
  deadLetters: DeadLetters;
  openings: Openings;
  tokens: Pick<Tokens, 'sign'>;
  pages: Pick<Pages, 'set' | 'put' | 'history' | 'revert' | 'remove'>;
  journeys: JourneyReader;
  kinds: KindService;
  hooks: HookService;
  uploads: Pick<Uploads, 'take' | 'get' | 'remove' | 'serve'>;
  providers: ProviderService;
  cursors: PageCursors;
  /** How clients are to behave, told with the pages. */
  client: ClientSettings;
  limits: { batchBroadcasts: number; presenceIds: number };
}
