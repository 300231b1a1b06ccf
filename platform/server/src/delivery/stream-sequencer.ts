// Puts durable events into the order of their seqs before this node delivers them, and fills holes from the
// log. Which connections get them is local-delivery.ts.

import { partsOf } from '../concurrency/parts-of.ts';
import type { StreamLog } from '../conversations/stream-log.ts';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Delivery } from '../ports/delivery.ts';
import { usersOf } from './addressing.ts';
import type { LocalDelivery } from './local-delivery.ts';
import type { LocalDecisions } from './session-state.ts';
import type { StreamPlace, StreamPlaces } from './stream-places.ts';

/** The reason to read the log: an event above a hole, or word that the log reaches further. */
type BackfillCause = 'hole' | 'head';

const readSize = 200;
/** Streams that are compared by one call of the store. */
const comparedAtOnce = 500;

export class StreamSequencer {
  readonly #log: Pick<StreamLog, 'heads' | 'read'>;
  readonly #places: StreamPlaces;
  readonly #local: LocalDelivery;
  readonly #surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
  /** Places with a hole that could not be filled. */
  readonly #stuck = new Set<StreamPlace>();

  constructor(deps: {
    log: Pick<StreamLog, 'heads' | 'read'>;
    places: StreamPlaces;
    local: LocalDelivery;
    surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
  }) {
    this.#log = deps.log;
    this.#places = deps.places;
    this.#local = deps.local;
    this.#surroundings = deps.surroundings;
  }

  /**
   * Delivers here when it is this event's turn: at once, or when the hole before it has been filled, or never
   * when it was delivered before. `members` are the users of the delivery's conversation or list. Returns
   * what was decided, or would be now.
   */
  deliver(app: AppId, delivery: Delivery, members: readonly string[]): LocalDecisions {
    return this.#accept(app, delivery, members) ?? this.#local.preview(app, delivery, members);
  }

