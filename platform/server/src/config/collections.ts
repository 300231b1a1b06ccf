// Every collection that a user, a visitor, an API key or the sender of a webhook can make longer, with what
// bounds it, as data: docs/bounds.md is made from it, and a test walks it. Keeping to a bound is the business
// of whoever has the collection.

import type { LimitName } from './limits.ts';

/** `member`: somebody in the console. */
type Grower = 'user' | 'visitor' | 'key' | 'sender' | 'member';

interface Collection {
  readonly of: string;
  readonly grownBy: readonly Grower[];
  /** The methods of ports that make it longer, as `store.method`; none for what is kept in memory alone. */
  readonly through: readonly string[];
  readonly bound: readonly LimitName[];
  /** What one more gets. */
  readonly then: string;
}

const users = ['user', 'key'] as const;

/** With a number above which nothing is added, or something goes for it. */
export const boundedCollections = {
  waitingSockets: {
    of: 'sockets of an address that have not connected',
    grownBy: ['visitor'],
    through: [],
    bound: ['unauthenticatedPerAddress', 'connectDeadlineMs'],
    then: '429, after a wait of 1 s',
  },
  connectionsOfUser: {
    of: 'connections of a user, on all nodes',
    grownBy: ['user'],
    through: ['presence.join'],
    bound: ['connectionsPerUser'],
    then: 'the oldest of the same device is closed with 4504; from a device that has none, 4504',
  },
  connectionsOfAddress: {
    of: 'connections of an address to an app, on a node',
    grownBy: ['user', 'visitor'],
    through: ['presence.join'],
    bound: ['connectionsPerAddress'],
    then: '4504',
  },
  connectionsOfVisitors: {
    of: 'connections of an app, where another visitor comes',
    grownBy: ['visitor'],
    through: ['presence.join'],
    bound: ['connectionsPerApp'],
    then: '4504 above nine tenths; the app may set a limit of its own',
  },
  connectionsOfApp: {
    of: 'connections of an app',
    grownBy: ['user'],
    through: ['presence.join'],
    bound: ['connectionsPerApp'],
    then: '4504; the app may set a limit of its own',
  },
  topics: {
    of: 'topics of a connection',
    grownBy: ['user', 'visitor'],
    through: [],
    bound: ['topicsPerConnection'],
    then: '`too_many`',
  },
  members: {
    of: 'connections of a topic whose users are named',
    grownBy: ['user'],
    through: [],
    bound: ['membersOfTopic'],
    then: 'those that came last are not named; `hasMore`',
  },
  watches: {
    of: 'users whom a connection watches',
    grownBy: ['user'],
    through: [],
    bound: ['watchesPerConnection'],
    then: '`too_many`',
  },
  devices: {
    of: 'push targets of a user',
    grownBy: users,
    through: ['devices.register'],
    bound: ['devicesPerUser'],
    then: 'takes the place of the one that was registered longest ago',
  },
  deviceTarget: {
    of: 'bytes of a push target',
    grownBy: users,
    through: ['devices.register', 'devices.retarget'],
    bound: ['deviceTargetBytes'],
    then: '`too_large`',
  },
  preferences: {
    of: 'conversations in the preferences of a user',
    grownBy: users,
    through: ['preferences.put'],
    bound: ['preferenceConversations'],
    then: '`too_large`',
  },
  unusedUploads: {
    of: 'uploads of a user that no message uses',
    grownBy: users,
    through: ['uploads.begin', 'uploads.complete', 'blobs.put'],
    bound: ['unusedUploadsPerUser', 'uploadUnusedMs'],
    then: '`too_many`',
  },
  uploadBytes: {
    of: 'bytes of all uploads of an app',
    grownBy: users,
    through: ['uploads.complete', 'blobs.put'],
    bound: ['uploadQuotaBytes', 'uploadBytes'],
    then: '`quota_exceeded`',
  },
  arrivingUploads: {
    of: 'uploads of a user or key that arrive at once, on a node',
    grownBy: users,
    through: ['uploads.begin'],
    bound: ['uploadsAtOncePerUser', 'uploadsAtOnce', 'uploadDeadlineMs'],
    then: '`rate_limited`; all together: `overloaded`',
  },
  keptAnswersOfUser: {
    of: 'answers kept under an `Idempotency-Key` of a user',
    grownBy: ['user'],
    through: ['idempotency.begin', 'idempotency.finish'],
    bound: ['idempotencyKeysPerUser', 'idempotencyKeepMs'],
    then: '`rate_limited`',
  },
  participants: {
    of: 'participants of a conversation',
    grownBy: ['key'],
    through: ['conversations.create', 'conversations.putParticipant'],
    bound: ['participantsPerConversation'],
    then: '`too_many`',
  },
  reactions: {
    of: 'different reactions to a message',
    grownBy: users,
    through: ['messages.annotate'],
    bound: ['reactionsPerMessage'],
    then: '`too_many`',
  },
  usersOfReaction: {
    of: 'users who gave a message the same reaction',
    grownBy: users,
    through: ['messages.annotate'],
    bound: ['usersPerReaction'],
    then: '`too_many`',
  },
  pages: {
    of: 'page policies of an app',
    grownBy: ['key'],
    through: ['pages.put', 'pages.putAll'],
    bound: ['pagesPerApp'],
    then: '`too_many`',
  },
  pageVersions: {
    of: 'versions of a page policy, and pages that were taken away',
    grownBy: ['key'],
    through: ['pages.put', 'pages.putAll'],
    bound: ['pageVersions'],
    then: 'the oldest is forgotten',
  },
  kinds: {
    of: 'kinds of an app of its own',
    grownBy: ['key'],
    through: ['kinds.put'],
    bound: ['kindsPerApp'],
    then: '`too_many`',
  },
  hooks: {
    of: 'inbound webhooks of an app',
    grownBy: ['key'],
    through: ['hooks.put', 'hookDirectory.claim'],
    bound: ['hooksPerApp'],
    then: '`too_many`',
  },
  hookDeliveries: {
    of: 'webhooks that came in and are kept, of an app',
    grownBy: ['sender'],
    through: ['hookDeliveries.put'],
    bound: ['hookDeliveriesPerApp'],
    then: 'the oldest are forgotten each hour, and all of them as journeys are',
  },
  webhooks: {
    of: 'outgoing webhooks of an app',
    grownBy: ['key', 'member'],
    through: ['webhooks.put'],
    bound: ['webhooksPerApp'],
    then: '`too_many`',
  },
  webhookEvents: {
    of: 'events of outgoing webhooks that are kept, of an app',
    grownBy: ['user', 'visitor', 'key', 'sender'],
    through: ['webhookEvents.add'],
    bound: ['webhookEventsPerApp'],
    then: 'the oldest are forgotten each hour, and all of them as journeys are',
  },
  deadLetters: {
    of: 'pushes of an app that were given up',
    grownBy: users,
    through: ['deadLetters.put'],
    bound: ['deadLettersPerApp'],
    then: 'the oldest are forgotten each hour, and all of them after 30 days',
  },
  deliveries: {
    of: 'pushes of an app that a provider took and that something may be heard of',
    grownBy: users,
    through: ['deliveries.put'],
    bound: ['deliveriesPerApp'],
    then: 'the oldest are forgotten each hour, and all of them after 8 days',
  },
} as const satisfies Record<string, Collection>;

