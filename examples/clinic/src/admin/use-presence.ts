// Who of these people is online: asked after each connect, then kept up to date by the server. Empty where the page's policy has no presence.
import { useBelfry, useWebSocketByPage } from '@belfry/client/react';
import type { PresenceState } from '@belfry/protocol';
import { useEffect, useState } from 'react';

export function usePresence(userIds: readonly string[]): ReadonlyMap<string, PresenceState> {
  const belfry = useBelfry();
  const { isConnected, config, syncSignal } = useWebSocketByPage();
  const [states, setStates] = useState<ReadonlyMap<string, PresenceState>>(new Map());
  const features: readonly string[] = config?.features ?? [];
  const isAllowed = features.includes('presence') || features.includes('user_monitoring');
  const ids = userIds.join(' ');

  useEffect(() => {
    function take(news: readonly PresenceState[]): void {
      setStates((before) => new Map([...before, ...news.map((state) => [state.userId, state] as const)]));
    }
    const stop = belfry.on('presence_update', ({ data }) => take([data as unknown as PresenceState]));
    if (isConnected && isAllowed && ids !== '') {
      belfry.command('presence', { userIds: ids.split(' '), watch: true }).then(
        (answer) => take(answer.states),
        // The connection went, or the policy changed meanwhile: either comes back as a new effect.
        () => undefined,
      );
    }
    return stop;
  }, [belfry, isConnected, isAllowed, ids, syncSignal]);

  return isAllowed ? states : noStates;
}

const noStates: ReadonlyMap<string, PresenceState> = new Map();
