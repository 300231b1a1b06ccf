// The connections that other nodes have of users, kept at hand for whoever asks at every message: until another node
// says that they changed, or they are old. Presence is the truth; whoever decides what cannot be taken back asks it.
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';

/** News that was lost is forgiven after this long. */
const maxAgeMs = 10_000;
/**
 * What presence says may be wrong for so long after news could not be heard, or a node went: a lease of presence, in
 * which every node that lives writes back what was lost of it.
 */
const doubtfulMs = 15_000;
/** Users and connections together; a user costs some 200 bytes. */
const maxKept = 200_000;
/** Below it looking everybody up costs less than remembering. */
const longList = 32;

type Records = readonly ConnectionRecord[];

/** Users whose connections on a node other nodes may not have known of until now. */
export interface Arrival {
  userIds: ReadonlySet<string>;
  /** Undefined: on some node. */
  node: string | undefined;
}

interface Remembered {
  app: AppId;
  since: number;
  changes: number;
  /** Monotonic. */
  readAtMs: number;
  records: Records;
}

export interface ElsewhereDeps {
  /**
   * A number where the news of the app are heard, another one for each time that this began; undefined where they are
   * not, and nothing can be kept.
   */
  heardSince: (app: AppId) => number | undefined;
  presence: Pick<Presence, 'elsewhere'>;
  clock: Pick<Clock, 'monotonic'>;
}

export class Elsewhere {
  readonly #deps: ElsewhereDeps;
  readonly #byUser: NearCache<Records>;
  /** Long lists, known again by being the same array. */
  readonly #byList = new WeakMap<readonly string[], Remembered>();
  readonly #listeners: ((app: AppId, arrival: Arrival) => void)[] = [];
  /** Monotonic. */
  #doubtfulUntilMs = -Infinity;

  constructor(deps: ElsewhereDeps) {
    this.#deps = deps;
    this.#byUser = new NearCache<Records>({
      ...{ clock: deps.clock, maxAgeMs, maxSize: maxKept },
      sizeOf: ({ length }) => 1 + length,
    });
  }

  /**
   * As `Presence.elsewhere`, and the same list for the same users as long as nothing changed. Rejects as presence
   * does.
   */
  async of(app: AppId, userIds: readonly string[]): Promise<Records> {
    const since = this.#deps.heardSince(app);
    if (since === undefined) return this.#deps.presence.elsewhere(app, userIds);
    if (userIds.length < longList) return this.#read(app, userIds, since);
    const nowMs = this.#deps.clock.monotonic();
    const known = this.#byList.get(userIds);
    const { changeCount: changes } = this.#byUser;
    const isSame = known?.app === app && known.since === since && known.changes === changes;
    if (isSame && nowMs - known.readAtMs < maxAgeMs) return known.records;
    const records = await this.#read(app, userIds, since);
    this.#byList.set(userIds, { app, since, changes, readAtMs: nowMs, records });
    return records;
  }

  /**
   * The other nodes that have connections of these users, without waiting. Undefined where that is not at hand, or
   * not certain.
   */
  nodesOf(app: AppId, userIds: readonly string[]): ReadonlySet<string> | undefined {
    const since = this.#deps.heardSince(app);
    if (since === undefined || this.#deps.clock.monotonic() < this.#doubtfulUntilMs) return undefined;
    const nodes = new Set<string>();
    for (const userId of userIds) {
      const records = this.#byUser.peek(keyOf(app, userId, since));
      if (records === undefined) return undefined;
      for (const { node } of records) nodes.add(node);
    }
    return nodes;
  }

  /** Has it at hand soon, where it can be. Never rejects. */
  async prepare(app: AppId, userIds: readonly string[]): Promise<void> {
    if (this.#deps.heardSince(app) === undefined || this.nodesOf(app, userIds) !== undefined) return;
    await this.of(app, userIds).catch(() => undefined);
  }

  /** Connections of these users came or moved on another node. */
  arrived(app: AppId, arrival: Arrival): void {
    this.changed(app, arrival.userIds);
    for (const listen of this.#listeners) listen(app, arrival);
  }

  /** Called when connections came, after what was known of their users is forgotten. */
  onArrived(listen: (app: AppId, arrival: Arrival) => void): void {
    this.#listeners.push(listen);
  }

  /** Connections of these users came, went or moved on another node. */
  changed(app: AppId, userIds: Iterable<string>): void {
    const since = this.#deps.heardSince(app);
    for (const userId of userIds) this.#byUser.drop(keyOf(app, userId, since));
  }

  /** What other nodes said may not have been heard, or presence may not know all of them. */
  forget(): void {
    this.#doubtfulUntilMs = this.#deps.clock.monotonic() + doubtfulMs;
    this.#byUser.dropWhere(() => true);
  }

  async #read(app: AppId, userIds: readonly string[], since: number): Promise<Records> {
    const found = await this.#byUser.getMany(userIds, {
      keyOf: (userId) => keyOf(app, userId, since),
      load: async (unknown) => Map.groupBy(await this.#deps.presence.elsewhere(app, unknown), ({ userId }) => userId),
      absent: none,
    });
    return found.size === 0 ? none : [...found.values()].flat();
  }
}

const none: Records = [];

function keyOf(app: AppId, userId: string, since: number | undefined): string {
  return `${app} ${since} ${userId}`;
}