export type BoundedCollection = keyof typeof boundedCollections;

interface Growing {
  readonly of: string;
  readonly grownBy: readonly Grower[];
  readonly through: readonly string[];
  /** How fast it grows at most, and what makes it shorter. */
  readonly because: string;
}

/** The app's own data, which has no number: as long as the app has something to say, it grows. */
export const growingCollections: readonly Growing[] = [
  {
    of: 'messages, and the order they stand in',
    grownBy: ['user', 'key', 'sender'],
    through: ['messages.append', 'messages.appendMany', 'uploads.setUses'],
    because: 'the rate of commands of each connection and of requests of each user and key; `retentionMs` of the app',
  },
  {
    of: 'conversations',
    grownBy: ['key'],
    through: ['conversations.create'],
    because: 'the rate of requests of a key; the key deletes them',
  },
  {
    of: 'users, and how far they have read',
    grownBy: ['user', 'key'],
    through: ['users.merge', 'users.putDetails', 'cursors.advance', 'cursors.claim', 'cursors.start'],
    because:
      'one row a user whom the app signed a token for, or set something of (8192 characters of metadata), one a user and stream that they may read',
  },
  {
    of: 'reports about users who were erased',
    grownBy: ['key'],
    through: ['erasures.begin'],
    because: 'one a user, and the rate of requests of a key; forgotten 30 days after the end',
  },
  {
    of: 'accounts of the console, their sessions, teams and links',
    grownBy: ['member'],
    through: ['accounts.put', 'consoleSessions.put', 'teams.put', 'accountLinks.put'],
    because:
      '1000 members and 200 invitations of a tenant, 50 sessions of an account; sessions and links go when they have expired',
  },
  {
    of: 'tenants, apps and API keys',
    grownBy: ['member'],
    through: ['tenancy.putTenant', 'tenancy.putApp', 'tenancy.putApiKey'],
    because: '1000 apps of a tenant; tenants are made by operators, and by the provision file',
  },
  {
    of: 'entries of the audit',
    grownBy: ['member'],
    through: ['audit.append'],
    because: 'one a change that somebody makes in the console; forgotten after 400 days',
  },
  {
    of: 'journeys',
    grownBy: ['user', 'key', 'sender'],
    through: ['journeys.append', 'journeyIndex.put'],
    because: 'a few rows a message, and one in the index; `journeyRetentionMs` of the app',
  },
  {
    of: 'pushes that wait',
    grownBy: ['user', 'key', 'sender'],
    through: ['jobs.add'],
    because: 'one job for up to `LIMIT_JOB_RECIPIENTS` recipients of a message; `ttlSeconds` of its policy',
  },
  {
    of: 'answers kept under the keys of back ends and the ids of webhooks',
    grownBy: ['key', 'sender'],
    through: ['idempotency.begin', 'idempotency.finish'],
    because: 'the rate of requests of a key or hook; `LIMIT_IDEMPOTENCY_KEEP_MS`',
  },
  {
    of: 'counters of a day',
    grownBy: ['user', 'key', 'sender'],
    through: ['usage.add'],
    because: 'one a day, app and provider, and one an hour, app and kind that the app knows, of the last days',
  },
  {
    of: 'figures of a minute',
    grownBy: ['user', 'visitor', 'key', 'sender'],
    through: ['figures.put'],
    because: 'one a minute, app and node while somebody is there; gone after 7 days',
  },
  {
    of: 'counts of a span of time',
    grownBy: ['user', 'visitor', 'key', 'sender'],
    through: ['rates.take'],
    because: 'one a caller or address and minute, user and day; gone with its window',
  },
];

