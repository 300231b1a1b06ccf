// `ack` as nearly every one is: no answer wanted, of streams that were delivered here and that the user may
// read. Done in the turn it came in; all others: ack.ts.

import type { JsonObject } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Session } from '../sessions/session.ts';
import type { Attention } from '../sessions/sessions.ts';
import type { AckDeps } from './ack.ts';

export interface AckNowDeps extends Omit<AckDeps, 'mayRead' | 'streamLog'> {
  /** Whether the user may read the stream, where that is at hand; undefined when it has to be asked for. */
  mayReadNow: (app: AppId, stream: string, userId: string) => boolean | undefined;
}

/**
 * False: nothing was done, and the command has to take its full way, which also says what is wrong with it.
 */
export type AckNow = (session: Session, data: JsonObject) => boolean;

interface Cursor {
  stream: string;
  seq: number;
}

/**
 * Covers a client's few conversations; a longer list is not worth a look at each before the first is
 * recorded.
 */
const mostCursors = 16;

/**
 * A message of a conversation of five is acknowledged four times, so this costs more than sending it: the way
 * through the queue, the schema and four promises took four fifths of the time of an acknowledgement.
 */
export function createAckNow(deps: AckNowDeps): AckNow {
  const { acks, sessions, mayReadNow, places, clock, metrics } = deps;

  return (session, data) => {
    const { cursors } = data;
    if (!isAttention(data)) return false;
    if (!isShortList(cursors) || !cursors.every((cursor) => isKnown(session, cursor))) return false;
    sessions.setAttention(session, data);
    for (const { stream, seq } of cursors) {
      acks.record(session, stream, seq);
      const ms = places.takeDeliveryMs(session.app, { stream, seq }, clock.now());
      if (ms !== undefined) metrics.observe('delivery_seconds', [], ms / 1000);
    }
    return true;
  };

  function isKnown({ app, userId }: Session, cursor: Cursor): boolean {
    const { stream, seq } = cursor;
    if (typeof stream !== 'string' || !Number.isSafeInteger(seq) || seq < 0) return false;
    return seq <= (places.last(app, stream) ?? -1) && mayReadNow(app, stream, userId) === true;
  }
}

/** As the schema of `ack` wants them; where not, the schema says what is wrong. */
function isAttention(data: JsonObject): data is JsonObject & Attention {
  const { visible, attended, rttMs, policyVersion } = data;
  return isFlag(visible) && isFlag(attended) && isCount(rttMs) && isCount(policyVersion);
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

/** The schema knows the bounds of each: what is beyond a minute is for it to say. */
function isCount(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 60_000);
}

/** The members of each cursor are checked one by one. */
function isShortList(cursors: unknown): cursors is readonly Cursor[] {
  return (
    Array.isArray(cursors) &&
    cursors.length <= mostCursors &&
    cursors.every((cursor) => typeof cursor === 'object' && cursor !== null)
  );
}
