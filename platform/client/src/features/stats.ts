// The feature `stats`: what goes on in the app right now, as the server publishes it on the topic `stats`.
// Loaded where the page has `real_time_stats`.
import { createSource, type Observable } from '../observable.ts';
import type { Belfry } from '../types.ts';
import { onEachNew } from '../on-each-new.ts';

export interface LiveStats {
  connections: { total: number; byDeviceType: Record<string, number>; byPage: Record<string, number> };
  /** Different users with a connection. */
  users: number;
  messagesPerSecond: number;
  /** ISO 8601. */
  at: string;
}

export interface Stats extends Observable<LiveStats | undefined> {
  stop(): void;
}

const topic = 'stats';

export function createStats(belfry: Belfry): Stats {
  const { report } = belfry.surroundings;
  const source = createSource<LiveStats | undefined>(undefined, report);
  const ends = [
    belfry.on('stats_update', ({ data }) => source.set(data as unknown as LiveStats)),
    onEachNew(
      belfry,
      () => belfry.snapshot().connectionId,
      () => void belfry.command('subscribe', { topic }).catch(report),
    ),
  ];
  return {
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    stop() {
      for (const end of ends) end();
      belfry.command('unsubscribe', { topic }).catch(() => undefined);
      source.set(undefined);
    },
  };
}
