// Sessions of the clinic. A demonstration: everybody may be anybody, without a password, until the process
// ends.
import { randomBytes } from 'node:crypto';
import type { Person } from './people.ts';

export interface Sessions {
  /**
   * Returns a secret that only this window holds: it keeps it in sessionStorage, so that each window may be
   * somebody else.
   */
  open(person: Person): string;
  find(session: string): Person | undefined;
  close(session: string): void;
  closeAllOf(personId: string): void;
}

/** Beyond this the oldest ends, so that nobody fills the memory by signing in. */
const maxSessions = 1000;

export function createSessions(): Sessions {
  const open = new Map<string, Person>();
  return {
    open(person) {
      const session = randomBytes(24).toString('base64url');
      open.set(session, person);
      const [oldest] = open.keys();
      if (open.size > maxSessions && oldest !== undefined) open.delete(oldest);
      return session;
    },
    find: (session) => open.get(session),
    close: (session) => void open.delete(session),
    closeAllOf(personId) {
      for (const [session, person] of open) if (person.id === personId) open.delete(session);
    },
  };
}
