// All stores over one open database, as the worker thread calls them. Not their statements: one file each.

import type { DatabaseSync } from 'node:sqlite';
import { threadId } from 'node:worker_threads';
import type { SynchronousStores } from './batch.ts';
import { sqliteAccountLinks, sqliteAccounts, sqliteConsoleSessions, sqliteTeams } from './accounts.ts';
import { sqliteAppData } from './app-data.ts';
import { sqliteAudit } from './audit.ts';
import { SqliteConversations } from './conversations.ts';
import { sqliteCursors } from './cursors.ts';
import { pragmaNumber } from './database.ts';
import { SqliteDeadLetters, sqliteDeadLetterTotal } from './dead-letters.ts';
import { SqliteDeliveries } from './deliveries.ts';
import { sqliteDevices } from './devices.ts';
import { sqliteErasures } from './erasures.ts';
import { sqliteFigures } from './figures.ts';
import { sqliteHookDeliveries, sqliteHookDirectory, sqliteHooks } from './hooks.ts';
import { sqliteIdempotency } from './idempotency.ts';
import { sqliteInstallation } from './installation.ts';
import { SqliteJobs } from './jobs.ts';
import { sqliteJourneyIndex } from './journey-index.ts';
import { sqliteJourneys } from './journeys.ts';
import { SqliteMessages } from './messages.ts';
import { sqliteWebhooks } from './outbound.ts';
import { sqliteOutbox } from './outbox.ts';
import { sqlitePages } from './pages.ts';
import { sqlitePreferences } from './preferences.ts';
import { text } from './row.ts';
import { sqliteKinds, sqliteProviders } from './settings.ts';
import { sqliteTenancy } from './tenancy.ts';
import { SqliteUploads } from './uploads.ts';
import { sqliteUsage } from './usage.ts';
import { SqliteUsers } from './users.ts';
import { SqliteWebhookEvents, sqliteWebhookRelay } from './webhook-events.ts';

export function createStoreSet(
  db: DatabaseSync,
  counted: () => { commits: number; batches: number },
): SynchronousStores {
  return {
    installation: sqliteInstallation(db),
    tenancy: sqliteTenancy(db),
    pages: sqlitePages(db),
    kinds: sqliteKinds(db),
    providers: sqliteProviders(db),
    conversations: new SqliteConversations(db),
    messages: new SqliteMessages(db),
    outbox: sqliteOutbox(db),
    deadLetters: new SqliteDeadLetters(db),
    deadLetterTotal: sqliteDeadLetterTotal(db),
    deliveries: new SqliteDeliveries(db),
    cursors: sqliteCursors(db),
    users: new SqliteUsers(db),
    devices: sqliteDevices(db),
    preferences: sqlitePreferences(db),
    usage: sqliteUsage(db),
    figures: sqliteFigures(db),
    journeys: sqliteJourneys(db),
    journeyIndex: sqliteJourneyIndex(db),
    hooks: sqliteHooks(db),
    hookDirectory: sqliteHookDirectory(db),
    hookDeliveries: sqliteHookDeliveries(db),
    webhooks: sqliteWebhooks(db),
    webhookEvents: new SqliteWebhookEvents(db),
    webhookRelay: sqliteWebhookRelay(db),
    idempotency: sqliteIdempotency(db),
    uploads: new SqliteUploads(db),
    erasures: sqliteErasures(db),
    accounts: sqliteAccounts(db),
    consoleSessions: sqliteConsoleSessions(db),
    teams: sqliteTeams(db),
    accountLinks: sqliteAccountLinks(db),
    audit: sqliteAudit(db),
    jobs: new SqliteJobs(db),
    appData: sqliteAppData(db),
    engine: {
      diagnostics: () => ({
        ...counted(),
        threadId,
        journalMode: text(db.prepare('PRAGMA journal_mode').get() ?? {}, 'journal_mode'),
        synchronous: pragmaNumber(db, 'synchronous'),
        schemaVersion: pragmaNumber(db, 'user_version'),
      }),
    },
  };
}
