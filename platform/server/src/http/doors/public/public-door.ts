// `/api/v1`: the door of tenants' back ends and of users' clients. Which routes there are: route-table.ts;
// who may enter: identify.ts.

import type { Middleware } from '../../context.ts';
import { createDoor, type DoorDeps } from '../../door.ts';
import type { Caller } from './caller.ts';
import { createIdentify, type IdentifyDeps } from './identify.ts';
import { apiPrefix, routeTable } from './route-table.ts';
import type { PublicServices } from './services.ts';

export type PublicDoorDeps = Omit<DoorDeps<PublicServices, Caller>, 'prefix' | 'table' | 'identify'> & IdentifyDeps;

export function createPublicDoor(deps: PublicDoorDeps): Middleware {
  return createDoor({ ...deps, prefix: apiPrefix, table: routeTable, identify: createIdentify(deps) });
}
