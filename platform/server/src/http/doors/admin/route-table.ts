// Every route of the console's API, in one list: the router, the OpenAPI document and the tests over all
// routes are made from it.

import * as z from 'zod';
import { accountRoutes } from './accounts.ts';
import { appRoutes } from './apps.ts';
import { auditRoutes } from './audit.ts';
import { broadcastRoutes } from './broadcasts.ts';
import { keyRoutes } from './keys.ts';
import { connectionRoutes } from './connections.ts';
import { conversationMessageRoutes } from './conversation-messages.ts';
import { conversationPeopleRoutes } from './conversation-people.ts';
import { conversationRoutes } from './conversations.ts';
import { jobRoutes } from './jobs.ts';
import { journeyRoutes } from './journeys.ts';
import { kindRoutes } from './kinds.ts';
import { linkRoutes } from './links.ts';
import { memberRoutes } from './members.ts';
import { messageTypeRoutes } from './message-types.ts';
import { adminApiDocument } from './openapi.ts';
import { pageRoutes } from './pages.ts';
import { playgroundRoutes } from './playground.ts';
import { providerRoutes } from './providers.ts';
import { refusalRoutes } from './refusals.ts';
import { metricRoutes } from './metrics.ts';
import { nodeRoutes } from './nodes.ts';
import { selfRoute, type AdminRoute } from './route.ts';
import { sessionRoutes } from './sessions.ts';
import { signingRoutes } from './signing.ts';
import { tenantRoutes } from './tenants.ts';
import { tokenRoutes } from './tokens.ts';
import { userRoutes } from './users.ts';
import { viewRoutes } from './views.ts';
import { webhookRoutes } from './webhooks.ts';

const documentRoute = selfRoute({
  operationId: 'getDocument',
  method: 'get',
  path: '/openapi.json',
  tag: 'Document',
  summary: 'This document',
  answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
  async handle() {
    return { status: 200, body: adminApiDocument(adminRouteTable) };
  },
});

export const adminRouteTable: readonly AdminRoute[] = [
  ...sessionRoutes,
  ...accountRoutes,
  ...tenantRoutes,
  ...memberRoutes,
  ...linkRoutes,
  ...auditRoutes,
  ...appRoutes,
  ...pageRoutes,
  ...kindRoutes,
  ...messageTypeRoutes,
  ...broadcastRoutes,
  ...journeyRoutes,
  ...refusalRoutes,
  ...keyRoutes,
  ...signingRoutes,
  ...tokenRoutes,
  ...connectionRoutes,
  ...viewRoutes,
  ...userRoutes,
  ...conversationRoutes,
  ...conversationPeopleRoutes,
  ...conversationMessageRoutes,
  ...playgroundRoutes,
  ...metricRoutes,
  ...nodeRoutes,
  ...providerRoutes,
  ...webhookRoutes,
  ...jobRoutes,
  documentRoute,
];
