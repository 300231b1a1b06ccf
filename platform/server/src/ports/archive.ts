// All that an installation keeps in its stores, as records that are the same on every engine, read and
// written in bounded parts: for moving an installation from one engine to another. Not what is written when:
// maintenance/move.
//
// A store that is added gets its line here. A test compares the lines with the tables and collections of the
// drivers (drivers/stores/archive.test.ts), so that none is forgotten.

/**
 * `text`, `number` and `flag` are what they say; `value` is any other JSON, which a driver may keep as its
 * text or as what it is. With `?` it may be left out.
 */
type Plain = 'text' | 'number' | 'flag' | 'value';
export type ArchivedField = Plain | `${Plain}?`;

export interface ArchivedCollection {
  /**
   * Unique together; records are read in this order. Left out: records that no field names, in their own
   * order.
   */
  key?: readonly string[];
  /** In this order they are compared. */
  fields: Readonly<Record<string, ArchivedField>>;
  /** What is counted and compared together: the first fields of the key. */
  group: readonly string[];
  /** Records of one part, where they may be large. */
  perPart?: number;
  /** So long after the moment in this field the record means nothing any more, and an engine may drop it. */
  expires?: { field: string; afterMs: number };
}

const body = { version: 'number', body: 'text' } as const;
const ofApp = ['app'] as const;
const large = 50;
const dayMs = 86_400_000;

/**
 * In the order in which they are written. What a driver makes of them for itself (words of messages, texts of
 * users) is not among them, and neither are jobs, which are the queue's.
 */
