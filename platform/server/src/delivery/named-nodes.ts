// Which other nodes hear of a delivery: those that have connections of its users. Where that is not certain, all do.

import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { Arrival, Elsewhere } from '../sessions/elsewhere.ts';

/** Where there are more users, most nodes have some of them. */
export const mostNamed = 32;
/** Each is a command to the bus, where one reaches all. */
const mostNodes = 16;
/** Longer than news of an arrival may be on their way. */
const keptMs = 5000;
/** Some 10 MB; half of it at least is kept. */
const mostKept = 10_000;

/** What was published to some of the other nodes. */
interface Published {
  delivery: Delivery;
  /** What each of its users is found by. */
  keys: readonly string[];
  nodes: ReadonlySet<string>;
  /** Monotonic. */
  atMs: number;
}

export class NamedNodes {
  readonly #elsewhere: Pick<Elsewhere, 'nodesOf' | 'prepare'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** The oldest first. */
  #published: Published[] = [];
  #byUser = new Map<string, Published[]>();

  constructor(elsewhere: Pick<Elsewhere, 'nodesOf' | 'prepare'>, clock: Pick<Clock, 'monotonic'>) {
    this.#elsewhere = elsewhere;
    this.#clock = clock;
  }

  /** There will be a delivery to these users in a moment. */
  prepare(app: AppId, users: readonly string[]): void {
    if (users.length <= mostNamed) void this.#elsewhere.prepare(app, users);
  }

  /**
   * The nodes to which these deliveries are published in one message; undefined: all. Remembers them for those who
   * turn out to have been left out.
   */
  of(app: AppId, deliveries: readonly Delivery[]): readonly string[] | undefined {
    const named = new Set<string>();
    const addressed: { delivery: Delivery; users: readonly string[] }[] = [];
    for (const delivery of deliveries) {
      const users = namedUsersOf(delivery);
      const nodes = users && this.#elsewhere.nodesOf(app, users);
      if (users === undefined || nodes === undefined) return undefined;
      for (const node of nodes) named.add(node);
      if (named.size > mostNodes) return undefined;
      addressed.push({ delivery, users });
    }
    const atMs = this.#clock.monotonic();
    for (const { delivery, users } of addressed) {
      this.#remember({ delivery, keys: users.map((userId) => keyOf(app, userId)), nodes: named, atMs });
    }
    this.#trim(atMs);
    return [...named];
  }

  /** The deliveries to these users that were not published to the node on which they are, the oldest first. */
  missedBy(app: AppId, { userIds, node }: Arrival): Delivery[] {
    const nowMs = this.#clock.monotonic();
    const missed = new Set<Published>();
    for (const userId of userIds) {
      for (const published of this.#byUser.get(keyOf(app, userId)) ?? []) {
        const { nodes, atMs } = published;
        if (nowMs - atMs <= keptMs && (node === undefined || !nodes.has(node))) missed.add(published);
      }
    }
    const inOrder = [...missed].toSorted((a, b) => a.atMs - b.atMs);
    return inOrder.map(({ delivery, atMs }) => ({ ...delivery, ageMs: nowMs - atMs }));
  }

  #remember(published: Published): void {
    this.#published.push(published);
    for (const key of published.keys) {
      const known = this.#byUser.get(key);
      if (known === undefined) this.#byUser.set(key, [published]);
      else known.push(published);
    }
  }

  /** Seldom, and then half of it at once. */
  #trim(nowMs: number): void {
    const { length, 0: oldest } = this.#published;
    const isOld = oldest !== undefined && nowMs - oldest.atMs > 2 * keptMs;
    if (!isOld && length <= mostKept) return;
    const young = this.#published.findIndex(({ atMs }) => nowMs - atMs <= keptMs);
    const kept = this.#published.slice(Math.max(young, length - mostKept / 2));
    this.#published = [];
    this.#byUser = new Map();
    for (const each of kept) this.#remember(each);
  }
}

/** Undefined where it is for so many, or for nobody in particular. */
function namedUsersOf({ to, members }: Delivery): readonly string[] | undefined {
  const users = 'users' in to ? to.users : members;
  return users === undefined || users.length > mostNamed ? undefined : users;
}

function keyOf(app: AppId, userId: string): string {
  return `${app} ${userId}`;
}
