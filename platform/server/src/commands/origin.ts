// Where a broadcast that a command makes comes from: this connection, and its user's roles.

import type { Origin } from '../broadcasting/validate.ts';
import type { Session } from '../sessions/session.ts';

export function originOf(session: Session): Origin {
  const { roles } = session.profile;
  return { via: 'socket', session, ...(roles === undefined ? {} : { roles }) };
}
