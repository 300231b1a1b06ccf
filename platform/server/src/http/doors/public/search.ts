// /messages/search: messages by their words. What is found is conversations/search.ts.

import { messageSearchAnswerSchema, messageSearchQuerySchema } from '@belfry/protocol';
import * as z from 'zod';
import { actingUserIfAny } from './caller.ts';
import { defineRoute } from './route.ts';

const positionSchema = z.object({ after: z.string() });

export const searchRoutes = [
  defineRoute({
    operationId: 'searchMessages',
    method: 'get',
    path: '/messages/search',
    tag: 'Messages',
    summary: 'Find messages of conversations by words, sender and time, newest first',
    auth: 'any',
    scope: 'messages:read',
    query: messageSearchQuerySchema,
    answers: {
      200: {
        description:
          'A page of them. It may be short, or empty, and have a `nextCursor`: then there is more to look at.',
        schema: messageSearchAnswerSchema,
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { search, cursors }) {
      const { cursor, userId, from, to, ...asked } = query;
      const viewer = actingUserIfAny(caller, userId, ['userId']);
      const scope = { app: caller.app, list: `search ${JSON.stringify([asked, from, to, viewer])}` };
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, positionSchema).after;
      const range = { fromMs: timeOf(from), toMs: timeOf(to) };
      const { messages, next } = await search.find(caller.app, { ...asked, ...range, viewer, after });
      const more = next === undefined ? {} : { nextCursor: cursors.seal(scope, { after: next }) };
      return { status: 200, body: { messages, ...more } };
    },
  }),
];

function timeOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso);
}
