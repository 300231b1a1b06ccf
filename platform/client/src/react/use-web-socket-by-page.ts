// The connection of the page for a React component: state, the newest event, and what can be done. The
// connection itself is not its own.
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Belfry, BelfrySnapshot, ConnectionStatus, Draft, QueuedMessage, ServerEvent } from '../types.ts';
import { useBelfry } from './belfry-provider.tsx';

export interface WebSocketByPage {
  readonly isConnected: boolean;
  readonly connectionStatus: ConnectionStatus;
  /**
   * The newest event of any kind. Of several that come at once a component sees the last: to see every one,
   * use `belfry.on`.
   */
  readonly lastMessage: ServerEvent | undefined;
  readonly sendMessage: (draft: Draft) => QueuedMessage;
  /** The page's policy; undefined until the policies were read once. */
  readonly config: BelfrySnapshot['policy'];
  readonly connect: () => void;
  readonly disconnect: () => void;
  /** Goes up whenever what the component holds may be behind: read again what it shows. */
  readonly syncSignal: number;
}

export function useWebSocketByPage(): WebSocketByPage {
  const belfry = useBelfry();
  const { status, policy, syncSignal } = useBelfrySnapshot(belfry);
  const lastMessage = useLastEvent(belfry);
  return useMemo(
    () => ({
      isConnected: status === 'connected',
      connectionStatus: status,
      lastMessage,
      sendMessage: (draft) => belfry.send(draft),
      config: policy,
      connect: () => belfry.connect(),
      disconnect: () => belfry.disconnect(),
      syncSignal,
    }),
    [belfry, status, policy, syncSignal, lastMessage],
  );
}

function useBelfrySnapshot(belfry: Belfry): BelfrySnapshot {
  const subscribe = useCallback((changed: () => void) => belfry.subscribe(changed), [belfry]);
  const read = useCallback(() => belfry.snapshot(), [belfry]);
  return useSyncExternalStore(subscribe, read, read);
}

function useLastEvent(belfry: Belfry): ServerEvent | undefined {
  const subscribe = useCallback((changed: () => void) => belfry.on('*', changed), [belfry]);
  const read = useCallback(() => belfry.lastEvent(), [belfry]);
  return useSyncExternalStore(subscribe, read, read);
}
