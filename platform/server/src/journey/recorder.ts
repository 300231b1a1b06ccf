// Keeps facts in memory for a moment and writes them in batches. Never slows or fails its callers: what the
// store does not take in time is dropped and counted.

import { BackOff } from '../concurrency/back-off.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Timer } from '../ports/clock.ts';
import type { AckedRange, MessageCaughtUp, MessageSent, PushFact } from '../ports/message-facts.ts';
import type { JourneyStore } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { JourneyIndexer } from './indexer.ts';
import { PendingFacts } from './pending.ts';

interface RecorderOptions {
  store: Pick<JourneyStore, 'append'>;
  indexer: Pick<JourneyIndexer, 'written'>;
  surroundings: Surroundings;
  /**
   * Longest that a fact waits while the store is up; 1 s, so that most acknowledgements find the plan of
   * their message still here.
   */
  maxDelayMs?: number;
  /** Facts that are written without waiting any longer; 10,000, about 1 MB. */
  batchFacts?: number;
  /**
   * Facts (recipients of a plan, acknowledgements, push facts) kept at most while the store is away; 100,000,
   * about 30 MB.
   */
  maxFacts?: number;
}

/** From so many recipients on, those of an earlier plan are named instead of written again. */
const longList = 32;
/**
 * Rows are deleted by age, so that a plan outlives the one it names by less than this; in that last minute
 * only its counts are known.
 */
const sharedForMs = 60_000;

/** Longest pause between two tries while the store is away. */
const maxPauseMs = 5_000;

export class JourneyRecorder {
  readonly #store: RecorderOptions['store'];
  readonly #indexer: RecorderOptions['indexer'];
  readonly #surroundings: Surroundings;
  readonly #maxDelayMs: number;
  readonly #batchFacts: number;
  readonly #maxFacts: number;
  readonly #apps = new Map<AppId, PendingFacts>();
  /** By list of recipients: the newest message whose plan has it written out. */
  readonly #written = new WeakMap<object, { app: AppId; messageId: string; atMs: number }>();
  #rows = 0;
  #facts = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #pauseMs: number;
  readonly #backOff: BackOff;
  #isDown = false;
  #isStopped = false;

  constructor(options: RecorderOptions) {
    const { store, indexer, surroundings, maxDelayMs = 1000, batchFacts = 10_000, maxFacts = 100_000 } = options;
    this.#store = store;
    this.#indexer = indexer;
    this.#surroundings = surroundings;
    this.#maxDelayMs = maxDelayMs;
    this.#pauseMs = maxDelayMs;
    this.#backOff = new BackOff({ baseMs: 2 * maxDelayMs, maxMs: maxPauseMs });
    this.#batchFacts = batchFacts;
    this.#maxFacts = maxFacts;
  }

  planned(app: AppId, plan: MessageSent): void {
    const recipientsOf = this.#sharedRecipients(app, plan);
    const weight = recipientsOf === undefined ? 1 + (plan.recipients?.length ?? 0) : 1;
    this.#take(app, weight, (pending) => pending.plan(plan, recipientsOf));
  }

  acked(app: AppId, ranges: readonly AckedRange[]): void {
    for (const range of ranges) this.#take(app, 1, (pending) => pending.ack(range));
  }

  caughtUp(app: AppId, fact: MessageCaughtUp): void {
    this.#take(app, 1, (pending) => pending.caughtUp(fact));
  }

  push(app: AppId, fact: PushFact): void {
    this.#take(app, 1, (pending) => pending.push(fact));
  }

  /**
   * Resolves when all that was recorded before the call was given to the store, or the store did not take it.
   * Never rejects.
   */
  async flush(): Promise<void> {
    // A write that runs has left with what was recorded before it; what came since leaves with the next.
    await this.#running;
    await this.#write();
  }

  /** Flushes once more, then takes nothing. What the store does not take now is dropped. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#running;
    await this.#write();
    this.#timer?.cancel();
    if (this.#rows > 0) this.#drop(this.#rows);
    this.#apps.clear();
  }

  /** The message of which these very recipients were recorded a moment ago. */
  #sharedRecipients(app: AppId, { messageId, recipients, acceptedAtMs }: MessageSent): string | undefined {
    if (recipients === undefined || recipients.length < longList) return undefined;
    const last = this.#written.get(recipients);
    const agoMs = last?.app === app ? acceptedAtMs - last.atMs : Infinity;
    if (last !== undefined && agoMs >= 0 && agoMs < sharedForMs) return last.messageId;
    this.#written.set(recipients, { app, messageId, atMs: acceptedAtMs });
    return undefined;
  }

  #take(app: AppId, weight: number, add: (pending: PendingFacts) => number): void {
    if (this.#isStopped || this.#facts + weight > this.#maxFacts) {
      this.#drop(1);
      return;
    }
    let pending = this.#apps.get(app);
    if (pending === undefined) {
      pending = new PendingFacts();
      this.#apps.set(app, pending);
    }
    this.#facts += weight;
    this.#rows += add(pending);
    if (this.#facts >= this.#batchFacts && !this.#isDown) void this.#write();
    else if (this.#timer === undefined && this.#running === undefined) this.#schedule();
  }

  #schedule(): void {
    this.#timer = this.#surroundings.clock.after(this.#pauseMs, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined;
      if (this.#rows > 0 && !this.#isStopped && this.#timer === undefined) this.#schedule();
    });
    return this.#running;
  }

  async #writeAll(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const leaving = [...this.#apps];
    const isAnything = this.#rows > 0;
    this.#apps.clear();
    this.#rows = 0;
    this.#facts = 0;
    let hasFailed = false;
    for (const [app, pending] of leaving) {
      const made = pending.rows();
      try {
        await this.#store.append(app, made);
        this.#surroundings.metrics.count('journey_rows_total', ['written'], made.length);
        await this.#indexer.written(app, { ...pending.entries(), rows: made });
      } catch (error) {
        hasFailed = true;
        this.#reportDown(error);
        this.#keep(app, pending);
      }
    }
    if (hasFailed) this.#pauseMs = this.#backOff.next();
    else if (isAnything) this.#reportUp();
  }

  /** Puts back what the store did not take, before what came meanwhile. */
  #keep(app: AppId, pending: PendingFacts): void {
    if (this.#facts + pending.facts > this.#maxFacts) {
      this.#drop(pending.size);
      return;
    }
    const since = this.#apps.get(app);
    this.#rows += pending.size;
    this.#facts += pending.facts;
    if (since !== undefined) pending.append(since);
    this.#apps.set(app, pending);
  }

  #reportDown(err: unknown): void {
    // One line a change of state: a store that is away for an hour is not worth 18,000 lines.
    if (!this.#isDown) this.#surroundings.log.warn('journey is not being written', { err });
    this.#isDown = true;
  }

  #reportUp(): void {
    if (this.#isDown) this.#surroundings.log.info('journey is being written again');
    this.#isDown = false;
    this.#pauseMs = this.#maxDelayMs;
    this.#backOff.reset();
  }

  #drop(count: number): void {
    this.#surroundings.metrics.count('journey_rows_total', ['dropped'], count);
  }
}
