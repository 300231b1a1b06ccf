// How far this node has brought its connections in each stream. What brings them further is
// stream-sequencer.ts.

import { leastUsed } from '../caching/least-used.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { Registry } from '../sessions/registry.ts';
import { mostNamed } from './named-nodes.ts';

/** A delivery above a hole, which waits for the hole to be filled. */
interface EarlyDelivery {
  delivery: Delivery;
  members: readonly string[];
}

/** The place of this node in one stream. */
export class StreamPlace {
  readonly app: AppId;
  readonly stream: string;
  readonly epoch: string;
  /** Newest seq that was delivered here. */
  last: number;
  /**
   * Nothing was delivered here so far: some session got up to `last` from the log, and others may be owed it
   * by an event that is under way.
   */
  isFollowedOnly = true;
  /**
   * Wall clock of when `last` was stored, for the delivery time of its first acknowledgement; 0 once that was
   * taken.
   */
  lastStoredAt = 0;
  readonly early = new Map<number, EarlyDelivery>();
  isBackfilling = false;
  /** Whom the last event was for, or who follows it; undefined: so many that every node hears all of it. */
  members: readonly string[] | undefined;
  /** The count of changes in the registry when it got here. */
  reachedAt = 0;

  constructor(app: AppId, { stream, epoch, seq }: { stream: string; epoch: string; seq: number }) {
    this.app = app;
    this.stream = stream;
    this.epoch = epoch;
    this.last = seq;
  }

  advance(seq: number, storedAt: number, reachedAt: number): void {
    this.last = seq;
    this.isFollowedOnly = false;
    this.lastStoredAt = storedAt;
    this.reachedAt = reachedAt;
  }

  isFor(members: readonly string[]): void {
    this.members = members.length <= mostNamed ? members : undefined;
  }
}

/** Streams whose place is remembered; a forgotten one starts anew with its next event. */
const keptStreams = 100_000;

export class StreamPlaces {
  readonly #registry: Pick<Registry, 'ofUser' | 'changes'>;
  readonly #places = leastUsed<StreamPlace>(keptStreams);

  constructor(registry: Pick<Registry, 'ofUser' | 'changes'>) {
    this.#registry = registry;
  }

  /** Undefined when the stream is not known on this node. Keeps the place from being forgotten. */
  find(app: AppId, stream: string): StreamPlace | undefined {
    return this.#places.get(keyOf(app, stream));
  }

  /** `find`, without keeping it. */
  peek(app: AppId, stream: string): StreamPlace | undefined {
    return this.#places.peek(keyOf(app, stream));
  }

  /** Replaces what was known of the stream. */
  begin(app: AppId, at: { stream: string; epoch: string; seq: number }): StreamPlace {
    const place = new StreamPlace(app, at);
    place.reachedAt = this.#registry.changes(app);
    this.#places.set(keyOf(app, at.stream), place);
    return place;
  }

  /**
   * Sessions here have this stream up to `seq` from the log: what comes after it must not be missed, even if
   * nothing of it was delivered here yet.
   */
  follow(app: AppId, at: { stream: string; epoch: string; seq: number }, userId: string): void {
    const known = this.find(app, at.stream);
    if (known === undefined || this.isLeftBehind(known)) this.begin(app, at).isFor([userId]);
    else if (known.isFollowedOnly && known.members?.includes(userId) === false) known.isFor([...known.members, userId]);
  }

  advance(place: StreamPlace, seq: number, storedAt: number): void {
    place.advance(seq, storedAt, this.#registry.changes(place.app));
  }

  /**
   * Since it got here, nobody whom its events are for has been here without a break: they may have passed this node
   * by, and nobody here waits for them. Whoever is here came later, with what the log had then.
   */
  isLeftBehind(place: StreamPlace, members = place.members): boolean {
    if (members === undefined || members.length > mostNamed) return false;
    if (place.isBackfilling || place.early.size > 0) return false;
    return members.every((userId) => {
      const [session] = this.#registry.ofUser(place.app, userId);
      return session === undefined || session.hereSince > place.reachedAt;
    });
  }

  drop({ app, stream }: StreamPlace): void {
    this.#places.delete(keyOf(app, stream));
  }

  all(): StreamPlace[] {
    return [...this.#places.values()];
  }

  /** The newest seq that was delivered here; undefined when the stream is not known on this node. */
  last(app: AppId, stream: string): number | undefined {
    return this.peek(app, stream)?.last;
  }

  /** How long ago the newest event was stored, ms, when `seq` is that event and nobody asked before. */
  takeDeliveryMs(app: AppId, at: { stream: string; seq: number }, nowMs: number): number | undefined {
    const place = this.peek(app, at.stream);
    if (place?.last !== at.seq || place.lastStoredAt === 0) return undefined;
    const ms = nowMs - place.lastStoredAt;
    place.lastStoredAt = 0;
    return Math.max(0, ms);
  }
}

function keyOf(app: AppId, stream: string): string {
  return `${app} ${stream}`;
}
