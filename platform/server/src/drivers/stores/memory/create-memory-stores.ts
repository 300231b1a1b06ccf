// All stores in memory, for tests. Not durable, and no part of the product.

import type { AppId } from '../../../ports/app-id.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import { memoryAccountLinks, memoryAccounts, memoryConsoleSessions, memoryTeams } from './accounts.ts';
import { memoryAudit } from './audit.ts';
import { MemoryConversations } from './conversations.ts';
import { memoryCursors } from './cursors.ts';
import { MemoryDeadLetters } from './dead-letters.ts';
import { MemoryDeliveries } from './deliveries.ts';
import { memoryErasures } from './erasures.ts';
import { memoryFigures } from './figures.ts';
import { memoryHookDeliveries, memoryHookDirectory, memoryHooks } from './hooks.ts';
import { MemoryLogs } from './logs.ts';
import { MemoryMessages } from './messages.ts';
import { memoryWebhookRelay, memoryWebhooks, MemoryWebhookEvents } from './outbound.ts';
import { memoryOutbox } from './outbox.ts';
import { memoryDevices } from './devices.ts';
import { memoryPreferences, memoryUsage } from './preferences.ts';
import { memoryJourneyIndex } from './journey-index.ts';
import { memoryIdempotency, memoryJourneys } from './records.ts';
import { memoryKinds, memoryPages, memoryProviders } from './settings.ts';
import { createSwitchboard } from './switchboard.ts';
import type { Switchboard } from './switchboard.ts';
import { memoryInstallation, memoryTenancy } from './tenancy.ts';
import { MemoryUploads } from './uploads.ts';
import { MemoryUsers } from './users.ts';

export interface MemoryStores extends Stores {
  /**
   * See Switchboard: `stores.fail('messages.append')` makes that method reject until
   * `stores.fail(undefined)`.
   */
  fail: Switchboard['fail'];
  onState: Switchboard['onState'];
}

export function createMemoryStores(): MemoryStores {
  const board = createSwitchboard();
  const logs = new MemoryLogs();
  const cursors = memoryCursors();
  const conversations = new MemoryConversations(logs, cursors);
  const isIn = (app: AppId, id: string, userId: string): boolean =>
    conversations.participants(app, id)?.participants.some((each) => each.userId === userId) === true;
  const deadLetters = new MemoryDeadLetters();
  const webhookEvents = new MemoryWebhookEvents();
  const stores = board.wrap<Omit<Stores, 'state' | 'close'>>({
    installation: memoryInstallation(),
    tenancy: memoryTenancy(),
    pages: memoryPages(),
    kinds: memoryKinds(),
    providers: memoryProviders(),
    conversations,
    messages: new MemoryMessages(logs, isIn),
    outbox: memoryOutbox(logs),
    deadLetters,
    deadLetterTotal: { count: () => deadLetters.total },
    deliveries: new MemoryDeliveries(),
    cursors: cursors.cursors,
    users: new MemoryUsers(),
    devices: memoryDevices(),
    preferences: memoryPreferences(),
    usage: memoryUsage(),
    figures: memoryFigures(),
    journeys: memoryJourneys(),
    journeyIndex: memoryJourneyIndex(),
    idempotency: memoryIdempotency(),
    hooks: memoryHooks(),
    hookDirectory: memoryHookDirectory(),
    hookDeliveries: memoryHookDeliveries(),
    webhooks: memoryWebhooks(),
    webhookEvents,
    webhookRelay: memoryWebhookRelay(webhookEvents),
    uploads: new MemoryUploads(),
    erasures: memoryErasures(),
    accounts: memoryAccounts(),
    consoleSessions: memoryConsoleSessions(),
    teams: memoryTeams(),
    accountLinks: memoryAccountLinks(),
    audit: memoryAudit(),
  });
  const { fail, state, onState, close } = board;
  return { ...stores, fail, state, onState, close };
}
