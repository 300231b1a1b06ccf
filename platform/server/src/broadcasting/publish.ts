// Third stage: appends the broadcast to its log, or logs, and publishes it to connections in the order of the
// log. What follows from that is follow-up.ts.

import { conversationStream, inboxStream } from '@belfry/protocol';
import type { Audiences } from '../conversations/audiences.ts';
import type { Draft, StreamLog } from '../conversations/stream-log.ts';
import { usersOf } from '../delivery/addressing.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { LocalDelivery } from '../delivery/local-delivery.ts';
import type { ConnectionDecision, LocalDecisions } from '../delivery/session-state.ts';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { traced } from '../ports/tracing.ts';
import type { ResolvedAudience } from './audience.ts';
import { draftOf, ephemeralDelivery, isForConversationLog, storedDelivery } from './deliveries.ts';
import type { ValidBroadcast } from './validate.ts';

/** A broadcast that was stored and published, with what was decided for this node's connections. */
export interface Published {
  /** The broadcast's; of a duplicate the first one's. */
  id: string;
  message?: StoredMessage;
  /** By user, of a broadcast into inboxes. */
  copies?: ReadonlyMap<string, StoredMessage>;
  /** All of it stood in the log before. */
  duplicate: boolean;
  delivery: Delivery;
  local: LocalDecisions;
}

interface Publishing {
  broadcast: ValidBroadcast;
  audience: ResolvedAudience;
  /** Somebody it is for has a device: the relay is to look after it. */
  mayPush: boolean;
}

/** The fast path may take this long beyond the wait before the relay looks after a message. */
const relaySlackMs = 1000;

export interface PublisherDeps {
  fanOut: FanOut;
  local: Pick<LocalDelivery, 'preview' | 'sending'>;
  log: Pick<StreamLog, 'append' | 'appendMany'>;
  audiences: Pick<Audiences, 'peek'>;
  waitMs: (app: AppId) => Promise<number>;
  surroundings: Pick<Surroundings, 'clock' | 'log' | 'tracing'>;
}

export class Publisher {
  readonly #deps: PublisherDeps;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  async publish(app: AppId, what: Publishing): Promise<Published> {
    const { broadcast, audience } = what;
    if (isForConversationLog(broadcast)) return await this.#toConversation(app, what);
    const isDurable = broadcast.row.durable !== false;
    // Inboxes put broadcasts to users in order; nothing else does it with what goes elsewhere.
    if (isDurable && 'users' in broadcast.audience) return await this.#toInboxes(app, what);
    await broadcast.origin.after;
    if (isDurable) return await this.#toInboxes(app, what);
    const delivery = ephemeralDelivery(broadcast, this.#deps.surroundings.clock.now());
    const to = usersOf(delivery, audience.members);
    const local = this.#traces().fanOut(() => this.#deps.fanOut.publish(app, delivery, to));
    return { id: broadcast.id, duplicate: false, delivery, local };
  }

