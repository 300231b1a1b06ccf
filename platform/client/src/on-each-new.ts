// For whoever has to act anew on each connection, or on each moment in which something has become so.
import type { Unsubscribe } from './types.ts';

/**
 * Runs now if there is a value, and again each time there is another; not when it goes. `source` reports
 * every change.
 */
export function onEachNew(
  source: { subscribe(listener: () => void): Unsubscribe },
  valueNow: () => unknown,
  run: () => void,
): Unsubscribe {
  let known: unknown;
  const look = (): void => {
    const now = valueNow();
    if (now === known) return;
    known = now;
    if (now !== undefined) run();
  };
  look();
  return source.subscribe(look);
}
