// Reports that something became of a message that somebody looks at, on whatever node it happened: what became of
// it they read anew. Who may hear it: accounts/topics.ts.

import { inboxStream, type Journey } from '@belfry/protocol';
import { WatchedTopics } from '../concurrency/watched-topics.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { FactOf, Facts, FactSubscription } from '../ports/facts.ts';
import { pushFactTypes } from '../ports/message-facts.ts';
import type { JourneyRecorder } from './recorder.ts';

interface WatchesDeps {
  facts: Pick<Facts, 'subscribe'>;
  recorder: Pick<JourneyRecorder, 'flush'>;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic' | 'after'>;
  /** To the subscribers of a topic of the console's app, on all nodes. */
  publish: (topic: string, event: { action: string; data: Readonly<Record<string, unknown>> }) => void;
}

interface Watched {
  app: AppId;
  messageId: string;
  /** The logs that it is in; above many recipients its own inboxes are not known. */
  streams: ReadonlySet<string>;
  seq: number | undefined;
}

const wanted = ['message.sent', 'message.acked', 'message.caught_up', ...pushFactTypes] as const;
type WatchedFact = FactOf<(typeof wanted)[number]>;

/** Who looks longer asks again, e.g. by reading it. */
const watchedForMs = 600_000;
const everyMs = 250;
/** On a node. */
const most = 1000;

function topicOfJourney(app: AppId, messageId: string): string {
  return `journey.${app}.${messageId}`;
}

export class JourneyWatches {
  readonly #deps: WatchesDeps;
  readonly #topics: WatchedTopics<Watched>;
  readonly #subscription: FactSubscription;

  constructor(deps: WatchesDeps) {
    const { clock } = deps;
    this.#deps = deps;
    this.#topics = new WatchedTopics({ clock, watchedForMs, everyMs, most, report: this.#report });
    this.#subscription = deps.facts.subscribe('console-journeys', wanted, (app, facts) => this.#look(app, facts));
    deps.bus.control.on('journey_watched', ({ app, messageId, streams, seq }) => {
      this.#topics.add(topicOfJourney(app, messageId), { app, messageId, streams: new Set(streams), seq });
    });
  }

  /** Somebody looks at it. */
  watch(app: AppId, { message, recipients }: Journey): void {
    const { id: messageId, stream, seq } = message;
    const streams = stream === undefined ? recipients.map(({ userId }) => inboxStream(userId)) : [stream];
    const at = stream === undefined ? undefined : seq;
    const watched = { app, messageId, streams: new Set(streams), seq: at };
    if (!this.#topics.add(topicOfJourney(app, messageId), watched).isNews) return;
    const { control } = this.#deps.bus;
    // A hint: who misses it hears less.
    control.publish({ type: 'journey_watched', app, messageId, streams, seq: at }).catch(() => undefined);
  }

  stop(): void {
    this.#subscription.end();
    this.#topics.clear();
  }

  #look(app: AppId, facts: readonly WatchedFact[]): void {
    for (const [topic, watched] of this.#topics) {
      if (watched.app === app && facts.some((fact) => isAbout(fact, watched))) this.#topics.changed(topic);
    }
  }

  readonly #report = (topic: string, { messageId }: Watched): void => {
    const { recorder, publish } = this.#deps;
    // Who reads it then, on whatever node, finds it.
    void recorder.flush().then(() => publish(topic, { action: 'journey_changed', data: { messageId } }));
  };
}

function isAbout(fact: WatchedFact, watched: Watched): boolean {
  const covers = ({ stream, from, to }: { stream: string; from: number; to: number }): boolean =>
    watched.streams.has(stream) && (watched.seq === undefined || (from <= watched.seq && watched.seq <= to));
  switch (fact.type) {
    case 'message.sent':
      return fact.messageId === watched.messageId;
    case 'message.acked':
      return fact.acked.some(covers);
    case 'message.caught_up':
      return covers(fact);
    default:
      return (
        fact.messageId === watched.messageId ||
        (fact.through !== undefined && covers({ stream: fact.stream, from: fact.seq, to: fact.through }))
      );
  }
}
