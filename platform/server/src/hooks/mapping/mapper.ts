// Runs mappings: in which order, and in which process. Broadcasting what they make is inbound.ts.

import { BelfryError } from '@belfry/protocol';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { startMappingChild, type MappingChild } from './mapping-child.ts';
import type { MappingLimits, Question } from './wire.ts';

export type Mapped = { ok: true; value: unknown } | { ok: false; reason: string };

export interface MapperDeps {
  clock: Pick<Clock, 'monotonic'>;
  log: Pick<Log, 'warn'>;
  metrics: Pick<Metrics, 'observe'>;
  /** ms of one run. */
  runMs: number;
}

type Answer = { ok: true; json: string } | { ok: false; reason: string };

interface Turn {
  owner: string;
  question: Question;
  resolve: (reply: Answer) => void;
  reject: (error: unknown) => void;
}

/** An owner has one turn at a time, so one whose mappings never end holds up nobody but itself. */
const maxProcesses = 2;
const maxWaitingPerOwner = 100;
const maxWaiting = 1000;

const bounds = { textChars: 1_048_576, listItems: 100_000, depth: 1000 };

export class Mapper {
  readonly #deps: MapperDeps;
  readonly #limits: MappingLimits;
  readonly #waiting: Turn[] = [];
  /** Owners whose turn it is. */
  readonly #owners = new Set<string>();
  readonly #idle: MappingChild[] = [];
  readonly #children = new Set<MappingChild>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(deps: MapperDeps) {
    this.#deps = deps;
    this.#limits = { ...bounds, runMs: deps.runMs };
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
    return reply.ok ? { ok: true, value: JSON.parse(reply.json) as unknown } : reply;
  }

  /** Idempotent; mappings that still wait are refused with `unavailable`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new BelfryError('unavailable'));
    await this.#killAll();
    await Promise.all(this.#running);
    // One that was starting meanwhile.
    await this.#killAll();
  }

  #ask(owner: string, question: Question): Promise<Answer> {
    if (this.#closed) return Promise.reject(new BelfryError('unavailable'));
    const ofOwner = this.#waiting.filter((turn) => turn.owner === owner).length;
    if (this.#waiting.length >= maxWaiting || ofOwner >= maxWaitingPerOwner) {
      return Promise.reject(new BelfryError('overloaded', { message: 'Too many webhooks wait for their mapping.' }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ owner, question, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#running.size < maxProcesses) {
      const at = this.#waiting.findIndex(({ owner }) => !this.#owners.has(owner));
      const [turn] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (turn === undefined) return;
      this.#owners.add(turn.owner);
      const run: Promise<void> = this.#take(turn).finally(() => {
        this.#owners.delete(turn.owner);
        this.#running.delete(run);
        if (!this.#closed) this.#begin();
      });
      this.#running.add(run);
    }
  }

  /** Never rejects. */
  async #take(turn: Turn): Promise<void> {
    let child: MappingChild | undefined;
    try {
      child = await this.#getChild();
    } catch (cause) {
      this.#deps.log.warn('no process for mappings can be started', { err: cause });
      turn.reject(new BelfryError('unavailable', { message: 'Mappings cannot be run.', cause }));
      return;
    }
    try {
      turn.resolve(await child.ask(turn.question));
      this.#idle.push(child);
    } catch {
      this.#children.delete(child);
      await child.kill();
      if (this.#closed) turn.reject(new BelfryError('unavailable'));
      // The realm ends a run that takes long; only memory ends the whole process.
      else turn.resolve({ ok: false, reason: 'The mapping took more memory than it may have.' });
    }
  }

  async #getChild(): Promise<MappingChild> {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
      if (child.alive) return child;
      this.#children.delete(child);
    }
    const child = await startMappingChild(this.#limits);
    this.#children.add(child);
    if (this.#closed) throw new Error('closed');
    return child;
  }

  async #killAll(): Promise<void> {
    await Promise.all([...this.#children].map((child) => child.kill()));
  }
}
