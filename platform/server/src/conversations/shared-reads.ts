// Reads the logs for many who want the same: those who were cut off together come back together. One call of the store serves all of them.

import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';
import type { StreamLog } from './stream-log.ts';

export interface SharedReads {
  /** As the log's. Read after the call, with all that others ask for in this turn of the event loop. */
  heads(app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>>;
  /**
   * The next `limit` messages after `afterSeq`, the same objects for all who ask. `reach` is the newest seq that is known to exist: what was read before is good
   * when it gets there, or fills the page.
   */
  read(app: AppId, at: { stream: string; epoch: string }, range: SharedRange): Promise<readonly StoredMessage[]>;
  /** A message was changed in its place, or the stream was deleted: what was read holds no more. Other nodes are told. */
  changed(app: AppId, stream: string): void;
}

export interface SharedRange {
  afterSeq: number;
  limit: number;
  reach: number;
}

/** As long as a storm of reconnects lasts; another node's change whose hint was lost is forgiven after it. */
const keepMs = 3000;
/** Over all streams, some 1 KB each. */
const mostMessages = 20_000;

interface Page {
  messages: Promise<readonly StoredMessage[]>;
  untilMs: number;
}

interface Pages {
  epoch: string;
  /** By `afterSeq`. */
  bySeq: Map<number, Page>;
  /** Messages in them. */
  size: number;
}

export function createSharedReads(deps: {
  log: Pick<StreamLog, 'heads' | 'read'>;
  bus: Pick<Bus, 'events'>;
  clock: Clock;
}): SharedReads {
  const { log, bus, clock } = deps;
  const streams = new LRUCache<string, Pages>({ maxSize: mostMessages, sizeCalculation: ({ size }) => 1 + size });
  const gathering = new Map<AppId, { streams: Set<string>; heads: Promise<ReadonlyMap<string, StreamHead>> }>();

  bus.events.on('log_changed', (app, { stream }) => void streams.delete(keyOf(app, stream)));

  return {
    heads(app, wanted) {
      const present = gathering.get(app) ?? gather(app);
      for (const stream of wanted) present.streams.add(stream);
      return present.heads;
    },

    async read(app, { stream, epoch }, { afterSeq, limit, reach }) {
      let tooShort: Page | undefined;
      for (;;) {
        const page = pageAt(app, { stream, epoch }, afterSeq);
        // Of all who waited for a page that is too short the first reads anew, and the others wait for that.
        if (page === undefined || page === tooShort) return await readAnew(app, { stream, epoch }, { afterSeq, limit });
        const messages = await page.messages;
        if (messages.length >= limit || (messages.at(-1)?.seq ?? afterSeq) >= reach) return messages;
        tooShort = page;
      }
    },

    changed(app, stream) {
      streams.delete(keyOf(app, stream));
      bus.events.publish(app, { type: 'log_changed', stream }).catch(() => undefined);
    },
  };

  function gather(app: AppId) {
    const wanted = new Set<string>();
    const heads = new Promise<void>((resolve) => void setImmediate(resolve)).then(() => {
      gathering.delete(app);
      return log.heads(app, [...wanted]);
    });
    const gathered = { streams: wanted, heads };
    gathering.set(app, gathered);
    return gathered;
  }

  function pageAt(
    app: AppId,
    { stream, epoch }: { stream: string; epoch: string },
    afterSeq: number,
  ): Page | undefined {
    const pages = streams.get(keyOf(app, stream));
    const page = pages?.epoch === epoch ? pages.bySeq.get(afterSeq) : undefined;
    return page !== undefined && clock.monotonic() < page.untilMs ? page : undefined;
  }

  async function readAnew(
    app: AppId,
    { stream, epoch }: { stream: string; epoch: string },
    range: Pick<ReadRange, 'limit'> & { afterSeq: number },
  ): Promise<readonly StoredMessage[]> {
    const key = keyOf(app, stream);
    let pages = streams.get(key);
    if (pages?.epoch !== epoch) streams.set(key, (pages = { epoch, bySeq: new Map(), size: 0 }));
    const page = { messages: log.read(app, stream, range), untilMs: clock.monotonic() + keepMs };
    pages.bySeq.set(range.afterSeq, page);
    try {
      const messages = await page.messages;
      // One that was dropped while it was read stays dropped. Another object, because the cache measures the same one only once.
      if (streams.peek(key) === pages) streams.set(key, { ...pages, size: pages.size + messages.length });
      return messages;
    } catch (error) {
      if (pages.bySeq.get(range.afterSeq) === page) pages.bySeq.delete(range.afterSeq);
      throw error;
    }
  }
}

function keyOf(app: AppId, stream: string): string {
  return `${app} ${stream}`;
}
