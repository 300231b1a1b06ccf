// `subscribe` and `unsubscribe`: events of a topic, and who is there, where the token or the page allows it.

import { BelfryError } from '@belfry/protocol';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import type { TopicPresence } from '../sessions/topic-presence.ts';
import { isOfConsole, isShownIn, mayHaveTopic } from '../sessions/topics.ts';
import type { Handler } from './command.ts';

export function createSubscribe(deps: {
  registry: Pick<Registry, 'subscribe'>;
  topicPresence: Pick<TopicPresence, 'changed' | 'watch'>;
  /** Told of every subscription. */
  stats?: Pick<LiveStats, 'subscribed'>;
  /** Of one connection. */
  maxTopics: number;
  /** Of the console's app: whether the account may have the topic. */
  mayHear: (session: Pick<Session, 'userId'>, topic: string) => Promise<boolean>;
}): Handler<'subscribe'> {
  const { maxTopics, mayHear } = deps;
  return async (session, { topic, presence }) => {
    const may = isOfConsole(session) ? await mayHear(session, topic) : mayHaveTopic(session, topic);
    // It may have gone while that was looked up.
    if (!may || session.closed) throw new BelfryError('forbidden', { path: ['topic'] });
    if (presence === true && !isShownIn(session, topic)) throw new BelfryError('forbidden', { path: ['presence'] });
    if (session.topics.size >= maxTopics && !session.topics.has(topic))
      throw new BelfryError('too_many', { message: `A connection has at most ${maxTopics} topics.`, path: ['topic'] });
    deps.registry.subscribe(session, topic);
    deps.stats?.subscribed(session, topic);
    await deps.topicPresence.changed(session);
    if (presence !== undefined) deps.topicPresence.watch(session, topic, presence);
    return { answer: { topic } };
  };
}

export function createUnsubscribe(deps: {
  registry: Pick<Registry, 'unsubscribe'>;
  topicPresence: Pick<TopicPresence, 'changed'>;
}): Handler<'unsubscribe'> {
  return async (session, { topic }) => {
    deps.registry.unsubscribe(session, topic);
    await deps.topicPresence.changed(session);
    return { answer: { topic } };
  };
}
