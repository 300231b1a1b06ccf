// The connections that this node has of a list of users or of a topic, remembered as long as nobody comes or
// goes. Which of them get what is local-delivery.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import type { ConnectionDecision, LocalDecisions } from './session-state.ts';

export interface ConnectionList {
  /** Of users in the order of the users. */
  readonly sessions: readonly Session[];
  /**
   * The last decisions for all of them, one a session in the order of `sessions`: mostly the same again, and
   * then the same objects.
   */
  last: { readonly each: readonly ConnectionDecision[]; readonly decisions: LocalDecisions } | undefined;
}

export interface ConnectionLists {
  /**
   * The connections of these users. A list is known again by being the same array: that of a conversation is,
   * until somebody joins or leaves it.
   */
  ofUsers(app: AppId, members: readonly string[]): ConnectionList;
  /** The connections of a topic, or all of the app: a set of the registry. */
  ofSet(app: AppId, sessions: ReadonlySet<Session> | undefined): ConnectionList;
}

/** Below it looking everybody up costs less than remembering. */
const longList = 32;

export function createConnectionLists(registry: Pick<Registry, 'ofUser' | 'changes'>): ConnectionLists {
  const known = new WeakMap<object, { app: AppId; changes: number; list: ConnectionList }>();

  return {
    ofUsers: (app, members) =>
      members.length < longList ? listOf(ofEach(app, members)) : remembered(app, members, () => ofEach(app, members)),
    ofSet: (app, sessions) => (sessions === undefined ? listOf([]) : remembered(app, sessions, () => [...sessions])),
  };

  function remembered(app: AppId, of: object, find: () => readonly Session[]): ConnectionList {
    const before = known.get(of);
    const changes = registry.changes(app);
    if (before?.app === app && before.changes === changes) return before.list;
    const list = listOf(find());
    known.set(of, { app, changes, list });
    return list;
  }

  function ofEach(app: AppId, members: readonly string[]): readonly Session[] {
    const sessions: Session[] = [];
    for (const userId of members) for (const session of registry.ofUser(app, userId)) sessions.push(session);
    return sessions;
  }
}

function listOf(sessions: readonly Session[]): ConnectionList {
  return { sessions, last: undefined };
}
