// Gives the components below it the page's Belfry, and starts it. Ending it is the application's
// (`belfry.stop()`), unless another of the same app takes its place.
import { createContext, useContext, useEffect, type ReactElement, type ReactNode } from 'react';
import { provide } from '../provided.ts';
import type { Belfry } from '../types.ts';

const BelfryContext = createContext<Belfry | undefined>(undefined);

/** `belfry` is made once, outside of components, by `createBelfry`. */
export function BelfryProvider({ belfry, children }: { belfry: Belfry; children?: ReactNode }): ReactElement {
  // In an effect: a server that renders the page opens no connection. Effects run twice in strict mode; to
  // start twice is to start once.
  useEffect(() => provide(belfry), [belfry]);
  return <BelfryContext.Provider value={belfry}>{children}</BelfryContext.Provider>;
}

/** Throws outside of a `BelfryProvider`. */
export function useBelfry(): Belfry {
  const belfry = useContext(BelfryContext);
  if (belfry === undefined) throw new Error('There is no <BelfryProvider> around this component.');
  return belfry;
}
