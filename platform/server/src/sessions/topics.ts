// The topics a session may have: those its token names, and those its page allows. Delivering events of a
// topic: delivery.
import { allowsTopic, statsTopic } from '@belfry/protocol';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export function mayHaveTopic(session: Session, topic: string): boolean {
  const { tokenTopics, page } = session;
  // The figures of all of the app: no token gives them to a page that does not show them.
  if (topic === statsTopic) return page.features.has('real_time_stats');
  return tokenTopics.includes(topic) || allowsTopic(page.policy, topic);
}

/** After the page or the token changed. */
export function dropForbiddenTopics(registry: Pick<Registry, 'unsubscribe'>, session: Session): void {
  for (const topic of [...session.topics]) {
    if (!mayHaveTopic(session, topic)) registry.unsubscribe(session, topic);
  }
}
