// The topics a session may have: those its token names, and any on a page that allows topics. Delivering
// events of a topic: delivery.
import { topicFeatures } from '@belfry/protocol';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export function mayHaveTopic(session: Session, topic: string): boolean {
  return session.tokenTopics.includes(topic) || topicFeatures.some((feature) => session.page.features.has(feature));
}

/** After the page or the token changed. */
export function dropForbiddenTopics(registry: Pick<Registry, 'unsubscribe'>, session: Session): void {
  for (const topic of [...session.topics]) {
    if (!mayHaveTopic(session, topic)) registry.unsubscribe(session, topic);
  }
}
