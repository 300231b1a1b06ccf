// A user has read up to somewhere: moves the cursor, clears notifications, and makes the broadcast that the
// others get. Carrying that out is broadcast.ts.

import type { BroadcastRequest } from '@belfry/protocol';
import type { Reading, ReadOutcome, ReadRequest } from '../conversations/reading.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';

export interface ReadStateDeps {
  reading: Pick<Reading, 'read'>;
  notifications: Pick<Notifications, 'onRead'>;
  clock: Pick<Clock, 'now'>;
  facts: Pick<Facts, 'record'>;
}

export class ReadState {
  readonly #deps: ReadStateDeps;

  constructor(deps: ReadStateDeps) {
    this.#deps = deps;
  }

  /** Throws as `Reading.read` does. */
  async move(app: AppId, conversationId: string, request: ReadRequest): Promise<ReadOutcome> {
    const { reading, notifications, clock, facts } = this.#deps;
    const { userId } = request;
    const outcome = await reading.read(app, conversationId, request);
    const { stream, seq, messageIds, moved } = outcome;
    if (!moved) return outcome;
    notifications.onRead(app, userId, { stream, seq });
    const atMs = clock.now();
    facts.record(app, { type: 'message.read', atMs, conversationId, stream, seq, userId, messageIds });
    return outcome;
  }
}

export function readBroadcast(
  conversation: string,
  sender: string,
  { seq, messageIds }: Pick<ReadOutcome, 'seq' | 'messageIds'>,
): BroadcastRequest {
  return { kind: 'read', audience: { conversation }, sender, data: { seq, messageIds: [...messageIds] } };
}
