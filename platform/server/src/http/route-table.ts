// Every route under /api/v1, in one list: the router, the OpenAPI document and the tests over all routes are made from it.

import type { Route } from './route.ts';
import { broadcastRoutes } from './routes/public/broadcasts.ts';
import { connectionRoutes } from './routes/public/connections.ts';
import { conversationRoutes } from './routes/public/conversations.ts';
import { deviceRoutes } from './routes/public/devices.ts';
import { hookRoutes } from './routes/public/hooks.ts';
import { journeyRoutes } from './routes/public/journeys.ts';
import { kindRoutes } from './routes/public/kinds.ts';
import { messageRoutes } from './routes/public/messages.ts';
import { preferenceRoutes } from './routes/public/preferences.ts';
import { providerRoutes } from './routes/public/providers.ts';
import { pushRoutes } from './routes/public/push.ts';
import { pageRoutes } from './routes/public/pages.ts';
import { participantRoutes } from './routes/public/participants.ts';
import { uploadRoutes } from './routes/public/uploads.ts';
import { userRoutes } from './routes/public/users.ts';

/** Paths of the table are below this. */
export const apiPrefix = '/api/v1';

export const routeTable: readonly Route[] = [
  ...conversationRoutes,
  ...participantRoutes,
  ...messageRoutes,
  ...journeyRoutes,
  ...broadcastRoutes,
  ...kindRoutes,
  ...hookRoutes,
  ...uploadRoutes,
  ...deviceRoutes,
  ...providerRoutes,
  ...preferenceRoutes,
  ...pushRoutes,
  ...connectionRoutes,
  ...userRoutes,
  ...pageRoutes,
];
