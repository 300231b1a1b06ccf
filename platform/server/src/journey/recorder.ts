// Takes facts from the hot path and writes them in batches. Never slows or fails its callers: what the store does not take in time is dropped and counted.

import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { JourneyStore } from '../ports/stores/index.ts';
import type { AckFact, JourneyPlan, PushFact, RealtimeFact } from './facts.ts';
import { createPending, type Pending } from './pending.ts';

export interface JourneyRecorder {
  planned(app: AppId, plan: JourneyPlan): void;
  realtime(app: AppId, facts: RealtimeFact | readonly RealtimeFact[]): void;
  acked(app: AppId, facts: readonly AckFact[]): void;
  push(app: AppId, facts: PushFact | readonly PushFact[]): void;
  /** Resolves when all that was noted before the call was given to the store, or the store did not take it. Never rejects. */
  flush(): Promise<void>;
  /** Flushes once more, then takes nothing. What the store does not take now is dropped. */
  stop(): Promise<void>;
}

interface RecorderDeps {
  store: Pick<JourneyStore, 'append'>;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Longest that a fact waits while the store is up; 1 s, so that most acknowledgements find the plan of their message still here. */
  maxDelayMs?: number;
  /** Facts that are written without waiting any longer; 10,000, about 1 MB. */
  batchFacts?: number;
  /** Facts (recipients of a plan, acknowledgements, push facts) kept at most while the store is away; 100,000, about 30 MB. */
  maxFacts?: number;
}

/** From so many recipients on, those of an earlier plan are named instead of written again. */
const longList = 32;
/** Rows are deleted by age, so that a plan outlives the one it names by less than this; in that last minute only its counts are known. */
const sharedForMs = 60_000;

/** Longest pause between two tries while the store is away. */
const maxPauseMs = 5_000;

export function createJourneyRecorder(deps: RecorderDeps): JourneyRecorder {
  const { store, clock, log, metrics, maxDelayMs = 1000, batchFacts = 10_000, maxFacts = 100_000 } = deps;
  const apps = new Map<AppId, Pending>();
  const recorded = new WeakMap<object, { app: AppId; messageId: string; atMs: number }>();
  let rows = 0;
  let facts = 0;
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let pauseMs = maxDelayMs;
  let isDown = false;
  let stopped = false;

  return {
    planned(app, plan) {
      const recipientsOf = sharedRecipients(app, plan);
      const weight = recipientsOf === undefined ? 1 + (plan.recipients?.length ?? 0) : 1;
      take(app, weight, (pending) => pending.plan(plan, recipientsOf));
    },
    realtime: (app, given) => takeAll(app, asList(given), (pending, fact) => pending.realtime(fact)),
    acked: (app, given) => takeAll(app, given, (pending, fact) => pending.ack(fact)),
    push: (app, given) => takeAll(app, asList(given), (pending, fact) => pending.push(fact)),
    async flush() {
      // A write that runs has left with what was noted before it; what came since leaves with the next.
      await running;
      await write();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
      await write();
      timer?.cancel();
      if (rows > 0) drop(rows);
      apps.clear();
    },
  };

  /** The message of which these very recipients were recorded a moment ago. */
  function sharedRecipients(app: AppId, { messageId, recipients, acceptedAtMs }: JourneyPlan): string | undefined {
    if (recipients === undefined || recipients.length < longList) return undefined;
    const last = recorded.get(recipients);
    const agoMs = last?.app === app ? acceptedAtMs - last.atMs : Infinity;
    if (last !== undefined && agoMs >= 0 && agoMs < sharedForMs) return last.messageId;
    recorded.set(recipients, { app, messageId, atMs: acceptedAtMs });
    return undefined;
  }

  function takeAll<F>(app: AppId, given: readonly F[], add: (pending: Pending, fact: F) => number): void {
    for (const fact of given) take(app, 1, (pending) => add(pending, fact));
  }

  function take(app: AppId, weight: number, add: (pending: Pending) => number): void {
    if (stopped || facts + weight > maxFacts) {
      drop(1);
      return;
    }
    let pending = apps.get(app);
    if (pending === undefined) {
      pending = createPending();
      apps.set(app, pending);
    }
    facts += weight;
    rows += add(pending);
    if (facts >= batchFacts && !isDown) void write();
    else if (timer === undefined && running === undefined) schedule();
  }

  function schedule(): void {
    timer = clock.after(pauseMs, () => {
      timer = undefined;
      void write();
    });
  }

  function write(): Promise<void> {
    running ??= writeAll().finally(() => {
      running = undefined;
      if (rows > 0 && !stopped && timer === undefined) schedule();
    });
    return running;
  }

  async function writeAll(): Promise<void> {
    timer?.cancel();
    timer = undefined;
    const leaving = [...apps];
    apps.clear();
    const counted = { rows, facts };
    rows = 0;
    facts = 0;
    let failed = false;
    for (const [app, pending] of leaving) {
      const made = pending.rows();
      try {
        await store.append(app, made);
        metrics.count('journey_rows_total', ['written'], made.length);
      } catch (error) {
        failed = true;
        told(error);
        keep(app, pending);
      }
    }
    if (failed) pauseMs = Math.min(pauseMs * 2, maxPauseMs);
    else if (counted.rows > 0) recovered();
  }

  /** Puts back what the store did not take, before what came meanwhile. */
  function keep(app: AppId, pending: Pending): void {
    if (facts + pending.facts > maxFacts) {
      drop(pending.size);
      return;
    }
    const since = apps.get(app);
    rows += pending.size;
    facts += pending.facts;
    if (since !== undefined) pending.append(since);
    apps.set(app, pending);
  }

  function told(error: unknown): void {
    // One line a change of state: a store that is away for an hour is not worth 18,000 lines.
    if (!isDown) log.warn('journey is not being written', { error });
    isDown = true;
  }

  function recovered(): void {
    if (isDown) log.info('journey is being written again');
    isDown = false;
    pauseMs = maxDelayMs;
  }

  function drop(count: number): void {
    metrics.count('journey_rows_total', ['dropped'], count);
  }
}

function asList<T extends object>(given: T | readonly T[]): readonly T[] {
  return isList(given) ? given : [given];
}

// Array.isArray alone does not narrow a readonly array.
function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
