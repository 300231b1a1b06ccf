// /apps/{app}/nodes: the nodes that serve an app, as its people may know them.

import * as z from 'zod';
import { nodeStates } from '../../../sessions/views/nodes-of-app.ts';
import { silentSchema } from './connection-query.ts';
import { appParams, appRoute } from './route.ts';

const nodeSchema = z
  .object({
    node: z.string(),
    /** A node of an earlier version says its name alone. */
    role: z.string().optional(),
    version: z.string().optional(),
    state: z.enum(nodeStates).optional(),
    /** Of the app. */
    connections: z.int().min(0).optional(),
  })
  .meta({ id: 'NodeOfApp' });

export const nodeRoutes = [
  appRoute({
    operationId: 'listAppNodes',
    method: 'get',
    path: '/apps/{app}/nodes',
    tag: 'Metrics',
    summary: 'The nodes that are there, and how many connections of the app each has',
    role: 'viewer',
    params: appParams,
    answers: {
      200: {
        description: 'All of them, by name.',
        schema: z.object({ items: z.array(nodeSchema), silentNodes: silentSchema }),
      },
    },
    async handle({ caller }, { nodes }) {
      const { items, silent } = await nodes.of(caller.app.app);
      return { status: 200, body: { items: [...items], silentNodes: [...silent] } };
    },
  }),
];
