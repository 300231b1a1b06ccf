// The value that an observable of the SDK holds now: a chat, a conversation, a feature. The component renders
// anew at each change.
import { useSyncExternalStore } from 'react';
import type { Observable } from '../observable.ts';

export function useObservable<T>({ subscribe, snapshot }: Observable<T>): T {
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
