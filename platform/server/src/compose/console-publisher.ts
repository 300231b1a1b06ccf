// Publishes events of the console's own app, to the subscribers of a topic on all nodes. Who may hear them:
// accounts/topics.ts.

import type { FanOut } from '../delivery/fan-out.ts';
import { consoleApp } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';

type PublishToConsole = (topic: string, event: { action: string; data: Readonly<Record<string, unknown>> }) => void;

/** They are in no log: whoever was away reads anew what they are about. */
export function consolePublisher(fanOut: Pick<FanOut, 'publish'>, clock: Pick<Clock, 'now'>): PublishToConsole {
  return (topic, { action, data }) => {
    const event = { action, topic, timestamp: new Date(clock.now()).toISOString(), data: { ...data } };
    fanOut.publish(consoleApp, { event, rule: { action, realtime: 'all' }, to: { topic }, sender: 'like_anybody' }, []);
  };
}
