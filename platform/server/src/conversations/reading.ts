// How far a user has read a conversation. Publishing it is broadcasting's, clearing notifications is
// notifications'.

import { BelfryError, conversationStream, notFound } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import { isAddressedTo } from '../ports/stores/addressing.ts';
import type { CursorStore, MessageStore, StoredMessage } from '../ports/stores/index.ts';
import type { Audiences } from './audiences.ts';
import type { StreamLog } from './stream-log.ts';

export interface ReadRequest {
  userId: string;
  seq?: number | undefined;
  messageIds?: readonly string[] | undefined;
}

export interface ReadOutcome {
  stream: string;
  /** How far the user has read now. */
  seq: number;
  /**
   * Messages of others that became read by this, oldest first, at most the newest 100; empty when nothing
   * moved. Those alone that the reader may see.
   */
  messages: readonly StoredMessage[];
  moved: boolean;
}

export type Reading = ReturnType<typeof createReading>;

const mostReported = 100;

export function createReading(deps: {
  log: StreamLog;
  cursors: CursorStore;
  messages: MessageStore;
  audiences: Pick<Audiences, 'requireMember'>;
}) {
  const { log, cursors, messages, audiences } = deps;

  return {
    /** Rejects with `not_found`, and with `bad_ack` above the stream's head. */
    async read(app: AppId, conversationId: string, request: ReadRequest): Promise<ReadOutcome> {
      const { userId } = request;
      await audiences.requireMember(app, conversationId, userId);
      const stream = conversationStream(conversationId);
      const seq = request.seq ?? (await newestOf(app, stream, request));
      const head = await log.head(app, stream);
      if (seq > head.seq) throw new BelfryError('bad_ack', { path: ['seq'] });
      const before = (await cursors.ofUser(app, userId, [stream])).get(stream)?.read ?? 0;
      if (seq <= before) return { stream, seq: before, messages: [], moved: false };
      // A user who has read it has it: the other cursors follow.
      await cursors.advance(app, [{ userId, stream, read: seq, delivered: seq, seen: seq }]);
      const newlyRead = await messages.read(app, stream, {
        afterSeq: before,
        beforeSeq: seq + 1,
        limit: mostReported,
        order: 'descending',
      });
      const ofOthers = newlyRead.filter((each) => each.senderId !== userId && isAddressedTo(each, userId));
      return { stream, seq, messages: ofOthers.reverse(), moved: true };
    },
  };

  /** One that the user may not see is not there for them. */
  async function newestOf(app: AppId, stream: string, { userId, messageIds = [] }: ReadRequest): Promise<number> {
    const found = await Promise.all(messageIds.map((id) => messages.byId(app, id)));
    const seqs = found
      .flat()
      .filter((message) => message.stream === stream && isAddressedTo(message, userId))
      .map(({ seq }) => seq);
    if (seqs.length === 0) throw notFound('message', ['messageIds']);
    return Math.max(...seqs);
  }
}
