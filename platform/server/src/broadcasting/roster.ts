// The connections that this node has of a list of users, remembered for long lists as long as nobody comes or goes. Who is told what is fan-out.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import type { LocalDecisions } from './fan-out.ts';
import type { ConnectionDecision } from './feed.ts';

export interface Roster {
  /** In the order of the users. */
  readonly sessions: readonly Session[];
  /** What was last decided for all of them: mostly the same again, and then the same objects. One a session, in the order of `sessions`. */
  last: { readonly each: readonly ConnectionDecision[]; readonly decisions: LocalDecisions } | undefined;
}

export type RosterOf = (app: AppId, members: readonly string[]) => Roster;

/** Below it looking everybody up costs less than remembering. */
const longList = 32;

/** A list is known again by being the same array: that of a conversation is, until somebody joins or leaves it. */
export function createRosterOf(registry: Pick<Registry, 'ofUser' | 'changes'>): RosterOf {
  const known = new WeakMap<readonly string[], { app: AppId; changes: number; roster: Roster }>();

  return (app, members) => {
    if (members.length < longList) return lookUp(app, members);
    const before = known.get(members);
    const changes = registry.changes(app);
    if (before?.app === app && before.changes === changes) return before.roster;
    const roster = lookUp(app, members);
    known.set(members, { app, changes, roster });
    return roster;
  };

  function lookUp(app: AppId, members: readonly string[]): Roster {
    const sessions: Session[] = [];
    for (const userId of members) for (const session of registry.ofUser(app, userId) ?? none) sessions.push(session);
    return { sessions, last: undefined };
  }
}

const none: readonly Session[] = [];
