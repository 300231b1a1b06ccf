// The lease of this node, and what is known here of the leases of the others. When to renew it, and what to do
// about a lost one, is the driver's.

import { randomBytes } from 'node:crypto';
import { SingleFlight } from '../../../concurrency/single-flight.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';
import { nodeKeys, scripts } from './keys.ts';

interface Live {
  node: string;
  /** Monotonic ms. It lasts until then at least: it may have been renewed since. */
  endsAt: number;
}

export interface Renewal {
  /** The lease ran out so long ago that another node took this one for dead, or Redis has lost it. */
  isLost: boolean;
  /** It was renewed since the last call when it may have run out. */
  hasLapsed: boolean;
  /** Owners that are to be cleaned up after. */
  dead: readonly string[];
  /** Owners that had a lease at the last call, and have none now. */
  gone: readonly string[];
  /** In how long the first lease of another owner ends unless it is renewed. */
  nextEndMs: number;
}

export interface NodeLeaseDeps {
  connection: RedisConnection;
  node: string;
  clock: Pick<Clock, 'monotonic'>;
  leaseMs: number;
  /** A lease that has run out is taken for dead only after so long. */
  graceMs: number;
}

/**
 * Records belong to an owner: one life of a node. A node that starts anew, or that was taken for dead, is
 * another one.
 */
export class NodeLease {
  readonly #deps: NodeLeaseDeps;
  readonly #renewal = new SingleFlight(() => this.#renewNow());
  #owner = newOwner();
  #isRegistered = false;
  #live: ReadonlyMap<string, Live> = new Map();
  /** Found by readers, and not yet said. */
  readonly #gone = new Set<string>();
  #hasLapsed = false;

  constructor(deps: NodeLeaseDeps) {
    this.#deps = deps;
  }

  get owner(): string {
    return this.#owner;
  }

  /** Rejects with `unavailable`. */
  async renew(): Promise<Renewal> {
    const renewal = await this.#renewal.fresh();
    const found = { gone: [...this.#gone], hasLapsed: this.#hasLapsed };
    this.#gone.clear();
    this.#hasLapsed = false;
    return { ...renewal, ...found };
  }

  /** From the next renewal on this node is another owner; gives the one that it was. */
  startAnew(): string {
    const before = this.#owner;
    this.#owner = newOwner();
    this.#isRegistered = false;
    return before;
  }

  /** Whether this node has a lease as far as it knows. */
  get isHeld(): boolean {
    return this.#isRegistered && this.#knowsLive(this.#owner);
  }

  /** The nodes of those of the owners that have a lease. Asks Redis only when one seems to have none. */
  async nodesOf(owners: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const asked = new Set(owners);
    // One that was sent before may not know who came since.
    if ([...asked].some((owner) => !this.#knowsLive(owner))) await this.#renewal.fresh();
    const nodes = new Map<string, string>();
    for (const owner of asked) {
      const live = this.#live.get(owner);
      if (live !== undefined && live.endsAt > this.#deps.clock.monotonic()) nodes.set(owner, live.node);
    }
    return nodes;
  }

  #knowsLive(owner: string): boolean {
    return (this.#live.get(owner)?.endsAt ?? -Infinity) > this.#deps.clock.monotonic();
  }

  async #renewNow(): Promise<Omit<Renewal, 'gone' | 'hasLapsed'>> {
    const { connection, node, clock, leaseMs, graceMs } = this.#deps;
    const sentAt = clock.monotonic();
    const owner = this.#owner;
    const endedAt = this.#isRegistered ? this.#live.get(owner)?.endsAt : undefined;
    const answer = await orUnavailable(() =>
      scripts.renew.run(connection, {
        keys: [nodeKeys.leases, nodeKeys.names, nodeKeys.cleaning],
        args: [owner, node, leaseMs, graceMs, this.#isRegistered ? 0 : 1],
      }),
    );
    const [lost, flat, dead] = answer as [number, readonly (string | number)[], readonly string[]];
    const live = new Map<string, Live>();
    for (let place = 0; place < flat.length; place += 3) {
      const [name, itsNode, leftMs] = flat.slice(place, place + 3);
      live.set(String(name), { node: String(itsNode), endsAt: sentAt + Number(leftMs) });
    }
    // Of all that Redis has lost nothing is known.
    if (lost === 0) for (const each of this.#live.keys()) if (!live.has(each) && each !== owner) this.#gone.add(each);
    const others = [...live].filter(([each]) => each !== owner);
    const nextEndMs = Math.min(...others.map(([, { endsAt }]) => endsAt)) - clock.monotonic();
    this.#live = live;
    if (lost === 0 && owner === this.#owner) this.#isRegistered = true;
    // When Redis renewed it, between the question and its answer, is not known.
    if (lost === 0 && endedAt !== undefined && endedAt < clock.monotonic()) this.#hasLapsed = true;
    return { isLost: lost === 1, dead: dead.filter((each) => each !== owner), nextEndMs };
  }
}

/** Without blanks: it is part of texts that are taken apart at them. */
function newOwner(): string {
  return randomBytes(9).toString('base64url');
}
