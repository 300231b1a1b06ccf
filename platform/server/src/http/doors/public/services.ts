// All that handlers of the public API call: the capabilities themselves, each as narrow as its routes need
// it.

import type { ClientSettings } from '@belfry/protocol';
import type { Broadcasting } from '../../../broadcasting/broadcast.ts';
import type { ChatActions } from '../../../broadcasting/chat-actions.ts';
import type { Simulator } from '../../../broadcasting/simulate.ts';
import type { Kinds } from '../../../broadcasting/kinds.ts';
import type { Conversations } from '../../../conversations/conversations.ts';
import type { Messages } from '../../../conversations/messages.ts';
import type { Search } from '../../../conversations/search.ts';
import type { StreamLog } from '../../../conversations/stream-log.ts';
import type { Unread } from '../../../conversations/unread.ts';
import type { Deliveries } from '../../../hooks/deliveries.ts';
import type { HookRecords } from '../../../hooks/hook-records.ts';
import type { Inbound } from '../../../hooks/inbound.ts';
import type { JourneyReader } from '../../../journey/reader.ts';
import type { Renewals } from '../../../notifications/devices/renewals.ts';
import type { Devices } from '../../../notifications/devices/devices.ts';
import type { Preferences } from '../../../notifications/preferences/preferences.ts';
import type { DeadLetters } from '../../../notifications/sending/dead-letters.ts';
import type { BudgetsOfNodes } from '../../../notifications/sending/budgets-of-nodes.ts';
import type { Quotas } from '../../../notifications/sending/quotas.ts';
import type { KeptEvents } from '../../../outbound/kept-events.ts';
import type { WebhookRecords } from '../../../outbound/webhook-records.ts';
import type { Openings } from '../../../notifications/receipts/openings.ts';
import type { Pages } from '../../../pages/pages.ts';
import type { UnknownFeatures } from '../../../pages/unknown-features.ts';
import type { PluginHost } from '../../../plugins/plugin-host.ts';
import type { Presence } from '../../../ports/presence.ts';
import type { RefusedClients } from '../../../sessions/refused-clients.ts';
import type { Sessions } from '../../../sessions/sessions.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { Erasures } from '../../../tenancy/erasures.ts';
import type { People } from '../../../tenancy/people.ts';
import type { SignOut } from '../../../tenancy/sign-out.ts';
import type { Tokens } from '../../../tenancy/tokens/tokens.ts';
import type { Uploads } from '../../../uploads/uploads.ts';
import type { PageCursors } from '../../page-cursor.ts';

export interface PublicServices {
  apps: Pick<Apps, 'find'>;
  conversations: Pick<
    Conversations,
    | 'put'
    | 'patch'
    | 'get'
    | 'list'
    | 'remove'
    | 'participants'
    | 'participant'
    | 'putParticipant'
    | 'patchParticipant'
    | 'addParticipants'
    | 'removeParticipant'
  >;
  messages: Pick<Messages, 'history' | 'inbox' | 'get' | 'replies' | 'pins'>;
  search: Pick<Search, 'find'>;
  streamLog: Pick<StreamLog, 'head'>;
  broadcasting: Pick<Broadcasting, 'broadcast' | 'explain'>;
  simulator: Pick<Simulator, 'requests' | 'newest'>;
  chatActions: Pick<
    ChatActions,
    'broadcastMessage' | 'broadcastReadStatus' | 'editMessage' | 'deleteMessage' | 'react' | 'pinMessage'
  >;
  kinds: Pick<Kinds, 'list' | 'put' | 'remove'>;
  sessions: Pick<Sessions, 'info' | 'presenceOf' | 'disconnect'>;
  presence: Pick<Presence, 'page' | 'ofUsers'>;
  signOut: Pick<SignOut, 'signOut'>;
  tokens: Pick<Tokens, 'sign'>;
  people: Pick<People, 'get' | 'list' | 'put' | 'patch'>;
  unread: Pick<Unread, 'of'>;
  erasures: Pick<Erasures, 'begin' | 'report'>;
  pages: Pick<Pages, 'set' | 'put' | 'history' | 'revert' | 'remove'>;
  features: Pick<UnknownFeatures, 'unknownIn'>;
  devices: Devices;
  renewals: Pick<Renewals, 'renew'>;
  preferences: Preferences;
  providers: Pick<PluginHost, 'providers' | 'resume'>;
  quotas: Pick<Quotas, 'today'>;
  providerBudgets: Pick<BudgetsOfNodes, 'of'>;
  deadLetters: DeadLetters;
  openings: Pick<Openings, 'read' | 'record'>;
  journeys: JourneyReader;
  hooks: Pick<HookRecords, 'list' | 'get' | 'put' | 'rotate' | 'remove' | 'record'>;
  hookDeliveries: Deliveries;
  inbound: Pick<Inbound, 'replay' | 'attempt'>;
  webhooks: Pick<WebhookRecords, 'list' | 'get' | 'put' | 'rotate' | 'remove' | 'record' | 'pause' | 'resume'>;
  webhookEvents: Pick<KeptEvents, 'list' | 'get' | 'replay' | 'replayAll' | 'test'>;
  uploads: Pick<Uploads, 'take' | 'get' | 'remove'>;
  cursors: Pick<PageCursors, 'seal' | 'open'>;
  refusedClients: Pick<RefusedClients, 'record'>;
  /** How clients are to behave; sent with the pages. */
  client: ClientSettings;
  limits: { batchBroadcasts: number; presenceIds: number; pageSize: number };
}
