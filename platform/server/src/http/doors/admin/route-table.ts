// Every route of the console's API, in one list: the router, the OpenAPI document and the tests over all
// routes are made from it.

import type { AdminRoute } from './route.ts';
import { sessionRoutes } from './sessions.ts';

export const adminRouteTable: readonly AdminRoute[] = [...sessionRoutes];
