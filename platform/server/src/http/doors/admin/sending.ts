// What all routes share that send something: how many a member may reach, what a request is refused for, and under which
// key it is carried out once.

import type { BroadcastRequest } from '@belfry/protocol';
import { isAtLeast } from '../../../accounts/roles.ts';
import { needsMore, type InApp } from './enter.ts';

/** More is for admins: a mistake of one who develops reaches few. */
export const mostOfDevelopers = 100;

export const contentErrors = [
  'invalid_content',
  'unknown_kind',
  'unknown_message_type',
  'too_large',
  'overloaded',
] as const;

export function reachesTooMany({ role }: Pick<InApp, 'role'>, recipients: number): boolean {
  return recipients > mostOfDevelopers && !isAtLeast(role, 'admin');
}

/** Throws `forbidden`. */
export function needReach(caller: Pick<InApp, 'role'>, recipients: number): void {
  if (reachesTooMany(caller, recipients)) throw needsMore('admin');
}

/** Under its own idempotency key, else under that of the call. */
export function underKey(request: BroadcastRequest, token: string | undefined): BroadcastRequest {
  const idempotencyKey = request.idempotencyKey ?? token;
  return idempotencyKey === undefined ? request : { ...request, idempotencyKey };
}
