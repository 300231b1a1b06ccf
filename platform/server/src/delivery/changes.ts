// Tells a session that was away of edits and deletions of messages that its client has. What is new to the client is catch-up.ts, what changes meanwhile is chat-actions.ts.

import type { ServerEvent, StreamPosition } from '@belfry/protocol';
import { backOffMs } from '../concurrency/back-off.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ChangeRange, StoredMessage } from '../ports/stores/index.ts';
import { encode } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { isAddressedTo } from '../ports/stores/addressing.ts';
import { decideByRule } from './decide-realtime.ts';
import { ruleOfStored } from './delivery.ts';

export interface Changes {
  /** Of messages up to the position in each stream, in the order in which they were changed. Resolves when all is told or the session has ended; never rejects. */
  report(session: Session, positions: readonly StreamPosition[], sinceMs: number): Promise<void>;
}

const readSize = 200;
/** Clocks of nodes differ by less, and a change that was under way when the client went is told within it. */
const overlapMs = 10_000;
/** After a failed read. */
const retry = { baseMs: 1000, maxMs: 15_000 };

export function createChanges(deps: {
  messages: { changed(app: AppId, stream: string, range: ChangeRange): Promise<readonly StoredMessage[]> };
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  /** Above so many bytes unsent the client takes a rest, and so does this. */
  behindBytes: number;
  clock: Clock;
  logger: Log;
}): Changes {
  const { messages, mayRead, behindBytes, clock, logger } = deps;

  return {
    async report(session, positions, sinceMs) {
      for (const { stream, seq } of positions) {
        let after = { changedAt: sinceMs - overlapMs, seq: 0 };
        for (let failures = 0; !session.closed;) {
          try {
            const page = await nextPage(session, stream, { after, upToSeq: seq, limit: readSize });
            for (const message of page) reportOne(session, message);
            const last = page.at(-1);
            if (last === undefined || page.length < readSize) break;
            after = { changedAt: changedAtOf(last), seq: last.seq };
            await drained(session);
          } catch (error) {
            failures += 1;
            if (failures === 1) logger.warn('a connection could not be told of changes', { stream, err: error });
            await pause(backOffMs(failures, retry));
          }
        }
      }
    },
  };

  /** Asked for each page: who was removed from a conversation learns no more of it. */
  async function nextPage(session: Session, stream: string, range: ChangeRange): Promise<readonly StoredMessage[]> {
    if (!(await mayRead(session.app, stream, session.userId))) return [];
    return await messages.changed(session.app, stream, range);
  }

  function reportOne(session: Session, message: StoredMessage): void {
    const { userId, page, device } = session;
    if (!isAddressedTo(message, userId)) return;
    const event = changeEventOf(message, clock.now());
    const connection = {
      deviceType: device.type,
      connectionType: page.policy.connectionType,
      features: page.features,
    };
    const rule = { ...ruleOfStored(message), action: event.action };
    if (decideByRule(connection, rule) === 'sent') session.outlet.send(encode(event));
  }

  async function drained({ outlet }: Session): Promise<void> {
    if (outlet.bufferedBytes() > behindBytes)
      await new Promise<void>((resolve) => {
        outlet.onDrain(resolve);
      });
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => void clock.after(ms, resolve));
  }
}

/** As it was told when it happened: chat-actions.ts. */
function changeEventOf(message: StoredMessage, nowMs: number): ServerEvent {
  const { id, seq, senderId, conversationId, data, editedAt = 0, deletedAt } = message;
  const about = { messageId: id, seq, ...(senderId === undefined ? {} : { senderId }) };
  return {
    ...(conversationId === undefined ? {} : { conversationId }),
    timestamp: toTimestamp(nowMs),
    ...(deletedAt === undefined
      ? {
          action: 'message_edited',
          data: { ...about, type: data['type'], content: data['content'], editedAt: toTimestamp(editedAt) },
        }
      : { action: 'message_deleted', data: { ...about, deletedAt: toTimestamp(deletedAt) } }),
  };
}

function changedAtOf({ deletedAt, editedAt = 0 }: StoredMessage): number {
  return deletedAt ?? editedAt;
}

function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
