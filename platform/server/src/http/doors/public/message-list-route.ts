// A route that reads messages page by page. Which messages: messages.ts, additions.ts.

import { messagePageSchema, messagesQuerySchema } from '@belfry/protocol';
import type * as z from 'zod';
import { viewerOf } from './caller.ts';
import { defineRoute } from './route.ts';

export function messageListRoute(row: {
  operationId: string;
  path: string;
  summary: string;
  params: z.ZodType<{ id: string }>;
  /** The method that reads them, of the message or conversation that the path names. */
  read: 'history' | 'pins' | 'replies';
}) {
  const { read, ...named } = row;
  return defineRoute({
    ...named,
    method: 'get',
    tag: 'Messages',
    auth: 'any',
    scope: 'messages:read',
    query: messagesQuerySchema,
    answers: {
      200: { description: 'Without `afterSeq` or `beforeSeq` the newest ones.', schema: messagePageSchema },
    },
    errors: ['bad_cursor'],
    async handle({ caller, params, query }, { messages }) {
      const page = await messages[read](caller.app, params.id, { ...query, viewer: viewerOf(caller) });
      return { status: 200, body: page };
    },
  });
}
