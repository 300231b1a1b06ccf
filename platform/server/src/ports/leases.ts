// Rights to do what one node of the installation does at a time. Not a lock that protects data: a holder that
// froze may wake up after its lease has gone to another.

/** The right to do something, until it runs out. */
export interface Lease {
  /**
   * From now on it lasts `ttlMs` again. False when it ran out before: then somebody else may have it, and the
   * holder has to stop.
   */
  renew(): Promise<boolean>;
  /**
   * Gives it up at once, so that nobody waits for its end. Idempotent; does nothing to a lease that somebody
   * else has by now.
   */
  release(): Promise<void>;
}

/**
 * Guarantees: of all nodes at most one holds a name at a time, as far as their clocks run alike; a holder
 * that dies, or does not renew, loses it after `ttlMs`. A lease is kept by one compare-and-set of (name,
 * holder, end), so it needs no transaction. Rejects with `unavailable` when the engine can't be reached; a
 * holder that cannot renew has to stop before `ttlMs` are over.
 */
export interface Leases {
  /**
   * Undefined while another holder has it, be it on this node. `ttlMs` is a span of time, not a moment: no
   * two nodes' clocks are compared.
   */
  acquire(name: string, ttlMs: number): Promise<Lease | undefined>;
}
