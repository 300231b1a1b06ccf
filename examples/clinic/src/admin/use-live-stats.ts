// The server's live figures and the course of the last ones. Empty where the page's policy has no
// `real_time_stats`.
import type { LiveStats, Stats } from '@belfry/client/chat';
import { useChat } from '@belfry/client/react';
import { useEffect, useState } from 'react';

/** Enough for a small curve. */
const keptCount = 60;

/** Oldest first. */
export function useLiveStats(): readonly LiveStats[] {
  const { stats } = useChat().features;
  const [kept, setKept] = useState<readonly LiveStats[]>([]);
  useEffect(() => stats?.subscribe(() => setKept((before) => withLatest(before, stats))), [stats]);
  return kept;
}

function withLatest(before: readonly LiveStats[], stats: Stats): readonly LiveStats[] {
  const latest = stats.snapshot();
  return latest === undefined ? before : [...before, latest].slice(-keptCount);
}
