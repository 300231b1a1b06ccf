// Third stage: appends the broadcast to its log, or logs, and tells connections in the order of the log. What follows from that is broadcast.ts.

import { conversationStream, inboxStream } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import { recipientsOf, usersOf } from '../delivery/addressing.ts';
import type { ResolvedAudience } from './audience.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { ConnectionDecision, LocalDecisions } from '../delivery/session-state.ts';
import { deliveryOfStored, type Delivery } from '../delivery/delivery.ts';
import type { ValidBroadcast } from './validate.ts';

/** A draft as the log takes it; see conversations/stream-log.ts. */
type Draft = Omit<StoredMessage, 'seq' | 'storedAt' | 'editedAt' | 'deletedAt' | 'outbox'> & { outboxAfterMs?: number };

/** What was stored and told. */
export interface Published {
  /** The broadcast's; of a duplicate the first one's. */
  id: string;
  message?: StoredMessage;
  /** By user, of a broadcast into inboxes. */
  copies?: ReadonlyMap<string, StoredMessage>;
  /** All of it stood in the log before. */
  duplicate: boolean;
  order: Delivery;
  local: LocalDecisions;
}

export type Publish = (app: AppId, what: Publishing) => Promise<Published>;

interface Publishing {
  prepared: ValidBroadcast;
  audience: ResolvedAudience;
  /** Somebody it is for has a device: the relay is to look after it. */
  mayPush: boolean;
}

/** What the fast path may take beyond the wait before the relay looks after a message. */
const relaySlackMs = 1000;

export interface PublishDeps {
  fanOut: FanOut;
  log: {
    append(
      app: AppId,
      draft: Draft,
      onStored: (message: StoredMessage, epoch: string) => void,
    ): Promise<{ message: StoredMessage; duplicate: boolean }>;
  };
  waitMs: (app: AppId) => Promise<number>;
  clock: Clock;
  logger: Log;
}

export function createPublish({ fanOut, log, waitMs, clock, logger }: PublishDeps): Publish {
  return publish;

  async function publish(app: AppId, what: Publishing): Promise<Published> {
    const { prepared, audience } = what;
    const { durable } = prepared.row;
    const isOneLog = durable === 'conversation' || (durable === 'audience' && 'conversation' in prepared.audience);
    if (isOneLog) return await publishToConversation(app, what);
    if (prepared.origin.after !== undefined) await prepared.origin.after;
    if (durable === false) {
      const order = ephemeralOrder(prepared, clock.now());
      return {
        id: prepared.id,
        duplicate: false,
        order,
        local: fanOut.publish(app, order, usersOf(order, audience.members)),
      };
    }
    return await publishToInboxes(app, what);
  }

  async function publishToConversation(app: AppId, { prepared, audience, mayPush }: Publishing): Promise<Published> {
    const conversationId = 'conversation' in prepared.audience ? prepared.audience.conversation : '';
    const stream = conversationStream(conversationId);
    const draft = await draftOf(app, prepared, { stream, conversationId, mayPush });
    const { members } = audience;
    let told: { order: Delivery; local: LocalDecisions } | undefined;
    const appending = log.append(app, draft, (stored, epoch) => {
      const order = orderOf(prepared, stored, epoch);
      told = { order, local: guarded(() => fanOut.publish(app, order, members)) };
    });
    prepared.origin.onQueued?.();
    const { message, duplicate } = await appending;
    const { order, local } = told ?? publishedBefore(app, orderOf(prepared, message), members);
    return { id: message.id, message, duplicate, order, local };
  }

  async function publishToInboxes(app: AppId, { prepared, audience, mayPush }: Publishing): Promise<Published> {
    const recipients = audience.recipients ?? [];
    const streams = recipients.map(inboxStream);
    const base = await draftOf(app, prepared, { stream: '', mayPush });
    const local = new Map<string, readonly ConnectionDecision[]>();
    const orders: Delivery[] = [];
    const keep = (decided: LocalDecisions): void => decided.forEach((each, userId) => local.set(userId, each));
    const ended = await Promise.allSettled(
      streams.map((stream) =>
        log.append(app, { ...base, stream }, (message, epoch) => {
          const order = orderOf(prepared, message, epoch);
          orders.push(order);
          keep(guarded(() => fanOut.publishInbox(app, order)));
        }),
      ),
    );
    // One message on the bus for all of them: never one a user. Before the look at what failed, since what was stored is to be told everywhere.
    fanOut.announce(app, orders);
    const stored = ended.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
    for (const { message, duplicate } of stored) {
      if (duplicate) keep(publishedBefore(app, orderOf(prepared, message), [message.stream.slice(2)]).local);
    }
    const [first] = stored;
    return {
      id: first?.message.id ?? prepared.id,
      ...(stored.length === 1 && first !== undefined ? { message: first.message } : {}),
      copies: new Map(stored.map(({ message }) => [message.stream.slice(2), message])),
      duplicate: stored.length > 0 && stored.every(({ duplicate }) => duplicate),
      order: { ...ephemeralOrder(prepared, clock.now()), to: { users: recipients } },
      local,
    };
  }

  /** Of a duplicate: nobody is told a second time, but those who were to be told and, by a node that was cut off, were not. */
  function publishedBefore(
    app: AppId,
    order: Delivery,
    members: readonly string[],
  ): { order: Delivery; local: LocalDecisions } {
    const { stream, seq } = order.event;
    if (stream !== undefined && seq !== undefined) fanOut.remind(app, { stream, seq });
    return { order, local: guarded(() => fanOut.preview(app, order, members)) };
  }

  async function draftOf(
    app: AppId,
    prepared: ValidBroadcast,
    at: { stream: string; conversationId?: string; mayPush: boolean },
  ): Promise<Draft> {
    const { id, cid, bodyHash, row, data, contentVersion, policy, senderId, targetUserIds, exclude, audience } =
      prepared;
    const conversationId = at.conversationId ?? ('conversation' in audience ? audience.conversation : undefined);
    return {
      id,
      stream: at.stream,
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(senderId === undefined ? {} : { senderId }),
      cid,
      bodyHash,
      kind: row.kind,
      action: row.action,
      data,
      ...(contentVersion === undefined ? {} : { contentVersion }),
      policy,
      ...(targetUserIds === undefined ? {} : { targets: targetUserIds }),
      ...(exclude === undefined ? {} : { exclude }),
      ...(at.mayPush ? { outboxAfterMs: (policy.waitMs ?? (await waitMs(app))) + relaySlackMs } : {}),
    };
  }

  /** Telling may not throw into the log's writer: what is stored is stored, and connections get it from the log. */
  function guarded(run: () => LocalDecisions): LocalDecisions {
    try {
      return run();
    } catch (error) {
      logger.error('connections could not be told', { err: error });
      return new Map();
    }
  }
}

