// /simulate: what would go where under other settings. Deciding it is broadcasting/simulate.ts.

import {
  broadcastRequestSchema,
  fallbacksSchema,
  idSchema,
  kindNameSchema,
  kindSchema,
  maxWaitMs,
  partialPolicySchema,
  preferencesSchema,
  pushReasonSchema,
  reasonCountsSchema,
  reasonSchema,
  timestampSchema,
  userIdSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { Changes } from '../../../broadcasting/simulate.ts';
import { defineRoute } from './route.ts';

const most = { requests: 100, newest: 500, named: 1000 } as const;
const states = z.enum(['on', 'off', 'paused']);

const changesSchema = z.strictObject({
  kinds: z.array(kindSchema).max(most.named).optional(),
  policies: z.record(kindNameSchema, partialPolicySchema).optional(),
  preferences: z.record(userIdSchema, preferencesSchema).optional(),
  preferencesOfOthers: preferencesSchema.optional(),
  pages: z.record(z.string().max(200), z.array(z.string().max(40)).max(64)).optional(),
  providers: z.record(idSchema, states).optional(),
  fallbacks: fallbacksSchema.optional(),
  waitMs: z.int().min(0).max(maxWaitMs).optional(),
  at: timestampSchema.optional(),
});

const bodySchema = z
  .strictObject({
    requests: z.array(broadcastRequestSchema).min(1).max(most.requests).optional(),
    newest: z.int().min(1).max(most.newest).optional().meta({
      description: 'In place of `requests`: so many of the newest messages in conversations.',
    }),
    changes: changesSchema.default({}),
  })
  .refine(({ requests, newest }) => (requests === undefined) !== (newest === undefined), {
    path: ['requests'],
    error: 'one of requests and newest is needed',
  });

const simulationSchema = z
  .object({
    items: z.array(
      z.object({
        messageId: z.string().optional(),
        then: reasonCountsSchema.optional().meta({ description: 'As it was decided when the message came.' }),
        now: reasonCountsSchema.optional().meta({ description: 'As it would be decided now.' }),
        changed: reasonCountsSchema.optional().meta({ description: 'As it would be decided with the changes.' }),
        recipients: z.int().min(0).optional(),
        refused: z.object({ code: z.string(), message: z.string() }).optional(),
      }),
    ),
    ...{ then: reasonCountsSchema, now: reasonCountsSchema, changed: reasonCountsSchema },
    differences: z
      .array(z.object({ reason: reasonSchema, now: z.int().min(0), changed: z.int().min(0) }))
      .meta({ description: 'Reasons whose counts the changes would change; the largest first.' }),
    pushes: z
      .array(z.object({ provider: z.string(), reason: pushReasonSchema, now: z.int().min(0), changed: z.int().min(0) }))
      .meta({ description: 'Where pushes would go: by the provider of the device, then by reason.' }),
    isCut: z.boolean().meta({ description: 'All together would go to too many people: the last were left out.' }),
  })
  .meta({ id: 'Simulation' });

export const simulateRoutes = [
  defineRoute({
    operationId: 'simulateBroadcasts',
    example: {
      body: {
        requests: [{ kind: 'direct', audience: { users: ['ann'] }, data: { title: 'Results are in' } }],
        changes: { policies: { direct: { push: 'never' } } },
      },
    },
    method: 'post',
    path: '/simulate',
    tag: 'Broadcasts',
    summary: 'What broadcasts, or the newest messages, would do under other settings, without doing it',
    auth: 'key',
    scope: 'broadcasts:read',
    repeatable: true,
    body: bodySchema,
    answers: { 200: { description: 'Counts by reason, now and with the changes.', schema: simulationSchema } },
    errors: ['overloaded'],
    async handle({ caller: { app }, body }, { simulator, pages, journeys }) {
      const set = await pages.set(app);
      const patternOf = (page: string): string => set.resolve(page).policy.pattern;
      const given = { changes: changesOf(body.changes), patternOf };
      const { requests, newest = 1 } = body;
      const simulation =
        requests === undefined
          ? await simulator.newest(app, newest, { ...given, decidedThen: (of, id) => journeys.decided(of, id) })
          : await simulator.requests(app, requests, given);
      return { status: 200, body: simulation };
    },
  }),
];

/** Names come from outside. */
function changesOf({ policies, preferences, pages, providers, at, ...rest }: z.infer<typeof changesSchema>): Changes {
  return {
    ...rest,
    ...(policies === undefined ? {} : { policies: new Map(Object.entries(policies)) }),
    ...(preferences === undefined ? {} : { preferences: new Map(Object.entries(preferences)) }),
    ...(pages === undefined ? {} : { pages: new Map(Object.entries(pages)) }),
    ...(providers === undefined ? {} : { providers: new Map(Object.entries(providers)) }),
    ...(at === undefined ? {} : { atMs: Date.parse(at) }),
  };
}
