// The bounds on what one connection, user, API key or app may have of something, as data. All others, and how
// each is set: limits.ts. What they bound: collections.ts.

export interface LimitSpec {
  readonly default: number;
  /** The smallest value that still makes a working server. */
  readonly min: number;
  readonly max: number;
  readonly unit: 'bytes' | 'ms' | 'count';
  readonly help: string;
}

export const growthLimitSpecs = {
  topicsPerConnection: {
    default: 100,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Topics that one connection may be subscribed to; above it `too_many`.',
  },
  membersOfTopic: {
    // As many records are read from presence, at most ten times a second, for each topic that is watched.
    default: 500,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Connections of a topic that are looked at to say who is there; the list of more says `hasMore`.',
  },
  watchesPerConnection: {
    default: 1000,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Users whose presence one connection may watch; above it `too_many`.',
  },
  participantsPerConversation: {
    default: 10_000,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Participants of one conversation, however they are added; above it `too_many`.',
  },
  reactionsPerMessage: {
    // Each is in every event that says how the reactions of the message are now.
    default: 20,
    min: 1,
    max: 1000,
    unit: 'count',
    help: 'Different reactions to one message; above it `too_many`.',
  },
  usersPerReaction: {
    default: 200,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Users who give one message the same reaction; above it `too_many`.',
  },
  devicesPerUser: {
    default: 50,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Push targets of one user; one more takes the place of the one that was registered longest ago.',
  },
  deviceTargetBytes: {
    default: 16_384,
    min: 512,
    max: 1_048_576,
    unit: 'bytes',
    help: 'A push target, as JSON; above it `too_large`.',
  },
  preferenceConversations: {
    default: 1000,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Conversations that the preferences of one user may name; above it `too_large`.',
  },
  pagesPerApp: {
    // Every client reads all of them.
    default: 200,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Page policies of one app; above it `too_many`.',
  },
  pageVersions: {
    default: 1000,
    min: 1,
    max: 1_000_000,
    unit: 'count',
    help: 'Versions of one page policy that are kept, the newest; of as many pages that were taken away they are kept too.',
  },
  kindsPerApp: {
    default: 500,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Kinds of an app of its own; above it `too_many`.',
  },
  hooksPerApp: {
    // Read whole; an app with more sources has one hook for many of them.
    default: 500,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Inbound webhooks of one app; above it `too_many`.',
  },
  hookDeliveriesPerApp: {
    default: 100_000,
    min: 100,
    max: 100_000_000,
    unit: 'count',
    help: 'Webhooks that came in and are kept to be shown and replayed, of one app; each hour the oldest above it are forgotten.',
  },
  webhooksPerApp: {
    // Each is compared with every event of the app.
    default: 50,
    min: 1,
    max: 1000,
    unit: 'count',
    help: 'Outgoing webhooks of one app; above it `too_many`.',
  },
  webhookEventsPerApp: {
    default: 100_000,
    min: 100,
    max: 100_000_000,
    unit: 'count',
    help: 'Events of outgoing webhooks that are kept to be sent, shown and sent again, of one app; each hour the oldest above it are forgotten.',
  },
  deadLettersPerApp: {
    default: 100_000,
    min: 100,
    max: 100_000_000,
    unit: 'count',
    help: 'Pushes that were given up and are kept to be replayed, of one app; each hour the oldest above it are forgotten.',
  },
  deliveriesPerApp: {
    default: 1_000_000,
    min: 100,
    max: 100_000_000,
    unit: 'count',
    help: 'Pushes that a provider took and that receipts, openings or fall-backs may be about, of one app; each hour the oldest above it are forgotten.',
  },
  uploadsAtOncePerUser: {
    // A page that sends ten pictures sends them a few at a time.
    default: 8,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Uploads of one user or API key that arrive on a node at the same time; above it `rate_limited`.',
  },
  unusedUploadsPerUser: {
    default: 100,
    min: 1,
    max: 1_000_000,
    unit: 'count',
    help: 'Uploads of one user that no message uses yet; above it `too_many`.',
  },
  idempotencyKeysPerUser: {
    default: 10_000,
    min: 10,
    max: 10_000_000,
    unit: 'count',
    help: 'Requests with an `Idempotency-Key` a day of one user; above it `rate_limited`. API keys have their requests a minute alone.',
  },
} as const satisfies Record<string, LimitSpec>;
