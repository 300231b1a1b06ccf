// The connection of the page for Svelte 5: the same fields as React's hook, read as runes are. No `$state`
// here, so that no compiler is needed.
import { getContext, onDestroy, setContext } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { provide } from '../provided.ts';
import type { Belfry, BelfrySnapshot, ConnectionStatus, Draft, QueuedMessage, ServerEvent } from '../types.ts';

const key = Symbol.for('belfry');

/**
 * In the outermost component: the components below it get it, and it is started. Ending it is the
 * application's (`belfry.stop()`), unless another of the same app takes its place.
 */
export function provideBelfry(belfry: Belfry): Belfry {
  // A server that renders the page opens no connection.
  if (typeof window !== 'undefined') onDestroy(provide(belfry));
  return setContext(key, belfry);
}

/** Throws where no component above has called `provideBelfry`. */
export function useBelfry(): Belfry {
  const belfry = getContext<Belfry | undefined>(key);
  if (belfry === undefined) throw new Error('No component above this one has called provideBelfry().');
  return belfry;
}

/**
 * Read its fields in the template, `$derived` or `$effect`, and they follow. Taken apart (`const {
 * isConnected } = ...`) they do not.
 */
export class WebSocketByPage {
  readonly #belfry: Belfry;
  readonly #readSnapshot: () => void;
  readonly #readEvent: () => void;

  constructor(belfry: Belfry) {
    this.#belfry = belfry;
    this.#readSnapshot = createSubscriber((changed) => belfry.subscribe(changed));
    this.#readEvent = createSubscriber((changed) => belfry.on('*', changed));
  }

  get isConnected(): boolean {
    return this.connectionStatus === 'connected';
  }
  get connectionStatus(): ConnectionStatus {
    return this.#snapshot().status;
  }
  /**
   * The newest event of any kind. Of several that come at once an effect sees the last: to see every one, use
   * `belfry.on`.
   */
  get lastMessage(): ServerEvent | undefined {
    this.#readEvent();
    return this.#belfry.lastEvent();
  }
  /** The page's policy; undefined until the policies were read once. */
  get config(): BelfrySnapshot['policy'] {
    return this.#snapshot().policy;
  }
  /** Goes up whenever what the component holds may be behind: read again what it shows. */
  get syncSignal(): number {
    return this.#snapshot().syncSignal;
  }

  readonly sendMessage = (draft: Draft): QueuedMessage => this.#belfry.send(draft);
  readonly connect = (): void => this.#belfry.connect();
  readonly disconnect = (): void => this.#belfry.disconnect();

  #snapshot(): BelfrySnapshot {
    this.#readSnapshot();
    return this.#belfry.snapshot();
  }
}

/** `belfry` is taken from the context when it is left out. */
export function useWebSocketByPage(belfry: Belfry = useBelfry()): WebSocketByPage {
  return new WebSocketByPage(belfry);
}