export const archived = {
  tenants: { key: ['id'], fields: { id: 'text', body: 'text' }, group: [] },
  apps: { key: ['app'], fields: { app: 'text', tenantId: 'text', ...body }, group: [] },
  apiKeys: { key: ['app', 'id'], fields: { app: 'text', id: 'text', hash: 'text', ...body }, group: ofApp },
  pages: { key: ['app', 'pattern'], fields: { app: 'text', pattern: 'text', versions: 'value' }, group: ofApp },
  kinds: { key: ['app', 'id'], fields: { app: 'text', id: 'text', ...body }, group: ofApp },
  providers: { key: ['app', 'id'], fields: { app: 'text', id: 'text', ...body }, group: ofApp },
  hooks: { key: ['app', 'id'], fields: { app: 'text', id: 'text', ...body }, group: ofApp },
  hookIds: { key: ['id'], fields: { id: 'text', app: 'text' }, group: [] },
  users: {
    key: ['app', 'userId'],
    fields: {
      ...{ app: 'text', userId: 'text', name: 'text?', avatar: 'text?', roles: 'text?' },
      ...{ lastSeenAt: 'number?', signedOutAt: 'number?', details: 'text?', version: 'number' },
    },
    group: ofApp,
  },
  devices: {
    key: ['app', 'id'],
    fields: {
      ...{ app: 'text', id: 'text', userId: 'text', provider: 'text', target: 'text', targetHash: 'text' },
      ...{ deviceType: 'text', locale: 'text?', timeZone: 'text?', shown: 'text?' },
      ...{ createdAt: 'number', updatedAt: 'number' },
    },
    group: ofApp,
  },
  preferences: { key: ['app', 'userId'], fields: { app: 'text', userId: 'text', ...body }, group: ofApp },
  usage: {
    key: ['app', 'day', 'name'],
    fields: { app: 'text', day: 'text', name: 'text', count: 'number' },
    group: ofApp,
  },
  figures: {
    key: ['app', 'at', 'source'],
    fields: {
      ...{ app: 'text', at: 'number', source: 'text', reasons: 'value' },
      ...{ desktop: 'number?', mobile: 'number?', tablet: 'number?', users: 'number?' },
      ...{ messages: 'number', events: 'number', accepted: 'number', failed: 'number', withheld: 'number' },
      ...{ mayPush: 'number?', pushEnds: 'value?' },
    },
    group: ofApp,
  },
  uploads: {
    key: ['app', 'id'],
    fields: {
      ...{ app: 'text', id: 'text', userId: 'text', state: 'text', name: 'text', type: 'text', bytes: 'number' },
      ...{ digest: 'text', createdAt: 'number', unusedSince: 'number?' },
    },
    group: ofApp,
  },
  uploadUses: {
    key: ['app', 'uploadId', 'messageId', 'stream'],
    fields: { app: 'text', uploadId: 'text', messageId: 'text', stream: 'text', at: 'number' },
    group: ofApp,
  },
  uploadTotals: { key: ['app'], fields: { app: 'text', count: 'number', bytes: 'number' }, group: ofApp },
  /** With who is in them. One that was removed leaves the epoch of the next one of its id. */
  conversations: {
    key: ['app', 'id'],
    fields: {
      ...{ app: 'text', id: 'text', isRemoved: 'flag', epoch: 'text', title: 'text?', metadata: 'text?' },
      ...{ version: 'number?', createdAt: 'number?', activeAt: 'number?', participants: 'value?' },
    },
    group: ofApp,
    perPart: large,
  },
  messages: {
    key: ['app', 'stream', 'seq'],
    fields: {
      ...{ app: 'text', stream: 'text', seq: 'number', id: 'text', conversationId: 'text?', sender: 'text' },
      ...{ cid: 'text', bodyHash: 'text', kind: 'text', action: 'text', data: 'text', policy: 'text' },
      ...{ targets: 'value?', exclude: 'value?', storedAt: 'number', editedAt: 'number?', deletedAt: 'number?' },
      ...{ dueAt: 'number?', contentVersion: 'number?', replyTo: 'text?', reactions: 'value?' },
      ...{ pinnedAt: 'number?', pinnedBy: 'text?', replyCount: 'number?', repliedAt: 'number?', addedAt: 'number?' },
    },
    group: ['app', 'stream'],
  },
  cursors: {
    key: ['app', 'stream', 'userId'],
    fields: {
      ...{ app: 'text', stream: 'text', userId: 'text', delivered: 'number', seen: 'number', seenMobile: 'number' },
      ...{ read: 'number', pushed: 'number', claimId: 'text?', claimFrom: 'number?' },
    },
    group: ['app', 'stream'],
  },
  journeys: {
    fields: {
      ...{ app: 'text', messageId: 'text?', stream: 'text?', from: 'number?', to: 'number?' },
      ...{ type: 'text', at: 'number', body: 'text' },
    },
    group: ofApp,
    expires: { field: 'at', afterMs: 399 * dayMs },
  },
  journeyIndex: {
    key: ['app', 'messageId'],
    fields: {
      ...{ app: 'text', messageId: 'text', at: 'number', kind: 'text', conversationId: 'text?', senderId: 'text?' },
      ...{ users: 'value?', reasons: 'value', facts: 'number', body: 'text' },
    },
    group: ofApp,
    expires: { field: 'at', afterMs: 399 * dayMs },
  },
  idempotency: {
    key: ['app', 'key'],
    fields: {
      ...{ app: 'text', key: 'text', bodyHash: 'text', token: 'text', beganAt: 'number', forgetAt: 'number' },
      answer: 'text?',
    },
    group: ofApp,
    perPart: large,
    expires: { field: 'forgetAt', afterMs: 0 },
  },
  hookDeliveries: {
    key: ['app', 'hookId', 'id'],
    fields: {
      ...{ app: 'text', hookId: 'text', id: 'text', receivedAt: 'number', outcome: 'text' },
      ...{ body: 'text', payload: 'text?' },
    },
    group: ofApp,
    perPart: large,
  },
  webhooks: {
    key: ['app', 'id'],
    fields: { app: 'text', id: 'text', ...body, health: 'text?' },
    group: ofApp,
  },
  webhookEvents: {
    key: ['app', 'webhookId', 'id'],
    fields: {
      ...{ app: 'text', webhookId: 'text', id: 'text', place: 'text', type: 'text', createdAt: 'number' },
      ...{ batch: 'text?', lane: 'text?', state: 'text', dueAt: 'number?', endedAt: 'number?' },
      ...{ tries: 'number', attempts: 'text', payload: 'text' },
    },
    group: ofApp,
    perPart: large,
  },
  deadLetters: {
    key: ['app', 'id'],
    fields: {
      ...{ app: 'text', id: 'text', payload: 'text', error: 'text', label: 'text?', diedAt: 'number' },
    },
    group: ofApp,
    perPart: large,
  },
  deliveries: {
    key: ['app', 'id'],
    fields: {
      ...{ app: 'text', id: 'text', provider: 'text', providerMessageId: 'text?', userId: 'text' },
      ...{ messageId: 'text', stream: 'text', seq: 'number', deviceId: 'text', deviceType: 'text' },
      ...{ acceptedAt: 'number', events: 'value' },
    },
    group: ofApp,
  },
  reservations: {
    key: ['app', 'key'],
    fields: { app: 'text', key: 'text', userId: 'text', owner: 'text', through: 'number', at: 'number' },
    group: ofApp,
  },
  erasures: {
    key: ['app', 'key'],
    fields: { app: 'text', key: 'text', id: 'text', state: 'text', finishedAt: 'number?', body: 'text' },
    group: ofApp,
  },
  accounts: { key: ['id'], fields: { id: 'text', email: 'text', ...body }, group: [] },
  teams: { key: ['tenantId'], fields: { tenantId: 'text', ...body }, group: [] },
  accountLinks: {
    key: ['hash'],
    fields: {
      ...{ hash: 'text', kind: 'text', tenantId: 'text', id: 'text', account: 'text?', expiresAt: 'number' },
      body: 'text',
    },
    group: [],
    expires: { field: 'expiresAt', afterMs: 0 },
  },
  audit: {
    key: ['tenant', 'id'],
    fields: {
      ...{ tenant: 'text', id: 'text', at: 'number', actor: 'text', action: 'text', app: 'text?' },
      ...{ objectType: 'text', objectId: 'text', text: 'text', body: 'text' },
    },
    group: ['tenant'],
  },
  /** Small facts; not those that an engine keeps about itself. */
  installation: { key: ['name'], fields: { name: 'text', value: 'text' }, group: [] },
} as const satisfies Record<string, ArchivedCollection>;

