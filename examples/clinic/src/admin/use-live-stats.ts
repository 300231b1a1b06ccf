// The server's live figures, by the topic `stats`, and the course of the last ones. Nothing is asked for on pages without `real_time_stats`.
import { useBelfry, useWebSocketByPage } from '@belfry/client/react';
import { useEffect, useState } from 'react';

export interface LiveStats {
  connections: { total: number; byDeviceType: Record<string, number>; byPage: Record<string, number> };
  users: number;
  messagesPerSecond: number;
  at: string;
}

/** Enough for a small curve. */
const keptCount = 60;

/** Oldest first. */
export function useLiveStats(): readonly LiveStats[] {
  const belfry = useBelfry();
  const { isConnected, config, syncSignal } = useWebSocketByPage();
  const [stats, setStats] = useState<readonly LiveStats[]>([]);
  const isAllowed = config?.features.includes('real_time_stats') === true;

  useEffect(
    () =>
      belfry.on('stats_update', ({ data }) => {
        setStats((before) => [...before, data as unknown as LiveStats].slice(-keptCount));
      }),
    [belfry],
  );
  useEffect(() => {
    // The next connect subscribes anew, should this one be lost before it is answered.
    if (isConnected && isAllowed) belfry.command('subscribe', { topic: 'stats' }).catch(() => undefined);
  }, [belfry, isConnected, isAllowed, syncSignal]);

  return stats;
}
