// Topics as the core has them: fetches what subscribes to them when the first is wanted.
import type { Topics } from './topics.ts';
import type { Belfry, Topic } from './types.ts';

/** After code that could not be fetched, as while offline. */
const againMs = 5000;

export function createTopicHandles(belfry: () => Belfry): (name: string) => Topic {
  let topics: Promise<Topics> | undefined;
  const fetchTopics = (): Promise<Topics> =>
    (topics ??= import('./topics.ts').then(
      ({ createTopics }) => createTopics(belfry()),
      async () => {
        await new Promise<void>((resolve) => void belfry().surroundings.clock.setTimer(resolve, againMs));
        topics = undefined;
        return await fetchTopics();
      },
    ));
  return (name) => ({
    subscribe(...wanted) {
      const subscribed = fetchTopics().then(({ subscribe }) => subscribe(name, ...wanted));
      return () => void subscribed.then((unsubscribe) => unsubscribe());
    },
  });
}
