// Keeps the journey index up to date with what is recorded: the entry of a broadcast as its plan is written, and
// anew, in the background, once later facts came. It takes a small part of the time, however much there is to do.

import { partsOf } from '../concurrency/parts-of.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Timer } from '../ports/clock.ts';
import type { JourneyEntry, JourneyIndexStore, JourneyRow, MessageStore } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { entryOfJourney, isListed } from './entries.ts';
import type { JourneyFolding } from './folding.ts';
import { StaleJourneys, type StaleRange } from './stale-journeys.ts';

interface IndexerOptions {
  store: Pick<JourneyIndexStore, 'put'>;
  folding: Pick<JourneyFolding, 'fold'>;
  messages: Pick<MessageStore, 'read'>;
  surroundings: Surroundings;
  /** From a fact until its entry is made anew, so that those of one moment are taken together; 500 ms. */
  delayMs?: number;
}

/** Journeys that are folded in one go. */
const perTurn = 20;
/** After a turn that took 1 ms it rests so many. */
const restPart = 9;
/** Messages of a range that are looked up at once. */
const perRange = 100;

export class JourneyIndexer {
  readonly #options: Required<IndexerOptions>;
  readonly #stale = new StaleJourneys();
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isDown = false;
  #isStopped = false;
  /** On the monotonic clock; from then on nothing more is folded. */
  #endsAtMs = Infinity;

  constructor(options: IndexerOptions) {
    this.#options = { delayMs: 500, ...options };
  }

  /** `rows` were written; `entries` are of the plans among them, `incomplete` those of them that lack facts. Never rejects. */
  async written(
    app: AppId,
    {
      entries,
      incomplete,
      rows,
    }: { entries: readonly JourneyEntry[]; incomplete: readonly string[]; rows: readonly JourneyRow[] },
  ): Promise<void> {
    for (const messageId of incomplete) this.#stale.message(app, messageId);
    for (const { type, messageId, range } of rows) {
      if (type === 'plan') continue;
      if (messageId !== undefined) this.#stale.message(app, messageId);
      else if (range !== undefined) this.#stale.range(app, range);
    }
    if (!(await this.#put(app, entries))) {
      for (const { messageId } of entries) this.#stale.message(app, messageId);
    }
    this.#schedule();
  }

  /** Somebody looks at these, which may have been left as they were by a process that was killed. */
  refresh(app: AppId, messageIds: readonly string[]): void {
    for (const messageId of messageIds) this.#stale.message(app, messageId);
    this.#schedule();
  }

  /** Resolves when all that is known to be stale was made anew, or the store did not take it. Never rejects. */
  async flush(): Promise<void> {
    await this.#running;
    while (!this.#stale.isEmpty && (await this.#turn()));
  }

  /**
   * Does what is left for a moment, also of a turn that is under way: a slow store does not hold up the end of the
   * process. The rest is made anew when somebody looks at it.
   */
  async stop(mostMs = 2000): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#endsAtMs = this.#options.surroundings.clock.monotonic() + mostMs;
    await this.#running;
    while (!this.#stale.isEmpty && !this.#isOver && (await this.#turn()));
  }

  get #isOver(): boolean {
    return this.#options.surroundings.clock.monotonic() >= this.#endsAtMs;
  }

  #schedule(pauseMs = this.#options.delayMs): void {
    if (this.#isStopped || this.#stale.isEmpty || this.#timer !== undefined || this.#running !== undefined) return;
    const { clock } = this.#options.surroundings;
    this.#timer = clock.after(pauseMs, () => {
      this.#timer = undefined;
      const startedAt = clock.monotonic();
      this.#running = this.#turn().then(() => {
        this.#running = undefined;
        this.#schedule(Math.max(this.#options.delayMs, restPart * (clock.monotonic() - startedAt)));
      });
    });
  }

  /** False when the store did not take it. */
  async #turn(): Promise<boolean> {
    const { app, messageIds, ranges } = this.#stale.take(perTurn);
    if (app === undefined) return true;
    try {
      const wanted = [...messageIds];
      for (const range of ranges) wanted.push(...(await this.#messagesIn(app, range)));
      const entries: JourneyEntry[] = [];
      for (const part of partsOf([...new Set(wanted)], perTurn)) {
        if (this.#isOver) break;
        entries.push(...(await this.#entriesOf(app, part)));
      }
      if (await this.#put(app, entries)) return true;
    } catch (error) {
      this.#reportDown(error);
    }
    for (const messageId of messageIds) this.#stale.message(app, messageId);
    for (const range of ranges) this.#stale.range(app, range);
    return false;
  }

  /** Folded together: a store may read for all of them at once. */
  async #entriesOf(app: AppId, messageIds: readonly string[]): Promise<JourneyEntry[]> {
    const { folding } = this.#options;
    const all = await Promise.all(messageIds.map((messageId) => folding.fold(app, messageId)));
    return all.flatMap((folded) =>
      folded !== undefined && isListed(folded.journey.message.kind) ? [entryOfJourney(folded)] : [],
    );
  }

  /** The newest of them; the rest of the range stays for another turn. */
  async #messagesIn(app: AppId, { stream, from, to }: StaleRange): Promise<string[]> {
    const bounds = { afterSeq: from - 1, beforeSeq: to + 1, limit: perRange, order: 'descending' } as const;
    const found = await this.#options.messages.read(app, stream, bounds);
    const oldest = found.at(-1);
    if (found.length === perRange && oldest !== undefined && oldest.seq > from) {
      this.#stale.range(app, { stream, from, to: oldest.seq - 1 });
    }
    return found.map(({ id }) => id);
  }

  async #put(app: AppId, entries: readonly JourneyEntry[]): Promise<boolean> {
    if (entries.length === 0) return true;
    try {
      await this.#options.store.put(app, entries);
      this.#isDown = false;
      return true;
    } catch (error) {
      this.#reportDown(error);
      return false;
    }
  }

  #reportDown(err: unknown): void {
    if (!this.#isDown) this.#options.surroundings.log.warn('the journey index is not being written', { err });
    this.#isDown = true;
  }
}
