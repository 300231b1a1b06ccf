// Every method that crosses to the worker thread, and whether it writes. Not what the methods do: one file a
// store.

import type { AppData } from '../../../ports/app-data.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import type { JobStore } from '../../queue/embedded/job-store.ts';

export interface SqliteDiagnostics {
  /** Transactions committed by writing batches since the file was opened. */
  commits: number;
  /** Batches taken, with and without writes. */
  batches: number;
  /** The thread that holds the database. */
  threadId: number;
  journalMode: string;
  /** 1 NORMAL, 2 FULL, as SQLite counts. */
  synchronous: number;
  schemaVersion: number;
}

/** The engine about itself. */
export interface EngineStore {
  diagnostics(): Promise<SqliteDiagnostics>;
}

/** All that is kept in the file: the stores of the port, and what only the embedded engine has. */
export type SqliteStoreSet = Omit<Stores, 'state' | 'close'> & {
  jobs: JobStore;
  appData: AppData;
  engine: EngineStore;
};

export type StoreName = keyof SqliteStoreSet;

/** A batch without a `write` opens no write transaction and waits for no disk. */
export const methods = {
  installation: { get: 'read', setOnce: 'write', set: 'write' },
  tenancy: {
    tenants: 'read',
    tenant: 'read',
    putTenant: 'write',
    removeTenant: 'write',
    apps: 'read',
    app: 'read',
    putApp: 'write',
    removeApp: 'write',
    apiKeyByHash: 'read',
    apiKeys: 'read',
    putApiKey: 'write',
    removeApiKey: 'write',
  },
  pages: { list: 'read', put: 'write', putAll: 'write', history: 'read', historyOfAll: 'read' },
  kinds: { list: 'read', put: 'write', remove: 'write' },
  providers: { list: 'read', get: 'read', put: 'write', remove: 'write' },
  conversations: {
    create: 'write',
    get: 'read',
    update: 'write',
    participants: 'read',
    putParticipant: 'write',
    removeParticipant: 'write',
    ofUser: 'read',
    sharing: 'read',
    list: 'read',
    search: 'read',
    remove: 'write',
  },
  messages: {
    append: 'write',
    appendMany: 'write',
    heads: 'read',
    read: 'read',
    newest: 'read',
    countUnread: 'read',
    byId: 'read',
    byCid: 'read',
    edit: 'write',
    remove: 'write',
    annotate: 'write',
    changed: 'read',
    search: 'read',
    clearOutbox: 'write',
    prune: 'write',
    ofSender: 'read',
    erase: 'write',
  },
  outbox: { take: 'write' },
  deadLetters: {
    put: 'write',
    get: 'read',
    list: 'read',
    remove: 'write',
    count: 'read',
    prune: 'write',
    trim: 'write',
    erase: 'write',
  },
  deadLetterTotal: { count: 'read' },
  deliveries: {
    put: 'write',
    find: 'read',
    addEvent: 'write',
    accepted: 'read',
    reserve: 'write',
    prune: 'write',
    trim: 'write',
    erase: 'write',
  },
  cursors: { get: 'read', ofUser: 'read', advance: 'write', claim: 'write', start: 'write', erase: 'write' },
  users: { get: 'read', merge: 'write', putDetails: 'write', list: 'read', count: 'read', remove: 'write' },
  devices: { register: 'write', retarget: 'write', remember: 'write', get: 'read', ofUsers: 'read', remove: 'write' },
  preferences: { ofUsers: 'read', put: 'write', remove: 'write' },
  usage: { add: 'write', read: 'read' },
  figures: { put: 'write', read: 'read', prune: 'write' },
  journeys: { append: 'write', read: 'read', prune: 'write', erase: 'write' },
  journeyIndex: { put: 'write', list: 'read', count: 'read', prune: 'write', erase: 'write' },
  hooks: { list: 'read', get: 'read', put: 'write', remove: 'write' },
  hookDirectory: { appOf: 'read', claim: 'write', release: 'write' },
  hookDeliveries: {
    put: 'write',
    get: 'read',
    list: 'read',
    removeOf: 'write',
    prune: 'write',
    trim: 'write',
    erase: 'write',
  },
  webhooks: { list: 'read', get: 'read', put: 'write', remove: 'write', health: 'read', putHealth: 'write' },
  webhookEvents: {
    add: 'write',
    get: 'read',
    list: 'read',
    gather: 'write',
    take: 'write',
    finish: 'write',
    first: 'read',
    reopen: 'write',
    wake: 'write',
    giveUp: 'write',
    counts: 'read',
    removeOf: 'write',
    prune: 'write',
    trim: 'write',
    erase: 'write',
  },
  webhookRelay: { overdue: 'read' },
  idempotency: { begin: 'write', finish: 'write', abandon: 'write', prune: 'write', erase: 'write' },
  uploads: {
    begin: 'write',
    complete: 'write',
    get: 'read',
    usage: 'read',
    streams: 'read',
    setUses: 'write',
    dropUses: 'write',
    claim: 'write',
    claimIdle: 'write',
    forget: 'write',
    erase: 'write',
  },
  erasures: { begin: 'write', get: 'read', put: 'write', unfinished: 'read', prune: 'write' },
  accounts: { get: 'read', byEmail: 'read', put: 'write', list: 'read' },
  consoleSessions: {
    put: 'write',
    get: 'read',
    touch: 'write',
    ofAccount: 'read',
    remove: 'write',
    removeOthers: 'write',
    prune: 'write',
  },
  teams: { get: 'read', put: 'write', ofAccount: 'read', remove: 'write' },
  accountLinks: {
    put: 'write',
    get: 'read',
    ofTenant: 'read',
    take: 'write',
    remove: 'write',
    removeResets: 'write',
    prune: 'write',
  },
  audit: { append: 'write', list: 'read', count: 'read', get: 'read', prune: 'write' },
  jobs: { add: 'write', claim: 'write', record: 'write', recover: 'write', hurry: 'write', counts: 'read' },
  appData: { uploads: 'read', erase: 'write' },
  engine: { diagnostics: 'read' },
} as const satisfies { [S in StoreName]: { [M in keyof SqliteStoreSet[S]]: 'read' | 'write' } };