/** `epoch` matters only to who is told. */
function orderOf({ row, origin }: ValidBroadcast, message: StoredMessage, epoch = 'e1'): Delivery {
  return deliveryOfStored(message, { epoch, sender: row.sender, originConnectionId: origin.session?.id });
}

/** The order of an event that goes to no log. */
export function ephemeralOrder(prepared: ValidBroadcast, nowMs: number): Delivery {
  const { row, policy, audience, data, id, senderId, exclude, targetUserIds, origin } = prepared;
  const conversationId = 'conversation' in audience ? audience.conversation : undefined;
  return {
    event: {
      action: row.action,
      ...(conversationId === undefined ? {} : { conversationId }),
      timestamp: new Date(nowMs).toISOString(),
      data: eventData(row.carries, { id, senderId, data }),
    },
    rule: {
      action: row.action,
      realtime: policy.realtime,
      connectionTypes: policy.connectionTypes,
      feature: policy.feature,
    },
    to:
      'users' in audience
        ? {
            users: recipientsOf(
              [...new Set(audience.users)],
              { senderId, targets: targetUserIds, exclude },
              row.sender,
            ),
          }
        : 'topic' in audience
          ? { topic: audience.topic, exclude }
          : 'everyone' in audience
            ? { everyone: true, exclude }
            : { conversation: audience.conversation, only: targetUserIds, exclude },
    senderId,
    sender: row.sender,
    originConnectionId: origin.session?.id,
  };
}

/** Typing and read state are told of a user, everything else is told as something with an id. */
function eventData(
  carries: ValidBroadcast['row']['carries'],
  { id, senderId, data }: { id: string; senderId: string | undefined; data: Record<string, unknown> },
): Record<string, unknown> {
  // The data first, so that a field of the app's own can't pass for one of ours.
  if (carries === 'typing' || carries === 'read') return { ...data, userId: senderId };
  return { ...data, messageId: id, ...(senderId === undefined ? {} : { senderId }) };
}
