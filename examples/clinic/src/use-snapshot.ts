// The current value of an observable, for a component.
import { useCallback, useSyncExternalStore } from 'react';

interface Changing<T> {
  snapshot(): T;
  subscribe(listener: () => void): () => void;
}

/** Undefined as long as there is nothing to look at. */
export function useSnapshot<T>(source: Changing<T>): T;
export function useSnapshot<T>(source: Changing<T> | undefined): T | undefined;
export function useSnapshot<T>(source: Changing<T> | undefined): T | undefined {
  const subscribe = useCallback((changed: () => void) => source?.subscribe(changed) ?? nothing, [source]);
  const read = useCallback(() => source?.snapshot(), [source]);
  return useSyncExternalStore(subscribe, read);
}

function nothing(): void {
  // There was nothing to end.
}
