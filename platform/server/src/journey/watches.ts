// Reports that something became of a message that somebody looks at, on whatever node it happened: what became of
// it they read anew. Who may hear it: accounts/topics.ts.

import { inboxStream, type Journey } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Timer } from '../ports/clock.ts';
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
  untilMs: number;
  timer: Timer | undefined;
}

const wanted = ['message.sent', 'message.acked', 'message.caught_up', ...pushFactTypes] as const;
type WatchedFact = FactOf<(typeof wanted)[number]>;

/** Who looks longer asks again, e.g. by reading it. */
const watchedForMs = 600_000;
/** So often at most. */
const everyMs = 250;
/** Other nodes hear of one message so often at most. */
const toldAgainAfterMs = 60_000;
/** On a node; for one more the oldest goes. */
const mostWatched = 1000;

function topicOfJourney(app: AppId, messageId: string): string {
  return `journey.${app}.${messageId}`;
}

export class JourneyWatches {
  readonly #deps: WatchesDeps;
  /** By topic. */
  readonly #watched = new Map<string, Watched>();
  readonly #subscription: FactSubscription;

  constructor(deps: WatchesDeps) {
    this.#deps = deps;
    this.#subscription = deps.facts.subscribe('console-journeys', wanted, (app, facts) => this.#look(app, facts));
    deps.bus.control.on('journey_watched', ({ app, messageId, streams, seq }) =>
      this.#add({ app, messageId, streams, seq }),
    );
  }

  /** Somebody looks at it. */
  watch(app: AppId, { message, recipients }: Journey): void {
    const { id: messageId, stream, seq } = message;
    const streams = stream === undefined ? recipients.map(({ userId }) => inboxStream(userId)) : [stream];
    const at = stream === undefined ? undefined : seq;
    const { isNews } = this.#add({ app, messageId, streams, seq: at });
    if (!isNews) return;
    const { control } = this.#deps.bus;
    // A hint: who misses it hears less.
    control.publish({ type: 'journey_watched', app, messageId, streams, seq: at }).catch(() => undefined);
  }

  stop(): void {
    this.#subscription.end();
    for (const { timer } of this.#watched.values()) timer?.cancel();
    this.#watched.clear();
  }

  #add({
    app,
    messageId,
    streams,
    seq,
  }: {
    app: AppId;
    messageId: string;
    streams: readonly string[];
    seq?: number | undefined;
  }): {
    isNews: boolean;
  } {
    const topic = topicOfJourney(app, messageId);
    const nowMs = this.#deps.clock.monotonic();
    const known = this.#watched.get(topic);
    this.#watched.delete(topic);
    const untilMs = nowMs + watchedForMs;
    this.#watched.set(topic, { app, messageId, streams: new Set(streams), seq, untilMs, timer: known?.timer });
    const [oldest] = this.#watched;
    if (this.#watched.size > mostWatched && oldest !== undefined) this.#forget(oldest[0]);
    return { isNews: known === undefined || untilMs - known.untilMs > toldAgainAfterMs };
  }

  #look(app: AppId, facts: readonly WatchedFact[]): void {
    const nowMs = this.#deps.clock.monotonic();
    for (const [topic, watched] of this.#watched) {
      if (watched.untilMs < nowMs) this.#forget(topic);
      else if (watched.app === app && facts.some((fact) => isAbout(fact, watched))) this.#changed(topic, watched);
    }
  }

  #changed(topic: string, watched: Watched): void {
    watched.timer ??= this.#deps.clock.after(everyMs, () => {
      watched.timer = undefined;
      const { recorder, publish } = this.#deps;
      // Who reads it then, on whatever node, finds it.
      void recorder
        .flush()
        .then(() => publish(topic, { action: 'journey_changed', data: { messageId: watched.messageId } }));
    });
  }

  #forget(topic: string): void {
    this.#watched.get(topic)?.timer?.cancel();
    this.#watched.delete(topic);
  }
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
