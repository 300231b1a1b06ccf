// Does what is asked for under an idempotency key once, and answers as often as it is asked for. What it does
// is the caller's.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import { hash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdempotencyStore } from '../ports/stores/index.ts';

export interface IdempotentRequest {
  /** Unique among all that use the store: with a prefix that says what for. */
  key: string;
  /** Of the request, to know a repetition from another request under the same key. */
  bodyHash: string;
  /** Where the key stands in the request, for the error. */
  path: readonly string[];
  /** The id of the first try, and of every redo of it; a new one when left out. */
  id?: string;
  /** A request that was begun and not finished within this long was cut off by a kill; 30 s when left out. */
  leaseMs?: number;
  /**
   * Whether nothing was done when `run` threw this: then the next may try at once. A refusal, when left out.
   */
  isUndone?: (error: unknown) => boolean;
}

const usualLeaseMs = 30_000;

export class Idempotent {
  readonly #store: Pick<IdempotencyStore, 'begin' | 'finish' | 'abandon'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keepMs: number;

  constructor(deps: {
    store: Pick<IdempotencyStore, 'begin' | 'finish' | 'abandon'>;
    clock: Pick<Clock, 'now'>;
    keepMs: number;
  }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#keepMs = deps.keepMs;
  }

  /**
   * Calls `run` with an id that is the same in every try, or answers what `run` resolved with the first time.
   * Throws `idempotency_conflict` for another request under the key, `conflict` while the first is being
   * worked on, and what `run` throws.
   */
  async once<T>(
    app: AppId,
    { key, bodyHash, path, id = uuidv7(), leaseMs = usualLeaseMs, isUndone = isRefusal }: IdempotentRequest,
    run: (id: string) => Promise<T>,
  ): Promise<{ answer: T; isRepeated: boolean }> {
    const asked = { key, bodyHash, token: id, nowMs: this.#clock.now(), leaseMs, keepMs: this.#keepMs };
    const begun = await this.#store.begin(app, asked);
    switch (begun.state) {
      case 'other_body':
        throw new BelfryError('idempotency_conflict', { path: [...path] });
      case 'in_progress':
        throw new BelfryError('conflict', { message: stillAtWork, afterMs: 1000 });
      case 'done':
        // The store has under this key what `finish` was given below.
        return { answer: begun.answer as T, isRepeated: true };
      case 'mine':
        break;
    }
    let answer: T;
    try {
      answer = await run(begun.token);
    } catch (error) {
      // After anything else the outcome is unknown, and the lease keeps the key for a redo under the same id.
      if (isUndone(error)) await this.#store.abandon(app, key).catch(() => undefined);
      throw error;
    }
    // It is done, whether or not that could be stored: a repetition after the lease does it again under the
    // same id, and finds what the first left.
    await this.#store.finish(app, key, answer).catch(() => undefined);
    return { answer, isRepeated: false };
  }
}

const stillAtWork = 'The first request with this key is still being worked on.';

/** A refusal had no effect. */
function isRefusal(error: unknown): boolean {
  return isBelfryError(error) && error.code !== 'unavailable' && error.code !== 'internal';
}

/** SHA-256 (hex) of a value as JSON, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}

/**
 * As JSON.stringify, with the keys of every object in order. By hand: with a replacer it takes three times as
 * long, and every message is hashed.
 */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? 'null' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
