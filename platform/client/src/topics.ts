// The topics that the application is subscribed to: kept over reconnects, moves and changes of the page. Fetched
// when the first is wanted. Events come by the connection like any other; which topics are allowed is the server's.
import { createListeners, type Listeners } from './listeners.ts';
import { createTopicMembers, type TopicMembers } from './topic-members.ts';
import type {
  Belfry,
  BelfrySnapshot,
  CommandFailure,
  EventHandler,
  ServerEvent,
  Topic,
  TopicPresence,
  Unsubscribe,
} from './types.ts';

type Report = (error: unknown) => void;
type OnPresence = (who: TopicPresence) => unknown;

interface Subscribed {
  handlers: Listeners<ServerEvent>;
  refused: Listeners<CommandFailure>;
  members: TopicMembers;
  /** Told where the topic is had, and not who is there. */
  presenceRefused: Listeners<CommandFailure>;
  count: number;
  cancelRetry: () => void;
}

/**
 * Begins what a method of `Topic` promises, with the arguments that it was given: the core, which has few bytes to
 * spare, looks at none of them.
 */
export type Topics = (topic: string, isPresence: boolean, given: readonly unknown[]) => Unsubscribe;

/** After a subscription that may be had later. */
const againMs = 5000;

export function createTopics(belfry: Belfry): Topics {
  const { clock, report } = belfry.surroundings;
  const topics = new Map<string, Subscribed>();
  /** As it was when they were asked for last: another connection has none, and another page drops some. */
  let asked: Pick<BelfrySnapshot, 'connectionId' | 'policy'> | undefined;

  belfry.on('*', (event) => {
    if (event.topic !== undefined) topics.get(event.topic)?.handlers.emit(event);
  });
  belfry.on('topic_presence', ({ data }) => topics.get(data.topic)?.members.take(data));
  belfry.subscribe(look);
  look();

  return (topic, isPresence, given) => {
    const known = enter(topic);
    const isKnown = isPresence && known.members.isWanted();
    const [handler, onRefused = report] = given as Parameters<Topic['subscribe']> | Parameters<Topic['presence']>;
    const ends = [
      isPresence
        ? known.members.add(handler as OnPresence)
        : known.handlers.add(calling(handler as EventHandler, report)),
      known.refused.add(onRefused),
      ...(isPresence ? [known.presenceRefused.add(onRefused)] : []),
    ];
    if (!isKnown) ask(topic);
    return once(ends, () => leave(topic, known, isPresence));
  };

  function enter(topic: string): Subscribed {
    const known = topics.get(topic) ?? newSubscribed(report);
    topics.set(topic, known);
    known.count += 1;
    return known;
  }

  function look(): void {
    const { connectionId, policy } = belfry.snapshot();
    if (asked && connectionId === asked.connectionId && policy === asked.policy) return;
    asked = { connectionId, policy };
    for (const topic of topics.keys()) ask(topic);
  }

  /** Twice does no harm: the answer is the same. */
  function ask(topic: string, presence = topics.get(topic)?.members.isWanted() === true): void {
    const { connectionId } = belfry.snapshot();
    topics.get(topic)?.cancelRetry();
    if (connectionId === undefined) return;
    belfry.command('subscribe', presence ? { topic, presence } : { topic }).catch((error: unknown) => {
      const known = topics.get(topic);
      // On the next connection it is asked for by itself.
      if (!known || belfry.snapshot().connectionId !== connectionId) return;
      const why = error as CommandFailure;
      if (why.retry !== 'never') {
        known.cancelRetry = clock.setTimer(() => ask(topic), why.afterMs ?? againMs);
        return;
      }
      known.members.forget();
      if (why.path?.[0] !== 'presence') known.refused.emit(why);
      else {
        known.presenceRefused.emit(why);
        ask(topic, false);
      }
    });
  }

  function leave(topic: string, known: Subscribed, isPresence: boolean): void {
    known.count -= 1;
    if (known.count > 0) {
      if (!isPresence || known.members.isWanted()) return;
      known.members.forget();
      belfry.command('subscribe', { topic, presence: false }).catch(() => undefined);
      return;
    }
    known.cancelRetry();
    topics.delete(topic);
    // Without a connection there is nothing to take back.
    belfry.command('unsubscribe', { topic }).catch(() => undefined);
  }
}

function once(ends: readonly Unsubscribe[], then: () => void): Unsubscribe {
  let isOn = true;
  return () => {
    if (!isOn) return;
    isOn = false;
    for (const end of ends) end();
    then();
  };
}

function newSubscribed(report: Report): Subscribed {
  return {
    handlers: createListeners(report),
    refused: createListeners(report),
    members: createTopicMembers(report),
    presenceRefused: createListeners(report),
    count: 0,
    cancelRetry: () => undefined,
  };
}

function calling(handler: EventHandler, report: Report): (event: ServerEvent) => void {
  return (event) => {
    const result = handler(event);
    if (result instanceof Promise) result.catch(report);
  };
}
