// What a role may do: as much as those below it. Which routes want which role: the table of the admin door.

import { memberRoles, type MemberRole } from '../ports/stores/accounts.ts';

export function isAtLeast(role: MemberRole, needed: MemberRole): boolean {
  return memberRoles.indexOf(role) >= memberRoles.indexOf(needed);
}