/** Methods that write and make nothing longer that any of them could: what they change is there, or is an operator's. */
export const growsNothing: Readonly<Record<string, string>> = {
  'installation.set': 'a fact of the installation',
  'installation.setOnce': 'a fact of the installation',
  'consoleSessions.touch': 'changes what is there',
  'consoleSessions.remove': 'takes away',
  'consoleSessions.removeOthers': 'takes away',
  'consoleSessions.prune': 'takes away',
  'teams.remove': 'takes away',
  'accountLinks.take': 'takes away',
  'accountLinks.remove': 'takes away',
  'accountLinks.removeResets': 'takes away',
  'accountLinks.prune': 'takes away',
  'appData.erase': 'takes away',
  'audit.prune': 'takes away',
  'tenancy.removeTenant': 'takes away',
  'tenancy.removeApiKey': 'takes away',
  'tenancy.removeApp': 'takes away',
  'providers.put': 'by the provision file alone; a pause changes what is there',
  'providers.remove': 'takes away',
  'kinds.remove': 'takes away',
  'conversations.update': 'changes what is there',
  'conversations.removeParticipant': 'takes away',
  'conversations.remove': 'takes away',
  'messages.edit': 'changes what is there',
  'messages.remove': 'takes away',
  'messages.clearOutbox': 'takes away',
  'messages.prune': 'takes away',
  'outbox.take': 'changes what is there',
  'deadLetters.remove': 'takes away',
  'deadLetters.prune': 'takes away',
  'deadLetters.trim': 'takes away',
  'devices.remember': 'at most 20 of a device, the oldest go',
  'devices.remove': 'takes away',
  'users.remove': 'takes away',
  'preferences.remove': 'takes away',
  'messages.erase': 'takes away',
  'cursors.erase': 'takes away',
  'journeys.erase': 'takes away',
  'journeyIndex.erase': 'takes away',
  'idempotency.erase': 'takes away',
  'hookDeliveries.erase': 'takes away',
  'deadLetters.erase': 'takes away',
  'deliveries.addEvent': 'changes what is there',
  'deliveries.reserve': 'one for each user, stream and channel of a fall-back; all of them go after 8 days',
  'deliveries.prune': 'takes away',
  'deliveries.trim': 'takes away',
  'deliveries.erase': 'takes away',
  'uploads.erase': 'takes away',
  'erasures.put': 'changes what is there',
  'erasures.prune': 'takes away',
  'journeys.prune': 'takes away',
  'journeyIndex.prune': 'takes away',
  'figures.prune': 'takes away',
  'hooks.remove': 'takes away',
  'hookDirectory.release': 'takes away',
  'hookDeliveries.removeOf': 'takes away',
  'hookDeliveries.prune': 'takes away',
  'hookDeliveries.trim': 'takes away',
  'webhooks.remove': 'takes away',
  'webhooks.putHealth': 'changes what is there',
  'webhookEvents.gather': 'changes what is there',
  'webhookEvents.take': 'changes what is there',
  'webhookEvents.finish': 'at most 20 attempts of an event, the oldest go',
  'webhookEvents.reopen': 'changes what is there',
  'webhookEvents.wake': 'changes what is there',
  'webhookEvents.giveUp': 'changes what is there',
  'webhookEvents.removeOf': 'takes away',
  'webhookEvents.prune': 'takes away',
  'webhookEvents.trim': 'takes away',
  'webhookEvents.erase': 'takes away',
  'idempotency.abandon': 'takes away',
  'idempotency.prune': 'takes away',
  'uploads.dropUses': 'takes away',
  'uploads.claim': 'changes what is there',
  'uploads.claimIdle': 'changes what is there',
  'uploads.forget': 'takes away',
  'jobs.claim': 'changes what is there',
  'jobs.hurry': 'changes what is there',
  'jobs.record': 'changes what is there',
  'jobs.recover': 'changes what is there',
};
