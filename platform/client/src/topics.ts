// The topics that the application is subscribed to: kept over reconnects, moves and changes of the page. Fetched
// when the first is wanted. Events come by the connection like any other; which topics are allowed is the server's.
import { createListeners, type Listeners } from './listeners.ts';
import type { Belfry, BelfrySnapshot, CommandFailure, EventHandler, ServerEvent, Unsubscribe } from './types.ts';

interface Subscribed {
  handlers: Listeners<ServerEvent>;
  refused: Listeners<CommandFailure>;
  count: number;
  cancelRetry: () => void;
}

export interface Topics {
  subscribe: (topic: string, handler: EventHandler, onRefused?: (why: CommandFailure) => void) => Unsubscribe;
}

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
  belfry.subscribe(look);
  look();

  return {
    subscribe(topic, handler, onRefused = report) {
      let known = topics.get(topic);
      if (!known) {
        const handlers = createListeners<ServerEvent>(report);
        known = { handlers, refused: createListeners(report), count: 0, cancelRetry: () => undefined };
        topics.set(topic, known);
      }
      known.count += 1;
      const endHandler = known.handlers.add((event) => {
        const result = handler(event);
        if (result instanceof Promise) result.catch(report);
      });
      const endRefused = known.refused.add(onRefused);
      ask(topic);
      let isOn = true;
      return () => {
        if (!isOn) return;
        isOn = false;
        endHandler();
        endRefused();
        leave(topic);
      };
    },
  };

  function look(): void {
    const { connectionId, policy } = belfry.snapshot();
    if (asked && connectionId === asked.connectionId && policy === asked.policy) return;
    asked = { connectionId, policy };
    for (const topic of topics.keys()) ask(topic);
  }

  /** Twice does no harm: the answer is the same. */
  function ask(topic: string): void {
    const { connectionId } = belfry.snapshot();
    topics.get(topic)?.cancelRetry();
    if (connectionId === undefined) return;
    belfry.command('subscribe', { topic }).catch((error: unknown) => {
      const known = topics.get(topic);
      // On the next connection it is asked for by itself.
      if (!known || belfry.snapshot().connectionId !== connectionId) return;
      const why = error as CommandFailure;
      if (why.retry === 'never') known.refused.emit(why);
      else known.cancelRetry = clock.setTimer(() => ask(topic), why.afterMs ?? againMs);
    });
  }

  function leave(topic: string): void {
    const known = topics.get(topic);
    if (!known || (known.count -= 1) > 0) return;
    known.cancelRetry();
    topics.delete(topic);
    // Without a connection there is nothing to take back.
    belfry.command('unsubscribe', { topic }).catch(() => undefined);
  }
}
