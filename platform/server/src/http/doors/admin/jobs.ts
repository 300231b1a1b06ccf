// /jobs: long work that this account began, at whichever node.

import * as z from 'zod';
import { selfRoute } from './route.ts';

const tag = 'Jobs';
const jobParams = z.object({ id: z.string().max(64) });

export const jobSchema = z
  .object({
    id: z.string(),
    state: z.enum(['running', 'done', 'stopped', 'failed']),
    done: z.int().min(0),
    of: z.int().min(0),
    skipped: z.array(z.object({ reason: z.string(), count: z.int().min(0) })),
  })
  .meta({ id: 'Job' });

export const jobRoutes = [
  selfRoute({
    operationId: 'getJob',
    method: 'get',
    path: '/jobs/{id}',
    tag,
    summary: 'How far it is; known for an hour after its end',
    params: jobParams,
    answers: { 200: { description: 'As it is.', schema: jobSchema } },
    async handle({ caller, params }, { jobs }) {
      return { status: 200, body: await jobs.get(params.id, caller.session.account.id) };
    },
  }),
  selfRoute({
    operationId: 'stopJob',
    method: 'delete',
    path: '/jobs/{id}',
    tag,
    summary: 'Stop it; what is done stays done',
    params: jobParams,
    answers: { 200: { description: 'As it is.', schema: jobSchema } },
    errors: ['csrf'],
    async handle({ caller, params }, { jobs }) {
      return { status: 200, body: await jobs.stop(params.id, caller.session.account.id) };
    },
  }),
];
