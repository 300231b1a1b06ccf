// Reads the logs for many who want the same: sessions that were cut off together come back together. One call
// of the store serves all of them.

import { leastUsed } from '../caching/least-used.ts';
import { NearCache } from '../caching/near-cache.ts';
import { GatheredByApp } from '../concurrency/gathered-by-app.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredMessage, StreamHead } from '../ports/stores/index.ts';
import type { StreamLog } from './stream-log.ts';

export interface SharedRange {
  afterSeq: number;
  limit: number;
  /** The newest seq that is known to exist: an earlier read is good when it gets there, or fills the page. */
  reach: number;
}

/** As long as a storm of reconnects lasts; another node's change whose hint was lost is forgiven after it. */
const keepMs = 3000;
/** Over all streams, some 1 KB each. */
const mostMessages = 20_000;
/** Streams that were changed in the last `keepMs`. */
const mostChanged = 20_000;

export class SharedReads {
  readonly #log: Pick<StreamLog, 'read'>;
  readonly #bus: Pick<Bus, 'events'>;
  readonly #pages: NearCache<readonly StoredMessage[]>;
  /**
   * A number for each stream that was changed lately, as a part of the keys of its pages: those under an
   * older one are found no more.
   */
  readonly #changes = leastUsed<number>(mostChanged);
  readonly #heads: GatheredByApp<string, StreamHead>;
  #changeCount = 0;

  constructor(deps: {
    log: Pick<StreamLog, 'heads' | 'read'>;
    bus: Pick<Bus, 'events'>;
    clock: Pick<Clock, 'monotonic'>;
  }) {
    this.#log = deps.log;
    this.#bus = deps.bus;
    this.#heads = new GatheredByApp((app, streams) => deps.log.heads(app, streams));
    const sizeOf = (messages: readonly StoredMessage[]): number => 1 + messages.length;
    this.#pages = new NearCache({ clock: deps.clock, maxAgeMs: keepMs, maxSize: mostMessages, sizeOf });
    deps.bus.events.on('log_changed', (app, { stream }) => this.#forget(app, stream));
  }

  /** As the log's. Read after the call, with all that others ask for in this turn of the event loop. */
  heads(app: AppId, wanted: readonly string[]): Promise<ReadonlyMap<string, StreamHead>> {
    return this.#heads.ofAll(app, wanted);
  }

  /** The next `limit` messages after `afterSeq`, the same objects for all who ask. */
  async read(
    app: AppId,
    { stream, epoch }: { stream: string; epoch: string },
    { afterSeq, limit, reach }: SharedRange,
  ): Promise<readonly StoredMessage[]> {
    for (;;) {
      const key = `${app} ${stream} ${epoch} ${this.#changes.get(`${app} ${stream}`) ?? 0} ${afterSeq} ${limit}`;
      const own = { isRead: false };
      const messages = await this.#pages.get(key, () => {
        own.isRead = true;
        return this.#log.read(app, stream, { afterSeq, limit });
      });
      if (own.isRead || messages.length >= limit || (messages.at(-1)?.seq ?? afterSeq) >= reach) return messages;
      // Of all who found the same page too short the first reads anew, and the others wait for that.
      if (this.#pages.peek(key) === messages) this.#pages.drop(key);
    }
  }

  /**
   * A message was changed in its place, or the stream was deleted: earlier reads hold no more. Reported to
   * the other nodes.
   */
  changed(app: AppId, stream: string): void {
    this.#forget(app, stream);
    this.#bus.events.publish(app, { type: 'log_changed', stream }).catch(() => undefined);
  }

  #forget(app: AppId, stream: string): void {
    this.#changeCount += 1;
    this.#changes.set(`${app} ${stream}`, this.#changeCount);
  }
}