  /**
   * An event of another node concerns no connection here, as far as that node knows its members, and its stream is
   * not known here: whoever comes later begins with the log. Or it comes after the others had it, and whoever is here
   * came even later.
   */
  isForNobodyHere(app: AppId, delivery: Delivery): boolean {
    const { members, event, ageMs } = delivery;
    if (ageMs !== undefined) {
      const sinceMs = this.#surroundings.clock.monotonic() - ageMs;
      return !this.#local.isAnyoneHere(app, usersOf(delivery, members ?? []), sinceMs);
    }
    if (members === undefined || this.#local.isAnyoneHere(app, members)) return false;
    return event.stream === undefined || this.#places.peek(app, event.stream) === undefined;
  }

  /** The same for an event of another node. */
  async receive(app: AppId, delivery: Delivery): Promise<void> {
    const members = await this.#local.membersOf(app, delivery);
    this.#accept(app, delivery, members);
  }

  /** It is certain that the log reaches this far. Delivers what was missed of a stream that is known here. */
  remind(app: AppId, at: { stream: string; seq: number }): void {
    const place = this.#places.peek(app, at.stream);
    if (place === undefined || place.last >= at.seq || this.#isLeftBehind(place)) return;
    void this.#backfill(place, 'head');
  }

  /**
   * Compares every stream known here with the log and delivers what was missed; for when hints may have been
   * lost.
   */
  async compareHeads(): Promise<void> {
    const all = this.#places.all().filter((place) => !this.#isLeftBehind(place));
    const byApp = Map.groupBy(all, ({ app }) => app);
    for (const [app, known] of byApp) {
      for (const part of partsOf(known, comparedAtOnce)) await this.#compare(app, part);
    }
  }

  /**
   * Tries again what could not be filled, e.g. because the store was away: no further event need ever come to
   * do it.
   */
  async backfillStuck(): Promise<void> {
    for (const place of this.#stuck)
      if (this.#places.peek(place.app, place.stream) !== place) this.#stuck.delete(place);
    await Promise.all([...this.#stuck].map((place) => this.#backfill(place, 'head')));
  }

  /** Undefined when it is not delivered now. */
  #accept(app: AppId, delivery: Delivery, members: readonly string[]): LocalDecisions | undefined {
    const { stream, seq, epoch = 'e1', timestamp } = delivery.event;
    if (stream === undefined || seq === undefined) return this.#local.deliver(app, delivery, members);
    let place = this.#places.find(app, stream);
    const isNew = place?.epoch !== epoch || (seq > place.last + 1 && this.#places.isLeftBehind(place, members));
    if (place === undefined || isNew) place = this.#places.begin(app, { stream, epoch, seq });
    if (isNew || (seq === place.last + 1 && !place.isBackfilling)) {
      this.#places.advance(place, seq, Date.parse(timestamp));
      place.isFor(members);
      return this.#local.deliver(app, delivery, members);
    }
    if (seq > place.last) {
      place.early.set(seq, { delivery, members });
      void this.#backfill(place, 'hole');
      return undefined;
    }
    // The sessions that have it from the log do not get it again (session-writer.ts).
    return place.isFollowedOnly ? this.#local.deliver(app, delivery, members) : undefined;
  }

  /** Then it is forgotten: what may have been missed was for nobody here. */
  #isLeftBehind(place: StreamPlace): boolean {
    const isLeftBehind = this.#places.isLeftBehind(place);
    if (isLeftBehind) this.#places.drop(place);
    return isLeftBehind;
  }

  async #compare(app: AppId, known: readonly StreamPlace[]): Promise<void> {
    const heads = await this.#log.heads(
      app,
      known.map(({ stream }) => stream),
    );
    await Promise.all(
      known.map(async (place) => {
        const head = heads.get(place.stream);
        if (head === undefined) return;
        // Of a log that replaced the one known here nothing was delivered.
        const compared =
          head.epoch === place.epoch ? place : this.#places.begin(app, { stream: place.stream, ...head, seq: 0 });
        if (head.seq > compared.last) await this.#backfill(compared, 'head');
      }),
    );
  }

  async #backfill(place: StreamPlace, cause: BackfillCause): Promise<void> {
    if (place.isBackfilling) return;
    place.isBackfilling = true;
    try {
      await this.#fill(place, cause);
      this.#stuck.delete(place);
    } catch (error) {
      const { app, stream, last: after } = place;
      this.#surroundings.log.warn('a hole in a stream could not be filled', { app, stream, after, err: error });
      this.#stuck.add(place);
    } finally {
      place.isBackfilling = false;
    }
  }

  /**
   * Ends in the same turn as the last look at what came early, so that nothing that came meanwhile is left
   * there.
   */
  async #fill(place: StreamPlace, cause: BackfillCause): Promise<void> {
    let isUnknown = cause === 'head';
    for (;;) {
      this.#deliverEarly(place);
      if (!isUnknown && place.early.size === 0) return;
      const found = await this.#log.read(place.app, place.stream, { afterSeq: place.last, limit: readSize });
      for (const message of found) await this.#deliverFound(place, message, cause);
      isUnknown = found.length === readSize;
      // The messages before an early event are no longer in the log: they were pruned, and nothing will fill
      // the hole.
      if (found.length === 0 && place.early.size > 0) place.last = Math.min(...place.early.keys()) - 1;
    }
  }

  async #deliverFound(place: StreamPlace, message: StoredMessage, cause: BackfillCause): Promise<void> {
    const early = place.early.get(message.seq);
    if (early === undefined) {
      await this.#local.deliverStored(place.app, message, place.epoch);
      this.#surroundings.metrics.count('log_heal_total', [cause]);
    }
    place.early.delete(message.seq);
    this.#places.advance(place, message.seq, message.storedAt);
    if (early !== undefined) this.#local.deliver(place.app, early.delivery, early.members);
  }

  #deliverEarly(place: StreamPlace): void {
    const { app, early } = place;
    for (let next = early.get(place.last + 1); next !== undefined; next = early.get(place.last + 1)) {
      this.#places.advance(place, place.last + 1, Date.parse(next.delivery.event.timestamp));
      early.delete(place.last);
      place.isFor(next.members);
      this.#local.deliver(app, next.delivery, next.members);
    }
    for (const seq of early.keys()) if (seq <= place.last) early.delete(seq);
  }
}
