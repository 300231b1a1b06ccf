// Keeps what Redis has of this node true: renews its lease, notices what Redis has lost and writes it back, and
// cleans up after nodes that died. How each of it is done: node-lease.ts, own-records.ts, survivor.ts.

import { BelfryError } from '@belfry/protocol';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import { Rounds } from '../../../concurrency/rounds.ts';
import { SingleFlight } from '../../../concurrency/single-flight.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { PresenceNode } from '../../../ports/presence.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { untilReady } from '../../redis/until-ready.ts';
import type { AppRecords } from './app-records.ts';
import { nodeKeys } from './keys.ts';
import type { NodeLease, Renewal } from './node-lease.ts';
import { writeBack } from './own-records.ts';
import { Survivor, type SurvivorDeps } from './survivor.ts';

/** A start waits so long for Redis, and then goes on without it. */
const firstWaitMs = 3000;
const looksAtOnce = 20;
/** So often between two renewals Redis is asked whether it still knows of any node. */
const glancesPerRenewal = 5;
/** Redis' clock is read in whole milliseconds. */
const afterEndMs = 5;

export interface UpkeepDeps {
  connection: RedisConnection;
  lease: NodeLease;
  records: AppRecords;
  clock: Clock;
  log: Log;
  leaseMs: number;
  renewMs: number;
}

interface Entered {
  owner: string;
  /** Which server had the app when it was looked at last. */
  server: Promise<string>;
}

export class Upkeep {
  readonly #deps: UpkeepDeps;
  readonly #survivor: Survivor;
  readonly #rounds: Rounds;
  readonly #glances: Rounds;
  readonly #renewal = new SingleFlight(() => this.#renew());
  /** Beside the renewals, which may not wait for it. */
  readonly #repair = new SingleFlight(() => this.#putRight());
  readonly #entered = new Map<AppId, Entered>();
  /** To be written back. */
  readonly #lost = new Set<AppId>();
  #dead: readonly string[] = [];
  #node: PresenceNode = { own: () => [] };
  /** Runs out when a lease of another node is to be over. */
  #nextEnd: Timer | undefined;
  /** Undefined until it was tried. */
  #isReachable: boolean | undefined;
  #isStopped = false;

