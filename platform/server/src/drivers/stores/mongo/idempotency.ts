// Answers kept under a caller's key. Not how the key is made.

import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  Erased,
  EraseRequest,
  IdempotencyRequest,
  IdempotencyState,
  IdempotencyStore,
} from '../../../ports/stores/index.ts';
import { isKeyOf, saysUser } from '../erase-user.ts';
import { jsonOf } from './body.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';
import { eraseFound, scanPart } from './erasing-scan.ts';

interface IdempotencyDocument {
  app: string;
  key: string;
  bodyHash: string;
  token: string;
  beganAt: number;
  forgetAt: number;
  /** The `begin` that got `mine` last: one that is done twice, since its reply was lost, finds itself. */
  beginId: string;
  /** JSON; absent until it is finished. */
  answer?: string;
  /** When the server sweeps it, by the clock of this node. Nothing but tidiness depends on it. */
  sweepAt: Date;
}

export const idempotency = declareCollection<IdempotencyDocument>(
  'idempotency',
  {
    app: String,
    key: String,
    bodyHash: String,
    token: String,
    beganAt: Number,
    forgetAt: Number,
    beginId: String,
    answer: String,
    sweepAt: Date,
  },
  [
    { key: { app: 1, key: 1 }, unique: true },
    { key: { app: 1, forgetAt: 1 } },
    { key: { sweepAt: 1 }, expireAfterSeconds: 0 },
  ],
);

/** Clocks of nodes and server differ by less. */
export const sweptLateByMs = 3_600_000;

export class MongoIdempotency implements IdempotencyStore {
  readonly #kept: Collection<IdempotencyDocument>;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#kept = new Collection(connection, idempotency);
    this.#clock = clock;
  }

  begin(app: AppId, request: IdempotencyRequest): Promise<IdempotencyState> {
    const beginId = randomUUID();
    return untilUncontended(this.#clock, () => this.#tryBegin(app, request, beginId));
  }

  async finish(app: AppId, key: string, answer: unknown): Promise<void> {
    await this.#kept.update({ app, key }, { $set: { answer: jsonOf(answer) } });
  }

  async abandon(app: AppId, key: string): Promise<void> {
    await this.#kept.remove({ app, key, answer: trusted({ $exists: false }) });
  }

  prune(app: AppId, nowMs: number): Promise<number> {
    return this.#kept.removeMany({ app, forgetAt: trusted({ $lte: nowMs }) });
  }

  async erase(app: AppId, request: EraseRequest): Promise<Erased> {
    const { userId, after, limit } = request;
    // Keys are compared in code: how a path spells an id is the caller's.
    const part = await scanPart(this.#kept, { app, order: ['key'], after, limit, hits: {} });
    return eraseFound(part, async ({ key, answer }) => {
      if (!isKeyOf(key, userId) && !(answer !== undefined && saysUser(answer, userId))) return false;
      return (await this.#kept.remove({ app, key })) > 0;
    });
  }

  /** Undefined where another changed it between the read and the write. */
  async #tryBegin(app: AppId, request: IdempotencyRequest, beginId: string): Promise<IdempotencyState | undefined> {
    const { key, bodyHash, token, nowMs, leaseMs } = request;
    const fresh = this.#fresh(request, beginId);
    if (await this.#kept.insert({ app, key, ...fresh })) return { state: 'mine', token };
    const found = await this.#kept.findOne({ app, key });
    if (found === undefined) return undefined;
    if (found.beginId === beginId) return { state: 'mine', token: found.token };
    const asFound = { app, key, beginId: found.beginId };
    if (found.forgetAt <= nowMs) {
      const replaced = await this.#kept.change(asFound, { $set: fresh, $unset: { answer: '' } });
      return replaced && { state: 'mine', token };
    }
    if (found.bodyHash !== bodyHash) return { state: 'other_body' };
    if (found.answer !== undefined) return { state: 'done', answer: JSON.parse(found.answer) as unknown };
    // One that began in the future did so before the wall clock was set back.
    if (Math.abs(nowMs - found.beganAt) < leaseMs) return { state: 'in_progress' };
    const taken = await this.#kept.change(
      { ...asFound, answer: trusted({ $exists: false }) },
      { $set: { beganAt: nowMs, beginId } },
    );
    return taken && { state: 'mine', token: taken.token };
  }

  #fresh(request: IdempotencyRequest, beginId: string): Omit<IdempotencyDocument, 'app' | 'key'> {
    const { bodyHash, token, nowMs, keepMs } = request;
    const sweepAt = new Date(this.#clock.now() + keepMs + sweptLateByMs);
    return { bodyHash, token, beganAt: nowMs, forgetAt: nowMs + keepMs, beginId, sweepAt };
  }
}