export type ArchiveName = keyof typeof archived;

/** What `fields` of its collection say; fields that are left out are not there. */
export type ArchivedRecord = Readonly<Record<string, unknown>>;

export interface ArchiveRead {
  /** The `next` of the part before. */
  after?: string | undefined;
  /** About so many. */
  limit: number;
  /**
   * `key`: the same on every engine. `arrival`: the order in which they have to be written, where a driver
   * finds the newest by it.
   */
  order: 'key' | 'arrival';
  /** Records that mean nothing any more at this moment are left out. */
  atMs: number;
}

export interface ArchivePart {
  records: readonly ArchivedRecord[];
  /** Where the next part begins, for this engine alone; absent when this was the last. */
  next?: string;
}

/** How far a move has got: kept by its target, with what was written. */
export interface MoveMark {
  /** The installation that is moved. */
  source: string;
  state: 'copying' | 'comparing' | 'done';
  /** What is copied now, and the place in it. */
  collection?: ArchiveName | undefined;
  after?: string | undefined;
  /** Parts that were written: names the next one. */
  parts: number;
  /** Records that were written, by collection. */
  counts: Readonly<Partial<Record<ArchiveName, number>>>;
}

/** The fact of the installation that holds the mark, as JSON. */
export const moveFactName = 'move';

/**
 * Guarantees: nobody else writes to it, as far as the engine can see to that. `write` is durable when it
 * resolves, and may be done again with the same mark after a kill at any moment: what was written then is
 * there once.
 */
export interface Archive {
  /** Names the installation, wherever it was moved; undefined where none has begun. */
  identity(): Promise<string | undefined>;
  /** Nothing was ever stored. */
  isEmpty(): Promise<boolean>;
  mark(): Promise<MoveMark | undefined>;
  /** Jobs that wait or run, which are no records; undefined where the engine does not keep them itself. */
  waitingJobs(): Promise<number | undefined>;
  /** About how many; for people who wait. */
  count(name: ArchiveName): Promise<number>;
  read(name: ArchiveName, request: ArchiveRead): Promise<ArchivePart>;
  /** The mark is stored with them, or after them. */
  write(name: ArchiveName, records: readonly ArchivedRecord[], mark: MoveMark): Promise<void>;
  putMark(mark: MoveMark): Promise<void>;
  close(): Promise<void>;
}

export function fieldOf(record: ArchivedRecord, field: string): unknown {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}

export function isAlive({ expires }: ArchivedCollection, record: ArchivedRecord, atMs: number): boolean {
  return expires === undefined || Number(fieldOf(record, expires.field)) + expires.afterMs > atMs;
}

/** Facts that an engine keeps about itself: they do not move. */
export const engineFacts: ReadonlySet<string> = new Set([moveFactName, 'data_id', 'schema', 'schema_lease']);

/** People in a conversation, in an order that does not depend on how an engine keeps them. */
export interface ArchivedParticipant {
  userId: string;
  role: string;
  joinedAt: number;
  /** JSON. */
  metadata?: string;
}

export function inOrder(participants: readonly ArchivedParticipant[]): ArchivedParticipant[] {
  return participants.toSorted((a, b) => (a.userId < b.userId ? -1 : 1));
}

/** One version of a page policy, the oldest first. */
export interface ArchivedPageVersion {
  /** JSON. */
  policy: string;
  removed: boolean;
  via?: string | undefined;
  note?: string | undefined;
}
