// /kinds: the kinds that a tenant has added to the built-in ones, which are in docs/delivery.md.

import { BelfryError, kindNameSchema, kindSchema, notFound } from '@belfry/protocol';
import * as z from 'zod';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';

const kindsAnswerSchema = z.object({ kinds: z.array(kindSchema), nextCursor: z.string().optional() });
const kindAnswerSchema = z.object({ kind: kindSchema });
const kindBodySchema = kindSchema.omit({ kind: true });
const params = z.object({ kind: kindNameSchema });

export const kindRoutes = [
  defineRoute({
    operationId: 'listKinds',
    method: 'get',
    path: '/kinds',
    tag: 'Broadcasts',
    summary: 'The kinds that this app has added',
    auth: 'key',
    scope: 'broadcasts:read',
    query: pagedQuerySchema,
    answers: { 200: { description: 'A page of them, by name.', schema: kindsAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { kinds, ...page }) {
      const scope = { app: caller.app, list: 'kinds' };
      const { items, more } = pageOf(await kinds.list(caller.app), {
        ...page,
        scope,
        query,
        keyOf: ({ kind }) => kind,
      });
      return { status: 200, body: { kinds: items, ...more } };
    },
  }),
  defineRoute({
    operationId: 'putKind',
    example: { body: { action: 'lab_result', audience: 'conversation', durable: 'conversation' } },
    method: 'put',
    path: '/kinds/{kind}',
    tag: 'Broadcasts',
    summary: 'Add a kind, or change one that was added',
    auth: 'key',
    scope: 'broadcasts:write',
    params,
    body: kindBodySchema,
    answers: {
      200: { description: 'Changed.', schema: kindAnswerSchema },
      201: { description: 'Added.', schema: kindAnswerSchema },
    },
    errors: ['managed_by_file', 'too_many'],
    async handle({ caller, params: { kind: name }, body }, { kinds }) {
      const kind = kindSchema.safeParse({ ...body, kind: name });
      if (!kind.success) {
        const message = 'This is the name of a built-in kind.';
        throw new BelfryError('invalid_body', { message, path: ['kind'] });
      }
      const isThere = (await kinds.list(caller.app)).some((known) => known.kind === name);
      await kinds.put(caller.app, kind.data);
      return { status: isThere ? 200 : 201, body: { kind: kind.data } };
    },
  }),
  defineRoute({
    operationId: 'deleteKind',
    method: 'delete',
    path: '/kinds/{kind}',
    tag: 'Broadcasts',
    summary: 'Take an added kind away',
    auth: 'key',
    scope: 'broadcasts:write',
    params,
    answers: { 204: { description: 'It is gone; what was stored under it stays.' } },
    errors: ['managed_by_file'],
    async handle(input, { kinds }) {
      if (!(await kinds.remove(input.caller.app, input.params.kind))) throw notFound('kind');
      return { status: 204 };
    },
  }),
];
