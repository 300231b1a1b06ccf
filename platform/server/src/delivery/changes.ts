// Reports edits, additions and deletions of messages that its client has to a session that was away. What is new to the
// client is catch-up.ts, what changes meanwhile is message-changes.ts of broadcasting.

import type { ServerEvent, StreamPosition } from '@belfry/protocol';
import { backOffMs } from '../concurrency/back-off.ts';
import { isMessageData, viewUpdate } from '../conversations/views.ts';
import type { ChangeRange, MessageStore, StoredMessage } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { encode } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { decideStored } from './decide-realtime.ts';
import type { MayRead } from './may-read.ts';

const readSize = 200;
/**
 * Clocks of nodes differ by less, and a change that was under way when the client went is published within
 * it.
 */
const overlapMs = 10_000;
/** After a failed read. */
const retry = { baseMs: 1000, maxMs: 15_000 };

export interface ChangesDeps {
  messages: Pick<MessageStore, 'changed'>;
  mayRead: MayRead['mayRead'];
  /** Above so many bytes unsent the client takes a rest, and so does this. */
  behindBytes: number;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class Changes {
  readonly #deps: ChangesDeps;

  constructor(deps: ChangesDeps) {
    this.#deps = deps;
  }

  /**
   * Of messages up to the position in each stream, in the order in which they were changed. Resolves when all
   * is reported or the session has ended; never rejects.
   */
  async report(session: Session, positions: readonly StreamPosition[], sinceMs: number): Promise<void> {
    for (const { stream, seq } of positions) await this.#reportStream(session, { stream, seq }, sinceMs);
  }

  async #reportStream(session: Session, at: { stream: string; seq: number }, sinceMs: number): Promise<void> {
    const { stream, seq: upToSeq } = at;
    const { clock, log } = this.#deps.surroundings;
    let after = { changedAt: sinceMs - overlapMs, seq: 0 };
    for (let failures = 0; !session.closed;) {
      try {
        const page = await this.#nextPage(session, stream, { after, upToSeq, limit: readSize });
        for (const message of page) this.#reportOne(session, message, sinceMs - overlapMs);
        const last = page.at(-1);
        if (last === undefined || page.length < readSize) return;
        after = { changedAt: changedAtOf(last), seq: last.seq };
        await this.#drained(session);
      } catch (error) {
        failures += 1;
        if (failures === 1) log.warn('changes could not be reported to a connection', { stream, err: error });
        await new Promise<void>((resolve) => void clock.after(backOffMs(failures, retry), resolve));
      }
    }
  }

  /** Asked for each page: users who were removed from a conversation learn no more of it. */
  async #nextPage(session: Session, stream: string, range: ChangeRange): Promise<readonly StoredMessage[]> {
    const { messages, mayRead } = this.#deps;
    if (!(await mayRead(session.app, stream, session.userId))) return [];
    return await messages.changed(session.app, stream, range);
  }

  #reportOne(session: Session, message: StoredMessage, afterMs: number): void {
    for (const event of changeEventsOf(message, { afterMs, nowMs: this.#deps.surroundings.clock.now() })) {
      if (decideStored(session, message, event.action) === 'sent') session.outlet.send(encode(event));
    }
  }

  async #drained({ outlet }: Session): Promise<void> {
    if (outlet.bufferedBytes() <= this.#deps.behindBytes) return;
    await new Promise<void>((resolve) => {
      outlet.onDrain(resolve);
    });
  }
}

/** As they were published when they happened. */
function changeEventsOf(message: StoredMessage, { afterMs, nowMs }: { afterMs: number; nowMs: number }): ServerEvent[] {
  const { id, seq, senderId, conversationId, data, editedAt = 0, addedAt = 0, deletedAt } = message;
  const about = { messageId: id, seq, ...(senderId === undefined ? {} : { senderId }) };
  const event = (action: string, changed: Record<string, unknown>): ServerEvent => ({
    ...(conversationId === undefined ? {} : { conversationId }),
    ...{ timestamp: toTimestamp(nowMs), action, data: { ...about, ...changed } },
  });
  if (deletedAt !== undefined) return [event('message_deleted', { deletedAt: toTimestamp(deletedAt) })];
  const edited = {
    ...{ type: data['type'], content: data['content'] },
    ...(data['metadata'] === undefined ? {} : { metadata: data['metadata'] }),
    editedAt: toTimestamp(editedAt),
  };
  return [
    ...(editedAt >= afterMs && editedAt > 0 ? [event('message_edited', edited)] : []),
    ...(addedAt >= afterMs && isMessageData(data) && addedAt > 0
      ? [event('message_updated', viewUpdate(message))]
      : []),
  ];
}

function changedAtOf({ deletedAt, editedAt = 0, addedAt = 0 }: StoredMessage): number {
  return deletedAt ?? Math.max(editedAt, addedAt);
}

function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
