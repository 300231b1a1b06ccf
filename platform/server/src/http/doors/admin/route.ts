// A row of the console's API: who may call it, and whether it wants a version or a fresh confirmation. What
// every row has: http/route.ts; which rows there are: route-table.ts.

import { BelfryError } from '@belfry/protocol';
import * as z from 'zod';
import type { MemberRole } from '../../../ports/stores/index.ts';
import { createRoute, type Answer, type Described, type Route, type RouteInput, type Schemas } from '../../route.ts';
import { needSession, type AdminCaller, type SignedIn } from './caller.ts';
import { enterApp, enterTenant, needOperator, type InApp, type InTenant } from './enter.ts';
import type { AdminServices } from './services.ts';

/**
 * `public`: anybody, also without a session. `self`: whoever is signed in. A role: of the tenant or app that
 * the path names.
 */
export type RouteRole = 'public' | 'self' | 'operator' | MemberRole;

export interface AdminRoute extends Route<AdminServices, AdminCaller> {
  role: RouteRole;
  marks: readonly Mark[];
}

/**
 * `version`: wants `If-Match`. `confirm`: wants a password or code of the last ten minutes. `audit`: leaves an
 * entry.
 */
export type Mark = 'version' | 'confirm' | 'audit';

type Row<P, Q, B> = Described & Schemas<P, Q, B> & { marks?: readonly Mark[] };
type Input<P, Q, B, C> = RouteInput<P, Q, B, C>;
type Run<P, Q, B, C> = (input: Input<P, Q, B, C>, services: AdminServices) => Promise<Answer>;

export const tenantParams = z.object({ tenant: z.string().min(1).max(64) });
export const appParams = z.object({ app: z.string().min(1).max(64) });

/** Anybody may ask. */
export function publicRoute<P = unknown, Q = unknown, B = unknown>(
  row: Row<P, Q, B> & { handle: Run<P, Q, B, AdminCaller> },
): AdminRoute {
  return define('public', row, async (input, services) => row.handle(input, services));
}

/** Whoever is signed in, about themselves. */
export function selfRoute<P = unknown, Q = unknown, B = unknown>(
  row: Row<P, Q, B> & { handle: Run<P, Q, B, SignedIn> },
): AdminRoute {
  return define('self', row, async (input, services) => {
    const caller = enterMarked(row, input.caller, services);
    return row.handle({ ...input, caller }, services);
  });
}

export function operatorRoute<P = unknown, Q = unknown, B = unknown>(
  row: Row<P, Q, B> & { handle: Run<P, Q, B, SignedIn> },
): AdminRoute {
  return define('operator', row, async (input, services) => {
    const signedIn = needSession(input.caller);
    needOperator(signedIn);
    const caller = enterMarked(row, signedIn, services);
    return row.handle({ ...input, caller }, services);
  });
}

/** Members of the tenant in the path, with at least this role. */
export function tenantRoute<P extends { tenant: string }, Q = unknown, B = unknown>(
  row: Row<P, Q, B> & { role: MemberRole; handle: Run<P, Q, B, SignedIn & InTenant> },
): AdminRoute {
  return define(row.role, row, async (input, services) => {
    const signedIn = needSession(input.caller);
    const place = await enterTenant(services, signedIn, { id: input.params.tenant, needs: row.role });
    const caller = enterMarked(row, signedIn, services);
    return row.handle({ ...input, caller: { ...caller, ...place } }, services);
  });
}

/** Members of the tenant of the app in the path, with at least this role. */
export function appRoute<P extends { app: string }, Q = unknown, B = unknown>(
  row: Row<P, Q, B> & { role: MemberRole; handle: Run<P, Q, B, SignedIn & InApp> },
): AdminRoute {
  return define(row.role, row, async (input, services) => {
    const signedIn = needSession(input.caller);
    const place = await enterApp(services, signedIn, { key: input.params.app, needs: row.role });
    const caller = enterMarked(row, signedIn, services);
    return row.handle({ ...input, caller: { ...caller, ...place } }, services);
  });
}

function define<P, Q, B>(
  role: RouteRole,
  { marks = [], ...row }: Row<P, Q, B> & { handle: unknown },
  handle: Run<P, Q, B, AdminCaller>,
): AdminRoute {
  const access = { isOpen: role === 'public', schemes: ['session'], ...noteOf(role, marks) };
  const spec = { ...row, access, admit: admitCaller, handle };
  return { role, marks, ...createRoute<AdminServices, AdminCaller, AdminCaller, P, Q, B>(spec) };
}

function noteOf(role: RouteRole, marks: readonly Mark[]): { note?: string } {
  const notes = [
    ...(role === 'public' || role === 'self' ? [] : [`Needs the role \`${role}\`.`]),
    ...(marks.includes('version') ? ['Needs `If-Match` with the `ETag` of what it changes.'] : []),
    ...(marks.includes('confirm') ? ['Needs a password or code of the last 10 minutes.'] : []),
  ];
  return notes.length === 0 ? {} : { note: notes.join(' ') };
}

/** The door identifies everybody, if only by their address. */
function admitCaller(caller: AdminCaller | undefined): AdminCaller {
  if (caller === undefined) throw new Error('a request was not identified');
  return caller;
}

function enterMarked(
  { marks = [] }: { marks?: readonly Mark[] },
  caller: AdminCaller,
  services: AdminServices,
): SignedIn {
  const signedIn = needSession(caller);
  if (marks.includes('confirm')) services.sessions.needConfirmed(signedIn.session);
  if (marks.includes('version') && signedIn.ifVersion === undefined) throw new BelfryError('precondition_required');
  return signedIn;
}
