// When users come and go, worked out from their connections on all nodes. Nothing is kept: two nodes that
// lose the last two connections of a user at one moment both say so. For a node that was killed the one says it
// that has cleaned up after it.

import { isVisitor } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { FactOf } from '../ports/facts.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';
import type { NewEvent } from './events-of.ts';

export const connectionFacts = ['connection.opened', 'connection.closed', 'connection.lost'] as const;
type ConnectionFact = FactOf<(typeof connectionFacts)[number]>;

export class UserPresence {
  readonly #presence: Pick<Presence, 'ofUsers'>;

  constructor(presence: Pick<Presence, 'ofUsers'>) {
    this.#presence = presence;
  }

  /** Facts of one app, in their order. Of a user who came and went meanwhile both are said. */
  async eventsOf(app: AppId, facts: readonly ConnectionFact[]): Promise<NewEvent[]> {
    const users = [...new Set(facts.map(({ userId }) => userId))].filter((userId) => !isVisitor(userId));
    if (users.length === 0) return [];
    const present = await this.#presence.ofUsers(app, users).catch(() => undefined);
    // Nobody knows: better nothing is said than something wrong.
    if (present === undefined) return [];
    const events: NewEvent[] = [];
    for (const userId of users) {
      const own = facts.filter((fact) => fact.userId === userId);
      events.push(...comingsOf(own, present.get(userId) ?? []));
    }
    return events.sort((a, b) => a.atMs - b.atMs);
  }
}

/**
 * Goes back from the connections of now to those before the first fact, and forward again: online with the
 * first, offline with the last. Those that are in no fact here are another node's; they count from when they
 * came.
 */
function comingsOf(facts: readonly ConnectionFact[], now: readonly ConnectionRecord[]): NewEvent[] {
  const own = new Set(facts.map(({ connectionId }) => connectionId));
  const others = now.filter(({ connectionId }) => !own.has(connectionId));
  const cameMs = others.map(({ connectedAt }) => Date.parse(connectedAt));
  const opened = new Set(facts.filter(({ type }) => type === 'connection.opened').map((fact) => fact.connectionId));
  const open = new Set([...own].filter((connectionId) => !opened.has(connectionId)));
  const events: NewEvent[] = [];
  for (const fact of facts) {
    const { atMs, userId, connectionId, deviceType, page } = fact;
    const data = { userId, connectionId, deviceType, page };
    const isElsewhere = cameMs.some((came) => came < atMs);
    const wasAlone = open.size === 0 && !isElsewhere;
    if (fact.type === 'connection.opened') open.add(connectionId);
    else open.delete(connectionId);
    if (fact.type === 'connection.opened' && wasAlone) events.push({ type: 'user.online', atMs, data });
    if (fact.type !== 'connection.opened' && open.size === 0 && !isElsewhere)
      events.push({ type: 'user.offline', atMs, data });
  }
  return events;
}