  async #toConversation(app: AppId, what: Publishing): Promise<Published> {
    const { fanOut, log, audiences } = this.#deps;
    const { broadcast, audience } = what;
    const conversationId = 'conversation' in broadcast.audience ? broadcast.audience.conversation : '';
    const stream = conversationStream(conversationId);
    fanOut.prepare(app, audience.members);
    const draft = draftOf(broadcast, { stream, outboxAfterMs: await this.#outboxAfterMs(app, what) });
    const { members } = audience;
    await broadcast.origin.comesUp;
    let published: { delivery: Delivery; local: LocalDecisions } | undefined;
    const traces = this.#traces();
    const sent = this.#sending(app, broadcast, [draft]);
    const appending = traces.append(1, () =>
      log.append(app, draft, (stored, epoch) => {
        const delivery = storedDelivery(broadcast, stored, epoch);
        // It may have waited for its place: who was taken out meanwhile gets it no more.
        const present = audiences.peek(app, conversationId)?.userIds ?? members;
        published = {
          delivery,
          local: this.#guarded(() => traces.fanOut(() => fanOut.publish(app, delivery, present))),
        };
      }),
    );
    broadcast.origin.onQueued?.();
    const { message, duplicate } = await appending.finally(sent);
    const { delivery, local } = published ?? this.#publishedBefore(app, storedDelivery(broadcast, message), members);
    return { id: message.id, message, duplicate, delivery, local };
  }

  async #toInboxes(app: AppId, what: Publishing): Promise<Published> {
    const { fanOut, log, surroundings } = this.#deps;
    const { broadcast, audience } = what;
    const recipients = audience.recipients ?? [];
    fanOut.prepare(app, recipients);
    const outboxAfterMs = await this.#outboxAfterMs(app, what);
    const base = draftOf(broadcast, { stream: '', outboxAfterMs });
    const local = new Map<string, readonly ConnectionDecision[]>();
    const deliveries: Delivery[] = [];
    const keep = (decided: LocalDecisions): void => decided.forEach((each, userId) => local.set(userId, each));
    const drafts = recipients.map((userId) => ({ ...base, stream: inboxStream(userId) }));
    await broadcast.origin.comesUp;
    const traces = this.#traces();
    const sent = this.#sending(app, broadcast, drafts);
    const appending = traces.append(drafts.length, () =>
      log.appendMany(app, drafts, (message, epoch) => {
        const delivery = storedDelivery(broadcast, message, epoch);
        deliveries.push(delivery);
        keep(this.#guarded(() => fanOut.publishInbox(app, delivery)));
      }),
    );
    // A broadcast to a conversation may be followed by one that its own log takes.
    if ('users' in broadcast.audience) broadcast.origin.onQueued?.();
    const ended = await appending.finally(sent);
    // One message on the bus for all of them: never one a user. Before the look at what failed, since what
    // was stored is to be delivered everywhere.
    traces.fanOut(() => fanOut.announce(app, deliveries));
    const stored = ended.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
    for (const { message, duplicate } of stored) {
      if (duplicate) keep(this.#publishedBefore(app, storedDelivery(broadcast, message), [ownerOf(message)]).local);
    }
    const [first] = stored;
    return {
      id: first?.message.id ?? broadcast.id,
      ...(stored.length === 1 && first !== undefined ? { message: first.message } : {}),
      copies: new Map(stored.map(({ message }) => [ownerOf(message), message])),
      duplicate: stored.length > 0 && stored.every(({ duplicate }) => duplicate),
      delivery: { ...ephemeralDelivery(broadcast, surroundings.clock.now()), to: { users: recipients } },
      local,
    };
  }

  /** Until the returned function is called. */
  #sending(app: AppId, { origin }: ValidBroadcast, drafts: readonly Draft[]): () => void {
    const { session } = origin;
    if (session === undefined) return () => undefined;
    const ends = drafts.map((draft) => this.#deps.local.sending(app, draft, session.id));
    return () => {
      for (const end of ends) end();
    };
  }

  /**
   * Of a duplicate: nothing is delivered a second time, but to connections that were to get it and, from a
   * node that was cut off, did not.
   */
  #publishedBefore(
    app: AppId,
    delivery: Delivery,
    members: readonly string[],
  ): { delivery: Delivery; local: LocalDecisions } {
    const { fanOut, local } = this.#deps;
    const { stream, seq } = delivery.event;
    if (stream !== undefined && seq !== undefined) fanOut.remind(app, { stream, seq });
    return { delivery, local: this.#guarded(() => local.preview(app, delivery, members)) };
  }

  /** When the relay takes over the push that a stored message owes; undefined when it owes none. */
  async #outboxAfterMs(app: AppId, { broadcast, mayPush }: Publishing): Promise<number | undefined> {
    if (!mayPush) return undefined;
    return (broadcast.policy.waitMs ?? (await this.#deps.waitMs(app))) + relaySlackMs;
  }

  /** The log calls back on the turn of whoever it stores for first, which may be another's trace. */
  #traces() {
    const { tracing } = this.#deps.surroundings;
    const parent = tracing?.traceparent();
    return {
      append: <T>(messages: number, run: () => T): T => traced(tracing, ['append', { attributes: { messages } }], run),
      fanOut: <T>(run: () => T): T => traced(tracing, ['fan-out', { parent }], run),
    };
  }

  /**
   * Delivering may not throw into the log's writer: what is stored is stored, and connections get it from the
   * log.
   */
  #guarded(run: () => LocalDecisions): LocalDecisions {
    try {
      return run();
    } catch (error) {
      this.#deps.surroundings.log.error('an event could not be delivered to connections', { err: error });
      return new Map();
    }
  }
}

/** The user whose inbox a copy is in. */
function ownerOf({ stream }: StoredMessage): string {
  return stream.slice(2);
}
