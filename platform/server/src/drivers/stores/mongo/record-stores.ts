// The stores of records beside the log: tenants, settings, users, hooks and so on, put together. Not the log
// and what goes with it: create-mongo-stores.ts.

import type { Clock } from '../../../ports/clock.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import type { MongoConnection } from './connection.ts';
import { accounts, MongoAccounts } from './accounts.ts';
import { accountLinks, MongoAccountLinks } from './account-links.ts';
import { audit, MongoAudit } from './audit.ts';
import { consoleSessions, MongoConsoleSessions } from './console-sessions.ts';
import { deadLetters, MongoDeadLetters, MongoDeadLetterTotal } from './dead-letters.ts';
import { deliveries, MongoDeliveries, reservations } from './deliveries.ts';
import { devices, MongoDevices } from './devices.ts';
import { erasures, MongoErasures } from './erasures.ts';
import { figures, MongoFigures } from './figures.ts';
import { hookDeliveries, MongoHookDeliveries } from './hook-deliveries.ts';
import { hookIds, hooks, MongoHookDirectory, MongoHooks } from './hooks.ts';
import { idempotency, MongoIdempotency } from './idempotency.ts';
import { installationFacts, MongoInstallation } from './installation.ts';
import { journeyIndex, MongoJourneyIndex } from './journey-index.ts';
import { pageChanges } from './page-changes.ts';
import { MongoPages, pages } from './pages.ts';
import { MongoPreferences, preferences } from './preferences.ts';
import { kinds, MongoKinds, MongoProviders, providers } from './settings.ts';
import { apiKeys, apps, MongoTenancy, tenants } from './tenancy.ts';
import { MongoTeams, teams } from './teams.ts';
import { uploads } from './upload-document.ts';
import { uploadTotals } from './upload-totals.ts';
import { uploadUses } from './upload-uses.ts';
import { MongoUploads } from './uploads.ts';
import { MongoUsage, usage } from './usage.ts';
import { users } from './user-document.ts';
import { userTexts } from './user-texts.ts';
import { MongoUsers } from './users.ts';
import { MongoWebhookEvents, MongoWebhookRelay, webhookEvents } from './webhook-events.ts';
import { MongoWebhooks, webhooks } from './webhooks.ts';

/** To be made or looked for before the stores are used. */
export const recordCollections = [
  ...[installationFacts, tenants, apps, apiKeys, pages, pageChanges, kinds, providers],
  ...[users, userTexts, devices, preferences, usage, idempotency],
  ...[hooks, hookIds, hookDeliveries, webhooks, webhookEvents, deadLetters, deliveries, reservations, erasures],
  ...[journeyIndex, figures],
  ...[uploads, uploadUses, uploadTotals],
  ...[accounts, consoleSessions, teams, accountLinks, audit],
] as const;

export type RecordStores = Omit<
  Stores,
  'conversations' | 'messages' | 'outbox' | 'cursors' | 'journeys' | 'state' | 'close'
>;

export function createRecordStores(connection: MongoConnection, clock: Clock): RecordStores {
  return {
    installation: new MongoInstallation(connection, clock),
    tenancy: new MongoTenancy(connection),
    pages: new MongoPages(connection),
    kinds: new MongoKinds(connection),
    providers: new MongoProviders(connection),
    users: new MongoUsers(connection, clock),
    devices: new MongoDevices(connection, clock),
    preferences: new MongoPreferences(connection),
    usage: new MongoUsage(connection, clock),
    figures: new MongoFigures(connection),
    idempotency: new MongoIdempotency(connection, clock),
    hooks: new MongoHooks(connection),
    hookDirectory: new MongoHookDirectory(connection, clock),
    hookDeliveries: new MongoHookDeliveries(connection),
    webhooks: new MongoWebhooks(connection),
    webhookEvents: new MongoWebhookEvents(connection),
    webhookRelay: new MongoWebhookRelay(connection),
    uploads: new MongoUploads(connection, clock),
    deadLetters: new MongoDeadLetters(connection),
    deadLetterTotal: new MongoDeadLetterTotal(connection),
    deliveries: new MongoDeliveries(connection, clock),
    erasures: new MongoErasures(connection, clock),
    journeyIndex: new MongoJourneyIndex(connection),
    accounts: new MongoAccounts(connection),
    consoleSessions: new MongoConsoleSessions(connection),
    teams: new MongoTeams(connection),
    accountLinks: new MongoAccountLinks(connection),
    audit: new MongoAudit(connection),
  };
}
