// /messages/{id}/journey: what was decided and done for one message or broadcast.

import { journeySchema, notFound, uuidSchema } from '@belfry/protocol';
import * as z from 'zod';
import { defineRoute } from './route.ts';

export const journeyRoutes = [
  defineRoute({
    operationId: 'getJourney',
    method: 'get',
    path: '/messages/{id}/journey',
    tag: 'Messages',
    summary: 'What became of a message or broadcast, per recipient, connection and device',
    // It shows where other people are and what devices they have: not for users.
    auth: 'key',
    scope: 'messages:read',
    params: z.object({ id: uuidSchema }),
    answers: {
      200: { description: 'Above 1,000 recipients only the counts.', schema: journeySchema },
    },
    async handle({ caller, params }, { journeys }) {
      const journey = await journeys.read(caller.app, params.id);
      if (journey === undefined) throw notFound('message');
      return { status: 200, body: journey };
    },
  }),
];
