// Which other nodes hear of a delivery: those that have connections of its users. Where that is not certain, all do.

import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { Arrival, Elsewhere } from '../sessions/elsewhere.ts';
import { usersOf } from './addressing.ts';

/** Where there are more users, most nodes have some of them. */
export const mostNamed = 32;
/** Each is a command to the bus, where one reaches all. */
const mostNodes = 16;
/** News of an arrival may be so long on its way, ms, beyond what it says itself. */
const slackMs = 1000;
/** Longer than news may be late. */
const keptMs = 10_000;
/** Some 10 MB; half of it at least is kept. */
const mostKept = 10_000;

/** What was published to some of the other nodes. */
interface Published {
  app: AppId;
  delivery: Delivery;
  users: readonly string[];
  nodes: ReadonlySet<string>;
  /** Monotonic. */
  atMs: number;
}

export class NamedNodes {
  readonly #elsewhere: Pick<Elsewhere, 'nodesOf'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** The oldest first. */
  #published: Published[] = [];

  constructor(elsewhere: Pick<Elsewhere, 'nodesOf'>, clock: Pick<Clock, 'monotonic'>) {
    this.#elsewhere = elsewhere;
    this.#clock = clock;
  }

  /**
   * The nodes to which these deliveries are published in one message; undefined: all. Remembers them for those who
   * turn out to have been left out.
   */
  of(app: AppId, deliveries: readonly Delivery[]): readonly string[] | undefined {
    const users = deliveries.map(namedUsersOf);
    const named = new Set<string>();
    for (const each of users) {
      const nodes = each === undefined ? undefined : this.#elsewhere.nodesOf(app, each);
      if (nodes === undefined) return undefined;
      for (const node of nodes) named.add(node);
      if (named.size > mostNodes) return undefined;
    }
    const atMs = this.#clock.monotonic();
    deliveries.forEach((delivery, at) => {
      this.#published.push({ app, delivery, users: users[at] ?? [], nodes: named, atMs });
    });
    this.#trim(atMs);
    return [...named];
  }

  /** The deliveries to these users that were not published to the node on which they are, the oldest first. */
  missedBy(app: AppId, { userIds, node, sinceMs }: Arrival): Delivery[] {
    const fromMs = this.#clock.monotonic() - sinceMs - slackMs;
    const missed: Delivery[] = [];
    for (let at = this.#published.length - 1; at >= 0; at -= 1) {
      const each = this.#published[at];
      if (each === undefined || each.atMs < fromMs) break;
      if (each.app !== app || (node !== undefined && each.nodes.has(node))) continue;
      if (each.users.some((userId) => userIds.has(userId))) missed.unshift(each.delivery);
    }
    return missed;
  }

  /** Seldom, and then half of it at once: what goes is at the beginning of a long list. */
  #trim(nowMs: number): void {
    const { length, 0: oldest } = this.#published;
    const isOld = oldest !== undefined && nowMs - oldest.atMs > 2 * keptMs;
    if (!isOld && length <= mostKept) return;
    const young = this.#published.findIndex(({ atMs }) => nowMs - atMs <= keptMs);
    this.#published = this.#published.slice(Math.max(young, length - mostKept / 2));
  }
}

/** Undefined where it is for so many, or for nobody in particular. */
function namedUsersOf(delivery: Delivery): readonly string[] | undefined {
  const { to, members } = delivery;
  const users = 'users' in to ? usersOf(delivery, []) : members;
  return users === undefined || users.length > mostNamed ? undefined : users;
}
