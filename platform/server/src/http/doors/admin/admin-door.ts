// `/admin/api`: the door of the console. Which routes there are: route-table.ts; whose session it is:
// identify.ts; who may do what: enter.ts.

import type { Middleware } from '../../context.ts';
import { createDoor, type DoorDeps } from '../../door.ts';
import { signedOut, type AdminCaller } from './caller.ts';
import { createIdentify, type IdentifyDeps } from './identify.ts';
import { adminPrefix } from './prefix.ts';
import { adminRouteTable } from './route-table.ts';
import type { AdminServices } from './services.ts';

export type AdminDoorDeps = Omit<
  DoorDeps<AdminServices, AdminCaller>,
  'prefix' | 'table' | 'identify' | 'refuseNobody'
> &
  Omit<IdentifyDeps, 'limits'>;

export function createAdminDoor(deps: AdminDoorDeps): Middleware {
  const identify = createIdentify(deps);
  return createDoor({ ...deps, prefix: adminPrefix, table: adminRouteTable, identify, refuseNobody: signedOut });
}
