// Topics as the core has them: fetches what subscribes to them when the first is wanted.
import type { Topics } from './topics.ts';
import type { Belfry, Topic, Unsubscribe } from './types.ts';

/** After code that could not be fetched, as while offline. */
const againMs = 5000;

export function createTopicHandles(belfry: () => Belfry): (name: string) => Topic {
  let topics: Promise<Topics> | undefined;
  const fetchTopics = (): Promise<Topics> =>
    (topics ??= import('./topics.ts').then(
      ({ createTopics }) => createTopics(belfry()),
      () =>
        new Promise((resolve) => {
          belfry().surroundings.clock.setTimer(() => {
            topics = undefined;
            resolve(fetchTopics());
          }, againMs);
        }),
    ));
  return (name) => {
    const begin = (isPresence: boolean, wanted: readonly unknown[]): Unsubscribe => {
      const begun = fetchTopics().then((all) => all(name, isPresence, wanted));
      return () => void begun.then((end) => end());
    };
    return { subscribe: (...wanted) => begin(false, wanted), presence: (...wanted) => begin(true, wanted) };
  };
}
