// Reports that something changed in a conversation that somebody in the console looks at, or in the list of them, on
// whatever node it happened: what it is now they read anew. Who may hear it: accounts/topics.ts.

import { createHash } from 'node:crypto';
import { conversationStream } from '@belfry/protocol';
import { WatchedTopics } from '../concurrency/watched-topics.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { FactOf, Facts, FactSubscription } from '../ports/facts.ts';
import { pushFactTypes } from '../ports/message-facts.ts';

interface WatchesDeps {
  facts: Pick<Facts, 'subscribe'>;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic' | 'after'>;
  /** To the subscribers of a topic of the console's app, on all nodes. */
  publish: (topic: string, event: { action: string; data: Readonly<Record<string, unknown>> }) => void;
}

const wanted = [
  ...(['message.sent', 'message.acked', 'message.caught_up', 'message.read'] as const),
  ...(['message.edited', 'message.deleted', ...pushFactTypes] as const),
  ...(['conversation.created', 'conversation.changed', 'conversation.removed'] as const),
  ...(['participant.added', 'participant.changed', 'participant.removed'] as const),
] as const;
type WatchedFact = FactOf<(typeof wanted)[number]>;

/** What is to be read anew: the log; how far each is; who is in it and what it is called. */
type Part = 'log' | 'progress' | 'people';

interface Watched {
  app: AppId;
  /** Undefined: the list. */
  conversationId: string | undefined;
  stream: string | undefined;
  changed: Set<Part>;
}

/** Who looks longer asks again, e.g. by reading it. */
const watchedForMs = 600_000;
const everyMs = 250;
/** A list is read whole. */
const listEveryMs = 1000;
/** On a node, of each sort. */
const most = 1000;

/** The id as a digest: a topic has less room than an id. */
function topicOf(app: AppId, conversationId: string | undefined): string {
  if (conversationId === undefined) return `conversations.${app}`;
  return `conversation.${app}.${createHash('sha256').update(conversationId).digest('base64url').slice(0, 22)}`;
}

export class ConversationWatches {
  readonly #deps: WatchesDeps;
  readonly #open: WatchedTopics<Watched>;
  readonly #lists: WatchedTopics<Watched>;
  /** While somebody looks: the facts cost something. */
  #subscription: FactSubscription | undefined;

  constructor(deps: WatchesDeps) {
    const { clock } = deps;
    this.#deps = deps;
    const bounds = { clock, watchedForMs, most, report: this.#report };
    this.#open = new WatchedTopics({ ...bounds, everyMs });
    this.#lists = new WatchedTopics({ ...bounds, everyMs: listEveryMs });
    deps.bus.control.on('conversation_watched', ({ app, conversationId }) => void this.#add(app, conversationId));
  }

  /** Somebody looks at it; without an id, at the list. Returns the topic on which they hear of it. */
  watch(app: AppId, conversationId?: string): string {
    const { topic, isNews } = this.#add(app, conversationId);
    // A hint: who misses it hears less.
    if (isNews) {
      this.#deps.bus.control.publish({ type: 'conversation_watched', app, conversationId }).catch(() => undefined);
    }
    return topic;
  }

  stop(): void {
    this.#subscription?.end();
    this.#open.clear();
    this.#lists.clear();
  }

  #add(app: AppId, conversationId: string | undefined): { topic: string; isNews: boolean } {
    const topic = topicOf(app, conversationId);
    const topics = conversationId === undefined ? this.#lists : this.#open;
    const stream = conversationId === undefined ? undefined : conversationStream(conversationId);
    const changed = topics.get(topic)?.changed ?? new Set();
    const { isNews } = topics.add(topic, { app, conversationId, stream, changed });
    this.#subscription ??= this.#deps.facts.subscribe('console-conversations', wanted, (of, facts) =>
      this.#look(of, facts),
    );
    return { topic, isNews };
  }

  #look(app: AppId, facts: readonly WatchedFact[]): void {
    for (const topics of [this.#open, this.#lists]) {
      for (const [topic, watched] of topics) {
        if (watched.app !== app) continue;
        for (const fact of facts) for (const part of partsOf(fact, watched)) watched.changed.add(part);
        if (watched.changed.size > 0) topics.changed(topic);
      }
    }
    if (this.#open.size + this.#lists.size > 0) return;
    this.#subscription?.end();
    this.#subscription = undefined;
  }

  readonly #report = (topic: string, { conversationId, changed }: Watched): void => {
    const parts = [...changed];
    changed.clear();
    this.#deps.publish(topic, { action: 'conversation_news', data: { conversationId, parts } });
  };
}

function partsOf(fact: WatchedFact, { conversationId, stream }: Watched): readonly Part[] {
  const isOpen = conversationId !== undefined;
  switch (fact.type) {
    case 'message.acked':
      return isOpen && fact.acked.some((range) => range.stream === stream) ? ['progress'] : [];
    case 'message.read':
      return isOpen && fact.conversationId === conversationId ? ['progress'] : [];
    case 'message.edited':
    case 'message.deleted':
      return isOpen && fact.conversationId === conversationId ? ['log'] : [];
    case 'message.sent':
      if (fact.conversationId === undefined || fact.seq === undefined) return [];
      return !isOpen || fact.conversationId === conversationId ? ['log', 'progress'] : [];
    case 'conversation.created':
    case 'conversation.changed':
    case 'conversation.removed':
    case 'participant.added':
    case 'participant.changed':
    case 'participant.removed':
      return !isOpen || fact.conversationId === conversationId ? ['people', 'progress'] : [];
    default:
      return isOpen && fact.stream === stream ? ['progress'] : [];
  }
}
