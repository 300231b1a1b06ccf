// A user has read up to somewhere: moves the cursor, clears notifications, publishes it to the reader's own
// connections, and makes the broadcasts that the others get. Carrying those out is broadcast.ts.

import type { BroadcastRequest } from '@belfry/protocol';
import type { Reading, ReadOutcome, ReadRequest } from '../conversations/reading.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import { addressedTo, isNarrowed } from '../ports/stores/addressing.ts';
import type { Origin } from './validate.ts';

export interface ReadStateDeps {
  reading: Pick<Reading, 'read'>;
  notifications: Pick<Notifications, 'onRead'>;
  participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  fanOut: Pick<FanOut, 'publish'>;
  clock: Pick<Clock, 'now'>;
  facts: Pick<Facts, 'record'>;
}

export interface ReadMoved {
  /** How far the user has read now. */
  seq: number;
  /** For the others; empty when nothing moved. */
  broadcasts: readonly BroadcastRequest[];
}

/** Ids that everybody may be given, and those of messages that are not for everybody. */
interface ReportedIds {
  messageIds: readonly string[];
  isFor: ReadonlyMap<string, (userId: string) => boolean>;
}

export class ReadState {
  readonly #deps: ReadStateDeps;

  constructor(deps: ReadStateDeps) {
    this.#deps = deps;
  }

  /** Throws as `Reading.read` does. */
  async move(
    app: AppId,
    conversationId: string,
    { origin, ...request }: ReadRequest & { origin: Origin },
  ): Promise<ReadMoved> {
    const { reading, notifications, participantsOf, clock, facts } = this.#deps;
    const { userId } = request;
    const outcome = await reading.read(app, conversationId, request);
    const { stream, seq, moved } = outcome;
    if (!moved) return { seq, broadcasts: [] };
    notifications.onRead(app, userId, { stream, seq });
    const messageIds = outcome.messages.map(({ id }) => id);
    facts.record(app, { type: 'message.read', atMs: clock.now(), conversationId, stream, seq, userId, messageIds });
    this.#publishToOwn(app, conversationId, { userId, seq, messageIds, origin });
    const others = (await participantsOf(app, conversationId)).filter((each) => each !== userId);
    return { seq, broadcasts: readBroadcasts(conversationId, { userId, seq, others }, reportedIds(outcome)) };
  }

  /** The user's own cursor is no read receipt: it reaches all of their other connections, on every page. */
  #publishToOwn(
    app: AppId,
    conversationId: string,
    { origin, ...data }: { userId: string; seq: number; messageIds: readonly string[]; origin: Origin },
  ): void {
    const { fanOut, clock } = this.#deps;
    const action = 'read_status';
    fanOut.publish(
      app,
      {
        event: { action, conversationId, timestamp: new Date(clock.now()).toISOString(), data },
        rule: { action, realtime: 'all', onEveryPage: true },
        to: { users: [data.userId] },
        sender: 'like_anybody',
        originConnectionId: origin.session?.id,
      },
      [data.userId],
    );
  }
}

/**
 * One for all, as nearly always; where messages were read that are not for everybody, one for each group of
 * users who may see the same of them.
 */
function readBroadcasts(
  conversation: string,
  { userId, seq, others }: { userId: string; seq: number; others: readonly string[] },
  { messageIds, isFor }: ReportedIds,
): BroadcastRequest[] {
  const request = { kind: 'read', audience: { conversation }, sender: userId };
  if (isFor.size === 0) return [{ ...request, data: { seq, messageIds: [...messageIds] } }];
  const groups = new Map<string, { targetUserIds: string[]; messageIds: string[] }>();
  for (const other of others) {
    const seen = messageIds.filter((id) => isFor.get(id)?.(other) !== false);
    const group = groups.get(seen.join()) ?? { targetUserIds: [], messageIds: seen };
    group.targetUserIds.push(other);
    groups.set(seen.join(), group);
  }
  return [...groups.values()].map((group) => ({
    ...request,
    targetUserIds: group.targetUserIds,
    data: { seq, messageIds: group.messageIds },
  }));
}

function reportedIds({ messages }: ReadOutcome): ReportedIds {
  const narrowed = messages.filter(isNarrowed);
  return {
    messageIds: messages.map(({ id }) => id),
    isFor: new Map(narrowed.map((message) => [message.id, addressedTo(message)])),
  };
}
