// Starts the Belfry that a provider of React or Svelte gives to its components, and ends one whose place another
// of the same app has taken: a module that is loaded anew while it is developed makes another, and nobody
// would end the one before.
import type { Belfry } from './types.ts';

/** How many providers give it now. */
const providers = new WeakMap<Belfry, number>();
/** By server and app. */
const newest = new Map<string, Belfry>();

/** The function that it returns says that the provider is gone. That alone ends nothing. */
export function provide(belfry: Belfry): () => void {
  const key = JSON.stringify([belfry.options.url, belfry.options.app]);
  const before = newest.get(key);
  newest.set(key, belfry);
  count(belfry, 1);
  if (before !== undefined && before !== belfry) endUnprovided(before);
  belfry.start();
  return () => {
    count(belfry, -1);
    if (newest.get(key) !== belfry) endUnprovided(belfry);
  };
}

function count(belfry: Belfry, change: number): void {
  providers.set(belfry, (providers.get(belfry) ?? 0) + change);
}

function endUnprovided(belfry: Belfry): void {
  if (providers.get(belfry) === 0) void belfry.stop();
}
