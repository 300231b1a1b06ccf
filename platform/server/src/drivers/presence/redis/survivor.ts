// Cleans up after owners that are dead, one survivor after each: the others see that it has claimed it. Who is
// dead is said by the leases.

import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { ConnectionRecord } from '../../../ports/presence.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { orUnavailable } from '../../redis/or-unavailable.ts';
import type { AppRecords } from './app-records.ts';
import { nodeKeys, scripts } from './keys.ts';
import { fromText } from './record-text.ts';

/** Records that are taken away by one script: about a millisecond, for which everybody else waits. */
const recordsAtOnce = 100;

export interface SurvivorDeps {
  connection: RedisConnection;
  records: AppRecords;
  clock: Pick<Clock, 'monotonic'>;
  log: Log;
  graceMs: number;
  /** A survivor that dies while it cleans up is followed by another after so long. */
  claimMs: number;
  /** Of each user of these records one. */
  lost: (app: AppId, records: readonly ConnectionRecord[]) => void;
}

export class Survivor {
  readonly #deps: SurvivorDeps;
  readonly #claimed = new Set<string>();
  #isStopped = false;

  constructor(deps: SurvivorDeps) {
    this.#deps = deps;
  }

  /** Rejects with `unavailable`; what is left over is cleaned up by whoever claims the owner next. */
  async cleanUpAfter(owner: string): Promise<void> {
    if (this.#claimed.has(owner)) return;
    this.#claimed.add(owner);
    try {
      await this.#cleanUp(owner);
    } finally {
      this.#claimed.delete(owner);
    }
  }

  /** The records of an owner go at once, without a claim: of this node itself. */
  async leaveAll(owner: string): Promise<void> {
    for (const app of await this.#appsOf(owner)) {
      while ((await this.#deps.records.sweep(app, owner, recordsAtOnce)).length > 0);
    }
    await this.#forget(owner, '');
  }

  /** Has somebody look once more for records of an owner that this node was. */
  async handOver(owner: string, apps: readonly AppId[]): Promise<void> {
    const { connection } = this.#deps;
    await orUnavailable(async () => {
      if (apps.length > 0) await connection.sadd(nodeKeys.appsOf(owner), ...apps);
      // Over already, and no claim that somebody else has.
      await connection.zadd(nodeKeys.cleaning, 1, owner);
      await connection.zrem(nodeKeys.leases, owner);
    });
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #cleanUp(owner: string): Promise<void> {
    const { connection, records, clock, log, claimMs } = this.#deps;
    let claim = await this.#claim(owner, '');
    if (claim === '') return;
    let claimedAt = clock.monotonic();
    const node = await orUnavailable(() => connection.hget(nodeKeys.names, owner));
    let removed = 0;
    for (const app of await this.#appsOf(owner)) {
      const lost = new Map<string, ConnectionRecord>();
      try {
        for (;;) {
          if (this.#isStopped) return;
          if (clock.monotonic() - claimedAt > claimMs / 2) {
            claim = await this.#claim(owner, claim);
            claimedAt = clock.monotonic();
          }
          if (claim === '') return;
          const texts = await records.sweep(app, owner, recordsAtOnce);
          if (texts.length === 0) break;
          removed += texts.length;
          for (const record of texts.map(fromText)) lost.set(record.userId, record);
        }
      } finally {
        // What was taken away is found by nobody else any more.
        if (lost.size > 0) this.#deps.lost(app, [...lost.values()]);
      }
    }
    const isForgotten = await this.#forget(owner, claim);
    // Nameless where this node was taken for dead and Redis has lost it: there was nothing left.
    if (isForgotten && node !== null) log.info('presence', { state: 'cleaned up', deadNode: node, removed });
  }

  /** Empty when it is somebody else's. */
  async #claim(owner: string, claim: string): Promise<string> {
    const { connection, graceMs, claimMs } = this.#deps;
    const keys = [nodeKeys.leases, nodeKeys.cleaning];
    const args = [owner, graceMs, claimMs, claim];
    return String(await orUnavailable(() => scripts.claim.run(connection, { keys, args })));
  }

  async #appsOf(owner: string): Promise<readonly AppId[]> {
    return (await orUnavailable(() => this.#deps.connection.smembers(nodeKeys.appsOf(owner)))) as AppId[];
  }

  /** False when the claim is somebody else's by now. */
  async #forget(owner: string, claim: string): Promise<boolean> {
    const { leases, names, cleaning, appsOf } = nodeKeys;
    const keys = [leases, names, cleaning, appsOf(owner)];
    const call = { keys, args: [owner, claim] };
    return (await orUnavailable(() => scripts.forget.run(this.#deps.connection, call))) === 1;
  }
}
