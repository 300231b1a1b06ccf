// Runs mappings: whose turn it is, and in which process. Writing what they make into broadcasts is inbound.ts.

import { BelfryError } from '@belfry/protocol';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { startMappingChild, type MappingChild } from './mapping-child.ts';
import type { MappingLimits, Question } from './wire.ts';

export type Mapped = { ok: true; value: unknown } | { ok: false; reason: string };

export interface Mapper {
  /** What is wrong with a mapping as such; undefined when it can be run. Throws as `map`. */
  check(owner: string, mapping: string): Promise<string | undefined>;
  /** `payload` is JSON. Throws `overloaded` when too many wait, `unavailable` when no process can be had. */
  map(owner: string, input: { mapping: string; payload: string }): Promise<Mapped>;
  /** Idempotent; what still waits is refused with `unavailable`. */
  close(): Promise<void>;
}

interface Turn {
  owner: string;
  question: Question;
  resolve: (reply: { ok: true; json: string } | { ok: false; reason: string }) => void;
  reject: (error: unknown) => void;
}

/** An owner has one turn at a time, so one whose mappings never end holds up nobody but itself. */
const maxProcesses = 2;
const maxWaitingPerOwner = 100;
const maxWaiting = 1000;

const bounds = { textChars: 1_048_576, listItems: 100_000, depth: 1000 };

export function createMapper(deps: {
  clock: Pick<Clock, 'monotonic'>;
  log: Pick<Log, 'warn'>;
  metrics: Pick<Metrics, 'observe'>;
  /** ms of one run. */
  runMs: number;
}): Mapper {
  const { clock, log, metrics, runMs } = deps;
  const limits: MappingLimits = { ...bounds, runMs };
  const waiting: Turn[] = [];
  const owners = new Set<string>();
  const idle: MappingChild[] = [];
  const children = new Set<MappingChild>();
  const running = new Set<Promise<void>>();
  let closed = false;

  return {
    async check(owner, mapping) {
      const reply = await ask(owner, { ask: 'check', mapping });
      return reply.ok ? undefined : reply.reason;
    },
    async map(owner, { mapping, payload }) {
      const startedAt = clock.monotonic();
      const reply = await ask(owner, { ask: 'map', mapping, payload });
      metrics.observe('hook_mapping_seconds', [], (clock.monotonic() - startedAt) / 1000);
      return reply.ok ? { ok: true, value: JSON.parse(reply.json) as unknown } : reply;
    },
    async close() {
      closed = true;
      for (const { reject } of waiting.splice(0)) reject(new BelfryError('unavailable'));
      await Promise.all([...children].map((child) => child.kill()));
      await Promise.all(running);
      // One that was starting meanwhile.
      await Promise.all([...children].map((child) => child.kill()));
    },
  };

  function ask(owner: string, question: Question): Promise<{ ok: true; json: string } | { ok: false; reason: string }> {
    if (closed) return Promise.reject(new BelfryError('unavailable'));
    const ofOwner = waiting.filter((turn) => turn.owner === owner).length;
    if (waiting.length >= maxWaiting || ofOwner >= maxWaitingPerOwner) {
      return Promise.reject(new BelfryError('overloaded', { message: 'Too many webhooks wait for their mapping.' }));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ owner, question, resolve, reject });
      begin();
    });
  }

  function begin(): void {
    while (running.size < maxProcesses) {
      const at = waiting.findIndex(({ owner }) => !owners.has(owner));
      const [turn] = at < 0 ? [] : waiting.splice(at, 1);
      if (turn === undefined) return;
      owners.add(turn.owner);
      const run: Promise<void> = take(turn).finally(() => {
        owners.delete(turn.owner);
        running.delete(run);
        if (!closed) begin();
      });
      running.add(run);
    }
  }

  /** Never rejects. */
  async function take(turn: Turn): Promise<void> {
    let child: MappingChild | undefined;
    try {
      child = await getChild();
    } catch (cause) {
      log.warn('no process for mappings can be started', { err: cause });
      turn.reject(new BelfryError('unavailable', { message: 'Mappings cannot be run.', cause }));
      return;
    }
    try {
      turn.resolve(await child.ask(turn.question));
      idle.push(child);
    } catch {
      children.delete(child);
      await child.kill();
      if (closed) turn.reject(new BelfryError('unavailable'));
      // The realm ends what takes long; what ends the whole process is memory.
      else turn.resolve({ ok: false, reason: 'The mapping took more memory than it may have.' });
    }
  }

  async function getChild(): Promise<MappingChild> {
    for (let child = idle.pop(); child !== undefined; child = idle.pop()) {
      if (child.alive) return child;
      children.delete(child);
    }
    const child = await startMappingChild(limits);
    children.add(child);
    if (closed) throw new Error('closed');
    return child;
  }
}
