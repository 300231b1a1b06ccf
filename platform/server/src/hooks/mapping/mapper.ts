// Runs mappings: in which order, and in which process. Broadcasting what they make is inbound.ts.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import { FairPool } from '../../concurrency/fair-pool.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { startMappingChild, type MappingChild } from './mapping-child.ts';
import type { MappingLimits, Question } from './wire.ts';

/** `isNothing`: it ran, and made nothing of the payload. */
export type Mapped = { ok: true; value: unknown } | { ok: false; reason: string; isNothing?: true };

/** As realm-code.ts says it, which can import nothing. */
const nothingMade = 'The mapping made nothing of this payload.';

export interface MapperDeps {
  clock: Pick<Clock, 'monotonic'>;
  log: Pick<Log, 'warn'>;
  metrics: Pick<Metrics, 'observe' | 'count' | 'set' | 'onCollect'>;
  limits: {
    /** ms of one run. */
    hookMappingMs: number;
    mappingsAtOnce: number;
    mappingsWaiting: number;
  };
}

type Answer = { ok: true; json: string } | { ok: false; reason: string };

const bounds = { textChars: 1_048_576, listItems: 100_000, depth: 1000 };

export class Mapper {
  readonly #deps: MapperDeps;
  readonly #limits: MappingLimits;
  /**
   * An app has one turn at a time: one whose mappings never end keeps one process busy, and waits for itself.
   */
  readonly #turns: FairPool;
  readonly #idle: MappingChild[] = [];
  readonly #children = new Set<MappingChild>();
  #closed = false;

  constructor(deps: MapperDeps) {
    this.#deps = deps;
    const { hookMappingMs: runMs, mappingsAtOnce: running, mappingsWaiting: waiting } = deps.limits;
    this.#limits = { ...bounds, runMs };
    this.#turns = new FairPool({ name: 'mappings', running, waiting, runningPerApp: 1, metrics: deps.metrics });
  }

  /** The mistake in a mapping as such; undefined when it can be run. Throws as `map`. */
  async check(owner: string, mapping: string): Promise<string | undefined> {
    const reply = await this.#ask(owner, { ask: 'check', mapping });
    return reply.ok ? undefined : reply.reason;
  }

  /** `payload` is JSON. Throws `overloaded` when too many wait, `unavailable` when no process can be had. */
  async map(owner: string, { mapping, payload }: { mapping: string; payload: string }): Promise<Mapped> {
    const { clock, metrics } = this.#deps;
    const startedAt = clock.monotonic();
    const reply = await this.#ask(owner, { ask: 'map', mapping, payload });
    metrics.observe('hook_mapping_seconds', [], (clock.monotonic() - startedAt) / 1000);
    if (reply.ok) return { ok: true, value: JSON.parse(reply.json) as unknown };
    return reply.reason === nothingMade ? { ...reply, isNothing: true } : reply;
  }

  /** Idempotent; mappings that still wait are refused with `unavailable`. */
  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#turns.close();
    await this.#killAll();
    await closing;
    // One that was starting meanwhile.
    await this.#killAll();
  }

  async #ask(owner: string, question: Question): Promise<Answer> {
    try {
      return await this.#turns.run({ app: owner }, () => this.#take(question));
    } catch (error) {
      if (!isBelfryError(error) || error.code !== 'overloaded') throw error;
      throw new BelfryError('overloaded', { message: 'Too many webhooks wait for their mapping.' });
    }
  }

  async #take(question: Question): Promise<Answer> {
    const child = await this.#getChild();
    try {
      const answer = await child.ask(question);
      this.#idle.push(child);
      return answer;
    } catch {
      this.#children.delete(child);
      await child.kill();
      if (this.#closed) throw new BelfryError('unavailable');
      // The next who has a turn does not wait for the start of another process: the one whose mapping ended
      // this one does.
      const next = await this.#getChild().catch(() => undefined);
      if (next !== undefined) this.#idle.push(next);
      // The realm ends a run that takes long; only memory ends the whole process.
      return { ok: false, reason: 'The mapping took more memory than it may have.' };
    }
  }

  async #getChild(): Promise<MappingChild> {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
      if (child.alive) return child;
      this.#children.delete(child);
    }
    try {
      const child = await startMappingChild(this.#limits);
      this.#children.add(child);
      if (this.#closed) throw new Error('closed');
      return child;
    } catch (cause) {
      this.#deps.log.warn('no process for mappings can be started', { err: cause });
      throw new BelfryError('unavailable', { message: 'Mappings cannot be run.', cause });
    }
  }

  async #killAll(): Promise<void> {
    await Promise.all([...this.#children].map((child) => child.kill()));
  }
}
