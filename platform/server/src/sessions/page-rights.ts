// Whether somebody may be on a page at all: where they connect, move, get another token, and when the policy
// changes. What they may do there is decided by its features and topics.
import { hasRequiredRole, type ServedPagePolicy } from '@belfry/protocol';

/**
 * `unauthorized`: a visitor, where a user is wanted; `forbidden`: a user whose token has none of the roles.
 */
export type PageRefusal = 'page_disabled' | 'unauthorized' | 'forbidden';

export interface PageVisitor {
  visitor: boolean;
  /** Of the token. */
  roles: readonly string[] | undefined;
}

export function refusalOfPage(policy: ServedPagePolicy, { visitor, roles }: PageVisitor): PageRefusal | undefined {
  if (!policy.enabled) return 'page_disabled';
  if (visitor) return policy.requireAuth || policy.requireRoles !== undefined ? 'unauthorized' : undefined;
  return hasRequiredRole(policy, roles) ? undefined : 'forbidden';
}
