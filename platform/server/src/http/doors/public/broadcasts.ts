// /broadcasts: broadcast anything to anybody, many at once, or find out what a broadcast would do. Carrying
// it out is broadcasting's.

import {
  BelfryError,
  batchResultSchema,
  broadcastRequestSchema,
  broadcastResultSchema,
  errorTable,
  explainResultSchema,
  isBelfryError,
  parseWith,
  type BatchResult,
} from '@belfry/protocol';
import * as z from 'zod';
import { originOf } from './caller.ts';
import { inBatchOrder } from './in-batch-order.ts';
import { defineRoute } from './route.ts';

// How many there may be is a limit of the installation, answered with `too_many`; the items are validated one
// by one.
const batchBodySchema = z.strictObject({
  broadcasts: z.array(z.unknown()).min(1).meta({ description: 'Each as the body of `POST /broadcasts`.' }),
});

const contentErrors = ['invalid_content', 'unknown_kind', 'unknown_message_type', 'too_large', 'overloaded'] as const;

export const broadcastRoutes = [
  defineRoute({
    operationId: 'sendBroadcast',
    example: { body: { kind: 'direct', audience: { users: ['ann'] }, data: { title: 'Results are in' } } },
    method: 'post',
    path: '/broadcasts',
    tag: 'Broadcasts',
    summary: 'Tell a conversation, users, a topic or everyone something',
    auth: 'key',
    scope: 'broadcasts:write',
    body: broadcastRequestSchema,
    answers: { 202: { description: 'Accepted; what is durable is stored.', schema: broadcastResultSchema } },
    errors: [...contentErrors, 'idempotency_conflict'],
    async handle({ caller, body, token }, { broadcasting }) {
      const request = withToken(body, token);
      return { status: 202, body: await broadcasting.broadcast(caller.app, request, originOf(caller)) };
    },
  }),
  defineRoute({
    operationId: 'sendBroadcasts',
    example: {
      body: { broadcasts: [{ kind: 'direct', audience: { users: ['ann'] }, data: { title: 'Results are in' } }] },
    },
    method: 'post',
    path: '/broadcasts/batch',
    tag: 'Broadcasts',
    summary: 'Many broadcasts in one request; each is answered by itself',
    auth: 'key',
    scope: 'broadcasts:write',
    body: batchBodySchema,
    answers: { 200: { description: 'In the order of the request.', schema: batchResultSchema } },
    errors: ['too_many'],
    async handle({ caller, body, token }, { broadcasting, limits }) {
      const { broadcasts } = body;
      if (broadcasts.length > limits.batchBroadcasts) {
        const message = `At most ${limits.batchBroadcasts} broadcasts at once.`;
        throw new BelfryError('too_many', { message, path: ['broadcasts'] });
      }
      const origin = originOf(caller);
      const results = await inBatchOrder(broadcasts, async (item, index, turn) => {
        try {
          const request = parseWith(broadcastRequestSchema, item);
          const itemToken = token === undefined ? undefined : `${token}/${index}`;
          return await broadcasting.broadcast(caller.app, withToken(request, itemToken), { ...origin, ...turn });
        } catch (error) {
          return refusal(error);
        }
      });
      return { status: 200, body: { results } satisfies BatchResult };
    },
  }),
  defineRoute({
    operationId: 'explainBroadcast',
    example: { body: { kind: 'direct', audience: { users: ['ann'] }, data: { title: 'Results are in' } } },
    method: 'post',
    path: '/broadcasts/explain',
    tag: 'Broadcasts',
    summary: 'What a broadcast would do now, without doing it',
    auth: 'key',
    scope: 'broadcasts:read',
    body: broadcastRequestSchema,
    answers: { 200: { description: 'The decisions per connection and device.', schema: explainResultSchema } },
    errors: contentErrors,
    async handle({ caller, body }, { broadcasting }) {
      return { status: 200, body: await broadcasting.explain(caller.app, body, originOf(caller)) };
    },
  }),
];

/** A request that is sent again under one `Idempotency-Key` after a crash is then one broadcast too. */
function withToken<R extends { idempotencyKey?: string | undefined }>(request: R, token: string | undefined): R {
  if (request.idempotencyKey !== undefined || token === undefined) return request;
  return { ...request, idempotencyKey: token };
}

/**
 * An error that is not a BelfryError is a defect, and goes to the one place that logs defects: the whole
 * request fails with it.
 */
function refusal(error: unknown): BatchResult['results'][number] {
  if (!isBelfryError(error)) throw error;
  const { code, message, path } = error;
  return { code, detail: message, status: errorTable[code].status, ...(path === undefined ? {} : { path }) };
}
