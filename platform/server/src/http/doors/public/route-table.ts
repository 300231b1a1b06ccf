// Every route under /api/v1, in one list: the router, the OpenAPI document and the tests over all routes are
// made from it.

import { additionRoutes } from './additions.ts';
import { broadcastRoutes } from './broadcasts.ts';
import { simulateRoutes } from './simulate.ts';
import { connectionRoutes } from './connections.ts';
import { conversationRoutes } from './conversations.ts';
import { deviceRoutes } from './devices.ts';
import { erasureRoutes } from './erasures.ts';
import { hookRoutes } from './hooks.ts';
import { journeyRoutes } from './journeys.ts';
import { kindRoutes } from './kinds.ts';
import { messageRoutes } from './messages.ts';
import { preferenceRoutes } from './preferences.ts';
import { profileRoutes } from './profiles.ts';
import { providerRoutes } from './providers.ts';
import { pushRoutes } from './push.ts';
import { pageRoutes } from './pages.ts';
import { participantRoutes } from './participants.ts';
import { searchRoutes } from './search.ts';
import { uploadRoutes } from './uploads.ts';
import type { PublicRoute } from './route.ts';
import { userRoutes } from './users.ts';
import { webhookRoutes } from './webhooks.ts';

/** Paths of the table are below this. */
export const apiPrefix = '/api/v1';

export const routeTable: readonly PublicRoute[] = [
  ...conversationRoutes,
  ...participantRoutes,
  // Before `/messages/{id}`, which its path would fit.
  ...searchRoutes,
  ...messageRoutes,
  ...additionRoutes,
  ...journeyRoutes,
  ...broadcastRoutes,
  ...simulateRoutes,
  ...kindRoutes,
  ...hookRoutes,
  ...webhookRoutes,
  ...uploadRoutes,
  ...deviceRoutes,
  ...providerRoutes,
  ...preferenceRoutes,
  ...pushRoutes,
  ...connectionRoutes,
  ...userRoutes,
  ...profileRoutes,
  ...erasureRoutes,
  ...pageRoutes,
];
