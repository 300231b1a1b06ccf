// What one connection did, and goes on to do: all that is kept of it first, then each entry as it comes or changes, its
// end the last.

import { ConnectionHistory, mostKept, type HistoryEntry } from '../connection-history.ts';
import type { Session } from '../session.ts';
import { StreamView } from './stream-view.ts';

/** All that is kept, and as much as may come beside it in one round. */
export const historyPerRound = 2 * mostKept;

export function watchHistory(session: Session): StreamView<HistoryEntry> {
  const history = ConnectionHistory.of(session);
  const view = new StreamView<HistoryEntry>({ perRound: historyPerRound, end: () => end() });
  for (const entry of history.entries()) view.take(() => entry);
  const end = history.watch((entry) => view.take(() => entry));
  return view;
}
