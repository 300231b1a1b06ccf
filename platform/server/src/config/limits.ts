// Every bound there is, as data: variable, default, unit, meaning. Keeping to it is the business of whoever
// is bounded.

import { growthLimitSpecs, type LimitSpec } from './growth-limits.ts';
import { webhookLimitSpecs } from './webhook-limits.ts';

const day = 24 * 60 * 60_000;

/** Names and defaults of docs/bad-input.md; each can be set by the variable that `limitVariable` gives. */
export const limitSpecs = {
  frameBytes: {
    default: 65_536,
    min: 1024,
    max: 16_777_216,
    unit: 'bytes',
    help: 'A WebSocket message, declared or sent; above it the connection closes with 1009.',
  },
  frameFragments: {
    default: 64,
    min: 1,
    max: 4096,
    unit: 'count',
    help: 'Fragments of one WebSocket message; above it 1008.',
  },
  frameBufferedChunks: {
    default: 256,
    min: 16,
    max: 65_536,
    unit: 'count',
    help: 'Unread chunks that one connection may pile up; above it 1008.',
  },
  connectDeadlineMs: {
    default: 10_000,
    min: 100,
    max: 600_000,
    unit: 'ms',
    help: 'From the upgrade to the `connect` command; after it 4502.',
  },
  requestDeadlineMs: {
    default: 10_000,
    min: 100,
    max: 600_000,
    unit: 'ms',
    help: 'For an HTTP request or upgrade to arrive; after it 408.',
  },
  eventLoopDelayMs: {
    // A node that keeps up stays below 50 ms. With this much, each turn that a connect takes waits longer
    // than all of the connect should take.
    default: 250,
    min: 0,
    max: 60_000,
    unit: 'ms',
    help: 'Delay of the event loop, smoothed over 2 s; above it upgrades get 503, until it has halved. 0: never.',
  },
  unauthenticatedPerAddress: {
    default: 50,
    min: 1,
    max: 1_000_000,
    unit: 'count',
    help: 'Sockets of one address that have not connected yet; above it 429. All addresses of one IPv6 network (/64) have eight times as many.',
  },
  connectionsPerAddress: {
    // A hospital behind one address has some thousand people. One machine that wants to take all the
    // connections of an app needs ten addresses.
    default: 10_000,
    min: 1,
    max: 100_000_000,
    unit: 'count',
    help: 'Open connections of one address to one app and node, after `connect`; above it 4504. An IPv6 address counts as its /64.',
  },
  connectionsPerUser: {
    // Four devices with five tabs each.
    default: 20,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Open connections of one user on all nodes; one more closes the oldest of the same device, or is refused where the device has none, with 4504.',
  },
  connectionsPerApp: {
    default: 100_000,
    min: 1,
    max: 100_000_000,
    unit: 'count',
    help: 'Open connections of an app that sets no limit of its own; above it 4504. Visitors may take nine tenths of it.',
  },
  commandsPerSecond: {
    default: 30,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Commands a second of one connection; above it `rate_limited`.',
  },
  commandBurst: {
    default: 60,
    min: 1,
    max: 1_000_000,
    unit: 'count',
    help: 'Commands that a connection may send at once before the rate counts.',
  },
  namesPerCommand: {
    default: 20,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Streams, users or messages that a command names for the price of one; each time as many more count as another command.',
  },
  commandOverrunMs: {
    default: 10_000,
    min: 100,
    max: 3_600_000,
    unit: 'ms',
    help: 'How long a connection may keep being rate limited; after it 4006.',
  },
  malformedPerMinute: {
    default: 3,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Frames of one connection that cannot be read; the last of them closes it with 4500.',
  },
  resumeStreams: {
    default: 1000,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Streams that one `resume` or `sync` may name; above it `too_many`.',
  },
  jsonDepth: {
    default: 32,
    min: 8,
    max: 256,
    unit: 'count',
    help: 'Nesting of JSON in frames and bodies; above it `bad_request`.',
  },
  tokenBytes: { default: 8192, min: 512, max: 65_536, unit: 'bytes', help: 'A user token; above it 4501.' },
  sendBehindBytes: {
    default: 262_144,
    min: 4096,
    max: 268_435_456,
    unit: 'bytes',
    help: 'Unsent bytes of a connection above which durable events are left to the log, to be caught up from there.',
  },
  sendTooSlowBytes: {
    default: 1_048_576,
    min: 8192,
    max: 1_073_741_824,
    unit: 'bytes',
    help: 'Unsent bytes of a connection above which it closes with 4002.',
  },
  sendTooSlowMs: {
    default: 30_000,
    min: 1000,
    max: 3_600_000,
    unit: 'ms',
    help: 'How long a connection may stay behind; after it 4002.',
  },
  httpBodyBytes: {
    default: 1_048_576,
    min: 1024,
    max: 1_073_741_824,
    unit: 'bytes',
    help: 'An HTTP body; above it 413.',
  },
  httpQueryBytes: {
    default: 8192,
    min: 256,
    max: 65_536,
    unit: 'bytes',
    help: 'A request line with its query; above it 400.',
  },
  batchBroadcasts: {
    default: 500,
    min: 1,
    max: 500,
    unit: 'count',
    help: 'Broadcasts in one batch; above it `too_many`.',
  },
  pageSize: { default: 100, min: 1, max: 100, unit: 'count', help: 'Rows of one page of a list; above it 400.' },
  requestsPerMinute: {
    default: 6000,
    min: 1,
    max: 10_000_000,
    unit: 'count',
    help: 'HTTP requests a minute of one API key or user, for apps that set no limit of their own; above it 429.',
  },
  audienceUsers: {
    default: 10_000,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Users that one broadcast may name; above it `too_many`.',
  },
  jobRecipients: { default: 500, min: 1, max: 10_000, unit: 'count', help: 'Recipients that one push job covers.' },
  journeyRecipients: {
    default: 1000,
    min: 0,
    max: 100_000,
    unit: 'count',
    help: 'Recipients up to which a journey is kept for each; above it, counts by reason.',
  },
  presenceIds: {
    default: 100,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Users that one `presence` command may name; above it `too_many`.',
  },
  pendingStoreCalls: {
    default: 40_000,
    min: 100,
    max: 10_000_000,
    unit: 'count',
    help: 'Calls that may wait for the store; above it, or beyond the share of an app, `overloaded`.',
  },
  claimsAtOnce: {
    default: 32,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Push claims that a node makes at once; an app has half at most.',
  },
  claimsWaiting: {
    default: 5000,
    min: 0,
    max: 1_000_000,
    unit: 'count',
    help: 'Push claims that may wait for their turn; those above it are made a few seconds later, from the log.',
  },
  pushJobsAtOnce: {
    default: 32,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Push jobs that a node works on at once; an app has half at most.',
  },
  clearJobsAtOnce: {
    default: 8,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Jobs that take notifications off devices, at once on a node; an app has half at most.',
  },
  providerCallsAtOnce: {
    default: 1024,
    min: 1,
    max: 100_000,
    unit: 'count',
    help: 'Calls of push providers that a node makes at once; an app has half at most.',
  },
  providerCallsWaiting: {
    default: 20_000,
    min: 0,
    max: 1_000_000,
    unit: 'count',
    help: 'Calls of push providers that may wait for their turn; above it they are tried again later.',
  },
  outgoingCallsAtOnce: {
    default: 1024,
    min: 2,
    max: 100_000,
    unit: 'count',
    help: 'Outgoing requests, and connections being opened, at once on a node; an app has half at most.',
  },
  outgoingCallsWaiting: {
    default: 20_000,
    min: 0,
    max: 1_000_000,
    unit: 'count',
    help: 'Outgoing requests that may wait for their turn, within their own time limit; above it `overloaded`.',
  },
  lookupsAtOnce: {
    default: 8,
    min: 1,
    max: 1000,
    unit: 'count',
    help: 'Names of outgoing calls that are looked up at once; an app has half at most. The system looks up half of UV_THREADPOOL_SIZE at once, which is 16 unless it is set.',
  },
  keySetFetchesAtOnce: {
    default: 16,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Key sets of token issuers that a node fetches at once; one host has half at most.',
  },
  keySetFetchesWaiting: {
    default: 1000,
    min: 0,
    max: 100_000,
    unit: 'count',
    help: 'Key sets that may wait to be fetched; above it their tokens get `unavailable`.',
  },
  pushTimeoutMs: { default: 10_000, min: 100, max: 600_000, unit: 'ms', help: 'One call of a push provider.' },
  pushMaxAttempts: {
    default: 10,
    min: 1,
    max: 100,
    unit: 'count',
    help: 'Tries of one push to one device before it is given up.',
  },
  drainMs: {
    default: 25_000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    help: 'From SIGTERM to the hard stop; less than the grace period of whoever sends the signal.',
  },
  uploadBytes: {
    default: 26_214_400,
    min: 1024,
    max: 10_737_418_240,
    unit: 'bytes',
    help: 'One uploaded file; an app may set less. Above it 413.',
  },
  uploadQuotaBytes: {
    default: 10_737_418_240,
    min: 0,
    max: 999_999_999_999_999,
    unit: 'bytes',
    help: 'All uploads of an app that sets no quota of its own; above it `quota_exceeded`.',
  },
  uploadsAtOnce: {
    default: 100,
    min: 1,
    max: 10_000,
    unit: 'count',
    help: 'Uploads that arrive on a node at the same time; above it, or beyond the share of an app, `overloaded`.',
  },
  uploadDeadlineMs: {
    default: 300_000,
    min: 1000,
    max: 3_600_000,
    unit: 'ms',
    help: 'For an upload to arrive whole; after it 408.',
  },
  uploadUnusedMs: {
    default: day,
    min: 1000,
    max: 365 * day,
    unit: 'ms',
    help: 'How long an upload that no message uses is kept, for apps that set no time of their own.',
  },
  uploadLinkMs: {
    default: 900_000,
    min: 1000,
    max: 7 * day,
    unit: 'ms',
    help: 'How long the link to a file is good.',
  },
  idempotencyKeepMs: {
    default: 8 * day,
    min: 60_000,
    max: 365 * day,
    unit: 'ms',
    help: 'How long an answer is kept under its idempotency key.',
  },
  ...growthLimitSpecs,
  ...webhookLimitSpecs,
} as const satisfies Record<string, LimitSpec>;

export type LimitName = keyof typeof limitSpecs;

/** Sizes in bytes, durations in milliseconds. */
export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limitSpecs).filter((name): name is LimitName => Object.hasOwn(limitSpecs, name));

/** `frameBytes` is set by `LIMIT_FRAME_BYTES`. */
export function limitVariable(name: LimitName): string {
  return `LIMIT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The values where no variable is set. For tests, and for parts that are built without a configuration. */
export function defaultLimits(): Limits {
  return limitsOf((name) => limitSpecs[name].default);
}

export function limitsOf(value: (name: LimitName) => number): Limits {
  // The keys are exactly LimitName: the list is made from the table itself.
  return Object.fromEntries(limitNames.map((name) => [name, value(name)])) as Record<LimitName, number>;
}
