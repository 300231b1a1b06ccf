// What passes at this node, by what is asked for: in an app, over one connection, or what one connection did.

import type { HistoryEntry } from '../connection-history.ts';
import type { Registry } from '../registry.ts';
import { framesPerRound, watchFrames, type FrameRow } from './frames-view.ts';
import { historyPerRound, watchHistory } from './history-view.ts';
import { livePerRound, type LiveFeed, type LiveRow } from './live-feed.ts';
import type { PartOfStream } from './part.ts';
import type { StreamView } from './stream-view.ts';

export type StreamHere = StreamView<FrameRow> | StreamView<LiveRow> | StreamView<HistoryEntry>;

/** Rows of one round at most. */
export const streamRounds = { live: livePerRound, frames: framesPerRound, history: historyPerRound } as const;

/** Undefined for a connection that is not this node's, or another app's. */
export function streamHere(
  asked: PartOfStream,
  deps: { feed: LiveFeed; registry: Pick<Registry, 'byId'>; clock: { now: () => number } },
): StreamHere | undefined {
  if (asked.kind === 'live') return deps.feed.watch(asked.app, asked.filter);
  const session = deps.registry.byId(asked.connectionId);
  if (session?.app !== asked.app) return undefined;
  if (asked.kind === 'history') return watchHistory(session);
  return watchFrames(session, { withBodies: asked.withBodies, now: () => deps.clock.now() });
}
