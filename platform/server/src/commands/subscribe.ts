// `subscribe` and `unsubscribe`: events of a topic, where the token or the page allows it.

import { BelfryError } from '@belfry/protocol';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import { mayHaveTopic } from '../sessions/topics.ts';
import type { Handler } from './command.ts';

export function createSubscribe(deps: {
  registry: Pick<Registry, 'subscribe'>;
  /** Told of every subscription. */
  stats?: Pick<LiveStats, 'subscribed'>;
  /** Of one connection. */
  maxTopics: number;
}): Handler<'subscribe'> {
  const { maxTopics } = deps;
  return async (session, { topic }) => {
    if (!mayHaveTopic(session, topic)) throw new BelfryError('forbidden', { path: ['topic'] });
    if (session.topics.size >= maxTopics && !session.topics.has(topic))
      throw new BelfryError('too_many', { message: `A connection has at most ${maxTopics} topics.`, path: ['topic'] });
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
