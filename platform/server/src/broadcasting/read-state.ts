// A user has read up to somewhere: moves the cursor, clears notifications, and makes the broadcast that the
// others get. Carrying that out is broadcast.ts.

import type { BroadcastRequest } from '@belfry/protocol';
import type { Reading, ReadOutcome, ReadRequest } from '../conversations/reading.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { AppId } from '../ports/app-id.ts';

export class ReadState {
  readonly #reading: Pick<Reading, 'read'>;
  readonly #notifications: Pick<Notifications, 'onRead'>;

  constructor(deps: { reading: Pick<Reading, 'read'>; notifications: Pick<Notifications, 'onRead'> }) {
    this.#reading = deps.reading;
    this.#notifications = deps.notifications;
  }

  /** Throws as `Reading.read` does. */
  async move(app: AppId, conversationId: string, request: ReadRequest): Promise<ReadOutcome> {
    const outcome = await this.#reading.read(app, conversationId, request);
    const { stream, seq, moved } = outcome;
    if (moved) this.#notifications.onRead(app, request.userId, { stream, seq });
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
