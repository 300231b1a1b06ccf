// `subscribe` and `unsubscribe`: events of a topic, where the token or the page allows it.

import { BelfryError } from '@belfry/protocol';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import { mayHaveTopic } from '../sessions/topics.ts';
import type { Handler } from './command.ts';

/**
 * Topics of one connection: more than a page needs, and a bound on what one client can make the server keep.
 */
const maxTopics = 100;

export function createSubscribe(deps: {
  registry: Pick<Registry, 'subscribe'>;
  /** Told of every subscription. */
  stats?: Pick<LiveStats, 'subscribed'>;
}): Handler<'subscribe'> {
  return async (session, { topic }) => {
    if (!mayHaveTopic(session, topic)) throw new BelfryError('forbidden', { path: ['topic'] });
    if (session.topics.size >= maxTopics && !session.topics.has(topic))
      throw new BelfryError('too_many', { path: ['topic'] });
    deps.registry.subscribe(session, topic);
    deps.stats?.subscribed(session, topic);
    return { answer: { topic } };
  };
}

export function createUnsubscribe(deps: { registry: Pick<Registry, 'unsubscribe'> }): Handler<'unsubscribe'> {
  return async (session, { topic }) => {
    deps.registry.unsubscribe(session, topic);
    return { answer: { topic } };
  };
}
