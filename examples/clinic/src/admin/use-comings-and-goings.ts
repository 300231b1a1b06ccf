// Connections that opened and closed since this page was opened, newest first, and those open now as far as
// this page has seen.
import { useBelfry } from '@belfry/client/react';
import { useEffect, useState } from 'react';

export interface ComingOrGoing {
  connectionId: string;
  userId: string;
  deviceType: string;
  page: string;
  isHere: boolean;
  at: Date;
}

const keptCount = 30;

export function useComingsAndGoings(): readonly ComingOrGoing[] {
  const belfry = useBelfry();
  const [feed, setFeed] = useState<readonly ComingOrGoing[]>([]);

  useEffect(() => {
    function record(data: Record<string, unknown>, isHere: boolean): void {
      const { connectionId, userId, deviceType, page } = data as Record<string, string>;
      const at = new Date(String(isHere ? data['connectedAt'] : data['disconnectedAt']));
      if (connectionId === undefined || userId === undefined) return;
      const news = { connectionId, userId, deviceType: deviceType ?? '', page: page ?? '', isHere, at };
      setFeed((before) => [news, ...before].slice(0, keptCount));
    }
    const stops = [
      belfry.on('device_connected', ({ data }) => record(data, true)),
      belfry.on('device_disconnected', ({ data }) => record(data, false)),
    ];
    return () => stops.forEach((stop) => stop());
  }, [belfry]);

  return feed;
}