  constructor(deps: UpkeepDeps) {
    this.#deps = deps;
    const { connection, records, clock, log, leaseMs, renewMs } = deps;
    const lost: SurvivorDeps['lost'] = (app, gone) => this.#node.lost?.(app, gone);
    this.#survivor = new Survivor({ connection, records, clock, log, graceMs: renewMs, claimMs: leaseMs, lost });
    this.#rounds = new Rounds({ clock, everyMs: renewMs, jitter: 0.1, run: () => this.#round() });
    this.#glances = new Rounds({ clock, everyMs: renewMs / glancesPerRenewal, run: () => this.#glance() });
    // Their meaning is in the commands that fail.
    connection.on('error', () => undefined);
    connection.on('ready', () => {
      if (this.#rounds.isStarted) void this.#round();
    });
  }

  get isUp(): boolean {
    return this.#isReachable === true && this.#deps.lease.isHeld;
  }

  /** Never rejects: without Redis presence is down until it comes. */
  async start(node: PresenceNode): Promise<void> {
    this.#node = node;
    const { connection, clock } = this.#deps;
    await untilReady(connection, { clock, limitMs: firstWaitMs }).catch(() => undefined);
    if (this.#isStopped) return;
    await this.#round();
    this.#rounds.start();
    this.#glances.start();
  }

  /** The owner of what this node writes into an app from now on. Rejects with `unavailable`. */
  async enter(app: AppId): Promise<string> {
    const { lease } = this.#deps;
    if (this.#isStopped) throw new BelfryError('unavailable');
    for (;;) {
      if (!lease.isHeld) await this.#renewal.join();
      const { owner } = lease;
      await this.#announce(app, owner);
      if (owner === lease.owner) return owner;
    }
  }

  /** Redis has lost what it knew of this node in the app. */
  lost(app: AppId): void {
    this.#lost.add(app);
    this.#repairSoon();
  }

  /** Takes the records of this node along, if Redis can be reached. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#survivor.stop();
    this.#nextEnd?.cancel();
    await Promise.all([this.#rounds.stop(), this.#glances.stop()]);
    this.#nextEnd?.cancel();
    await Promise.allSettled([this.#renewal.idle(), this.#repair.idle()]);
    if (this.#deps.connection.status !== 'ready') return;
    await this.#survivor.leaveAll(this.#deps.lease.owner).catch((error: unknown) => {
      this.#deps.log.warn('presence could not take its records along', { err: error });
    });
  }

  async #round(): Promise<void> {
    const { connection, log } = this.#deps;
    try {
      await this.#renewal.join();
      if (this.#isReachable === false) log.info('presence', { state: 'up' });
      this.#isReachable = true;
    } catch (error) {
      if (this.#isReachable !== false) log.error('presence', { state: 'down', reason: reasonOf(error) });
      this.#isReachable = false;
      // A connection that is up and does not answer may be dead without knowing it.
      if (connection.status === 'ready' && !this.#isStopped) connection.disconnect(true);
      return;
    }
    this.#repairSoon();
  }

  async #renew(): Promise<void> {
    const { lease } = this.#deps;
    let renewal: Renewal = await lease.renew();
    if (renewal.isLost) {
      this.#startAnew();
      renewal = await lease.renew();
    } else if (renewal.hasLapsed) this.#node.seenAgain?.();
    this.#dead = renewal.dead;
    this.#lookAtEnd(renewal.nextEndMs);
    if (renewal.gone.length > 0) this.#node.nodeGone?.();
  }

  /** A node that does not renew its lease is noticed when it ends, not a renewal later. */
  #lookAtEnd(nextEndMs: number): void {
    const { clock, renewMs } = this.#deps;
    this.#nextEnd?.cancel();
    if (nextEndMs < renewMs) this.#nextEnd = clock.after(nextEndMs + afterEndMs, () => void this.#round());
  }

  /** Finds out soon that Redis has lost everything: until it is written back, everybody seems to be offline. */
  async #glance(): Promise<void> {
    const { connection } = this.#deps;
    if (connection.status !== 'ready') return;
    // A failure is noticed by the renewals.
    const found = await connection.exists(nodeKeys.leases).catch(() => 1);
    if (found === 0) await this.#round();
  }

  /** What the owner had may be gone, and another node may be taking it away: it is left to that. */
  #startAnew(): void {
    const { lease, log } = this.#deps;
    const before = lease.startAnew();
    const apps = [...this.#entered.keys()];
    this.#entered.clear();
    for (const app of apps) this.#lost.add(app);
    log.warn('presence', { state: 'lost', apps: apps.length });
    // Without it, little is left: what was under way when the lease was lost.
    void this.#survivor.handOver(before, apps).catch(() => undefined);
  }

  #repairSoon(): void {
    if (this.#isStopped) return;
    void this.#repair.fresh().catch((error: unknown) => {
      this.#deps.log.debug('presence could not be put right yet', { err: error });
    });
  }

  async #putRight(): Promise<void> {
    await this.#look();
    if (this.#lost.size > 0) await this.#writeBack();
    for (const owner of this.#dead) {
      if (this.#isStopped) return;
      await this.#survivor.cleanUpAfter(owner);
    }
  }

  async #look(): Promise<void> {
    const { records, lease } = this.#deps;
    await forEachBounded([...this.#entered], looksAtOnce, async ([app, { owner, server }]) => {
      const before = await server;
      const now = await records.look(app, owner);
      const isSame = now.isKnown && now.server === before;
      if (owner === lease.owner && !isSame) this.#lost.add(app);
    });
  }

  async #writeBack(): Promise<void> {
    const { records, lease, log } = this.#deps;
    const apps = new Set(this.#lost);
    const { owner } = lease;
    for (const app of apps) {
      this.#entered.delete(app);
      await this.#announce(app, owner);
    }
    const written = await writeBack({ records, owner, own: this.#node.own, apps });
    if (owner !== lease.owner) return;
    for (const app of apps) this.#lost.delete(app);
    log.info('presence', { state: 'written back', apps: apps.size, records: written });
    this.#node.seenAgain?.();
  }

  /** Once for each owner and app. */
  async #announce(app: AppId, owner: string): Promise<void> {
    let entered = this.#entered.get(app);
    if (entered?.owner !== owner) {
      entered = { owner, server: this.#announceNow(app, owner) };
      this.#entered.set(app, entered);
    }
    try {
      await entered.server;
    } catch (error) {
      if (this.#entered.get(app) === entered) this.#entered.delete(app);
      throw error;
    }
  }

  async #announceNow(app: AppId, owner: string): Promise<string> {
    const { records } = this.#deps;
    await records.announce(app, owner);
    return (await records.look(app, owner)).server;
  }
}

/** What Redis or the way to it said. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
