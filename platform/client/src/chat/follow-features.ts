// Follows the features of a page, and inside of them those that are shown with messages. Which features there
// are: features/load-features.ts.
import type { Features } from '../features/load-features.ts';
import type { Observable } from '../observable.ts';
import type { Unsubscribe } from '../types.ts';

/**
 * `run` is called now, for each change of which features there are, and for each change of typing and
 * presence.
 */
export function followFeatures(loader: Observable<Features>, run: (features: Features) => void): Unsubscribe {
  let ends: Unsubscribe[] = [];
  const pass = (): void => run(loader.snapshot());
  const follow = (): void => {
    for (const end of ends) end();
    const { typing, presence } = loader.snapshot();
    ends = [typing, presence].flatMap((feature) => (feature ? [feature.subscribe(pass)] : []));
    pass();
  };
  const endFollow = loader.subscribe(follow);
  follow();
  return () => {
    endFollow();
    for (const end of ends) end();
  };
}
