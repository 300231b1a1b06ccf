// The topics a session may have: those its token names, and those its page allows. Delivering events of a
// topic: delivery.
import { allowsTopic, showsTopic, statsTopic } from '@belfry/protocol';
import { consoleApp } from '../ports/app-id.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export function mayHaveTopic(session: Session, topic: string): boolean {
  const { tokenTopics, tokenPresenceTopics, page } = session;
  // The figures of all of the app: no token gives them to a page that does not show them.
  if (topic === statsTopic) return page.features.has('real_time_stats');
  return tokenTopics.includes(topic) || tokenPresenceTopics.includes(topic) || allowsTopic(page.policy, topic);
}

/** Whether its user sees who is in the topic, and is seen there. A visitor is nobody whom others know. */
export function isShownIn({ visitor, tokenPresenceTopics, page }: Session, topic: string): boolean {
  if (visitor || topic === statsTopic) return false;
  return tokenPresenceTopics.includes(topic) || showsTopic(page.policy, topic);
}

/**
 * Topics of the console's app are about apps of tenants: its pages and tokens name none, and who may have one
 * is decided by account and role.
 */
export function isOfConsole({ app }: Pick<Session, 'app'>): boolean {
  return app === consoleApp;
}

/** After the page or the token changed. */
export function dropForbiddenTopics(registry: Pick<Registry, 'unsubscribe'>, session: Session): void {
  // What roles allowed is taken back by signing the account out.
  if (isOfConsole(session)) return;
  for (const topic of [...session.topics]) {
    if (!mayHaveTopic(session, topic)) registry.unsubscribe(session, topic);
  }
}
