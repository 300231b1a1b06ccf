// Lists journeys by what became of them, a page at a time. What is in an entry: entries.ts.

import type { Reason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Counted, JourneyEntry, JourneyFilter, JourneyIndexStore, JourneyPlace } from '../ports/stores/index.ts';
import type { JourneyIndexer } from './indexer.ts';
import { failedReasons, openReasons, stateOf, type JourneyState } from './sums.ts';

export interface JourneyQuestion extends Omit<JourneyFilter, 'has' | 'hasNone'> {
  /** One of them. */
  reasons?: readonly Reason[] | undefined;
  state?: JourneyState | undefined;
}

export interface ListedJourney extends JourneyEntry {
  state: JourneyState;
}

interface ListsDeps {
  index: Pick<JourneyIndexStore, 'list' | 'count'>;
  indexer: Pick<JourneyIndexer, 'refresh'>;
  /** Resolves when what was recorded here before the call is written. */
  flush: () => Promise<void>;
  clock: Pick<Clock, 'now'>;
}

/** One page costs no more than this, however rare what is looked for. */
const lookedAtOnce = 10_000;
/** One that moves for longer was perhaps left so by a process that was killed. */
const doubtfulAfterMs = 60_000;

const hasOf = new Map<JourneyState | undefined, readonly (readonly Reason[])[]>([
  ['moving', [openReasons]],
  ['failed', [failedReasons]],
]);
const hasNoneOf = new Map<JourneyState | undefined, readonly Reason[]>([
  ['failed', openReasons],
  ['done', [...openReasons, ...failedReasons]],
]);

export class JourneyLists {
  readonly #deps: ListsDeps;

  constructor(deps: ListsDeps) {
    this.#deps = deps;
  }

  /** The newest first. With `next` there may be more, also after a page without any. */
  async list(
    app: AppId,
    { reasons, state, ...filter }: JourneyQuestion,
    page: { after?: JourneyPlace | undefined; limit: number },
  ): Promise<{ items: ListedJourney[]; next?: JourneyPlace }> {
    const { index, indexer, flush, clock } = this.#deps;
    await flush();
    const listing = { ...filter, ...page, ...wantedOf({ reasons, state }), scan: lookedAtOnce };
    const { items, next } = await index.list(app, listing);
    const listed = items.map((entry) => ({ ...entry, state: stateOf(entry.counts) }));
    const doubtful = listed.filter((each) => each.state === 'moving' && each.at < clock.now() - doubtfulAfterMs);
    indexer.refresh(
      app,
      doubtful.map(({ messageId }) => messageId),
    );
    return { items: listed, ...(next !== undefined && { next }) };
  }

  /** Of the newest ones. */
  async count(app: AppId, { reasons, state, ...filter }: JourneyQuestion): Promise<Counted<'reason' | 'kind'>> {
    const { index, flush } = this.#deps;
    await flush();
    return await index.count(app, { ...filter, ...wantedOf({ reasons, state }), scan: lookedAtOnce });
  }
}

function wantedOf({
  reasons,
  state,
}: Pick<JourneyQuestion, 'reasons' | 'state'>): Pick<JourneyFilter, 'has' | 'hasNone'> {
  const has = [...(reasons === undefined ? [] : [reasons]), ...(hasOf.get(state) ?? [])];
  return { has, hasNone: hasNoneOf.get(state) };
}
