// One watched topic: who is there as its watchers know it, and what they are told of changes. Which topics are
// watched: topic-presence.ts.
import type { TopicMember } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Timer } from '../ports/clock.ts';
import type { Presence } from '../ports/presence.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { encode } from './encoded.ts';
import type { Session } from './session.ts';

/** From one reading to the next: what comes and goes meanwhile is one event. */
const gatherMs = 100;
/** Going is reported so late, so that a reload or a move to another node says nothing. */
const leaveGraceMs = 5000;

export interface WatchedTopicDeps {
  app: AppId;
  topic: string;
  presence: Pick<Presence, 'ofTopic'>;
  /** Connections that are looked at. */
  limit: number;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class WatchedTopic {
  readonly #deps: WatchedTopicDeps;
  readonly #watchers = new Set<Session>();
  /** Watchers who have not been told of anybody. */
  readonly #newcomers = new Set<Session>();
  /** By user when they were missed first, on the monotonic clock; undefined of those who are there. */
  readonly #members = new Map<string, number | undefined>();
  #hasMore = false;
  #isReading = false;
  /** Something changed since the last reading began. */
  #isStale = false;
  #readAtMs = -Infinity;
  #timer: Timer | undefined;
  #grace: Timer | undefined;

  constructor(deps: WatchedTopicDeps) {
    this.#deps = deps;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Who watches it already is told of everybody anew. */
  add(session: Session): void {
    this.#watchers.add(session);
    this.#newcomers.add(session);
    this.readSoon();
  }

  remove(session: Session): void {
    this.#watchers.delete(session);
    this.#newcomers.delete(session);
  }

  readSoon(): void {
    this.#isStale = true;
    if (this.#isReading || this.#timer !== undefined) return;
    const { clock } = this.#deps.surroundings;
    const waitMs = Math.max(0, this.#readAtMs + gatherMs - clock.monotonic());
    this.#timer = clock.after(waitMs, () => void this.#read());
  }

  end(): void {
    this.#watchers.clear();
    this.#newcomers.clear();
    this.#timer?.cancel();
    this.#grace?.cancel();
  }

  async #read(): Promise<void> {
    const { app, topic, presence, limit, surroundings } = this.#deps;
    this.#timer = undefined;
    this.#isReading = true;
    this.#isStale = false;
    this.#readAtMs = surroundings.clock.monotonic();
    try {
      const records = await presence.ofTopic(app, topic, { limit: limit + 1 });
      const users = new Set(records.slice(0, limit).map(({ userId }) => userId));
      this.#take(users, records.length > limit);
    } catch (error) {
      // The sweep comes back to it.
      surroundings.log.debug('who is in a topic could not be read', { app, topic, err: error });
    }
    this.#isReading = false;
    this.#readStale();
  }

  #readStale(): void {
    if (this.#isStale && this.isWatched) this.readSoon();
  }

  #take(users: ReadonlySet<string>, hasMore: boolean): void {
    const joined = [...users].filter((userId) => !this.#members.has(userId));
    for (const userId of users) this.#members.set(userId, undefined);
    const left = this.#whoLeft(users);
    const isChanged = joined.length + left.length > 0 || hasMore !== this.#hasMore;
    this.#hasMore = hasMore;
    const known = [...this.#watchers].filter((session) => !this.#newcomers.has(session));
    if (isChanged) this.#tell(known, { joined: membersOf(joined), left: membersOf(left) });
    this.#tell([...this.#newcomers], { members: membersOf([...this.#members.keys()]) });
    this.#newcomers.clear();
  }

  #whoLeft(users: ReadonlySet<string>): string[] {
    const { clock } = this.#deps.surroundings;
    const nowMs = clock.monotonic();
    const left: string[] = [];
    let nextMs = Infinity;
    for (const [userId, missedAtMs = nowMs] of this.#members) {
      if (users.has(userId)) continue;
      if (nowMs - missedAtMs >= leaveGraceMs) {
        this.#members.delete(userId);
        left.push(userId);
        continue;
      }
      this.#members.set(userId, missedAtMs);
      nextMs = Math.min(nextMs, missedAtMs + leaveGraceMs - nowMs);
    }
    this.#grace?.cancel();
    this.#grace = nextMs === Infinity ? undefined : clock.after(nextMs, () => this.readSoon());
    return left;
  }

  #tell(sessions: readonly Session[], who: Readonly<Record<string, readonly TopicMember[]>>): void {
    if (sessions.length === 0) return;
    const timestamp = new Date(this.#deps.surroundings.clock.now()).toISOString();
    const data = { topic: this.#deps.topic, ...who, hasMore: this.#hasMore };
    const event = encode({ action: 'topic_presence', timestamp, data });
    for (const session of sessions) session.outlet.send(event);
  }
}

function membersOf(userIds: readonly string[]): TopicMember[] {
  return userIds.map((userId) => ({ userId }));
}
