// The bounds on webhooks, coming in and leaving, that are about their runs, as data. How each is set: limits.ts.

import type { LimitSpec } from './growth-limits.ts';

export const webhookLimitSpecs = {
  hookMappingMs: {
    default: 500,
    min: 10,
    max: 10_000,
    unit: 'ms',
    help: "One run of a webhook's mapping; after it 422.",
  },
  mappingsAtOnce: {
    default: 4,
    min: 1,
    max: 64,
    unit: 'count',
    help: 'Mappings of webhooks that run at once, each in a process of about 40 MiB that is started when needed; an app has one.',
  },
  mappingsWaiting: {
    default: 200,
    min: 0,
    max: 100_000,
    unit: 'count',
    help: 'Webhooks that may wait for their mapping; above it, or beyond the share of an app, `overloaded`.',
  },
  webhookTimeoutMs: {
    default: 10_000,
    min: 100,
    max: 60_000,
    unit: 'ms',
    help: 'One call of an outgoing webhook.',
  },
  webhookJobsAtOnce: {
    default: 16,
    min: 1,
    max: 1000,
    unit: 'count',
    help: 'Requests of outgoing webhooks that a node sends at once.',
  },
} as const satisfies Record<string, LimitSpec>;
