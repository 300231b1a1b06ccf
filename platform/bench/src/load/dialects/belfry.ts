// Belfry's protocol as its SDK speaks it: connect with a token, acknowledge what came, resume where it was.
import type { CommandAnswer, CommandInput } from '@belfry/protocol';
import { eventData } from '../event.ts';
import { appKey, page as usualPage } from '../../setting.ts';
import type { Dialect } from './dialect.ts';

/** Answers to the first frames differ from those to messages by their numbers. */
const connectId = 1;
const subscribeId = 2;
const heartbeatId = 3;
const firstMessageId = 10;

/** Messages of a page of history. */
const pageSize = 50;
/** A prime, far larger than a page. */
const scatter = 7919;

const letter = { a: 97, e: 101, i: 105, n: 110 } as const;
const beforeId = '{"id":'.length;
const heartbeatDigit = 48 + heartbeatId;
const comma = 44;
const beforeAction = '{"action":"'.length;
const streamNeedle = Buffer.from('"stream":"');
const seqNeedle = Buffer.from('"seq":');
const okNeedle = Buffer.from('"ok":true');
const quote = 34;

export const belfryDialect: Dialect = {
  path: `/ws?app=${appKey}`,
  subprotocol: 'belfry.v1',

  *greet({ userId, token, topics = [], page = usualPage, rttMs }, resume) {
    const data: CommandInput<'connect'> = {
      ...{ token, page, visible: true, device: { id: `d-${userId}`, type: 'desktop', platform: 'web' } },
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(resume === undefined ? {} : { resume: [...resume] }),
    };
    const answer = yield* ask(connectId, 'connect', data);
    for (const topic of topics) yield* ask(subscribeId, 'subscribe', { topic });
    // The server that is measured is of this repository.
    const { ackWithinMs } = (JSON.parse(answer) as { data: CommandAnswer<'connect'> }).data;
    return { ackWithinMs };
  },

  sort(bytes, start, end) {
    // `{"id":...` is an answer, `{"action":"new_message"...` and `{"action":"announcement"...` are
    // deliveries.
    if (bytes[start + 2] === letter.i) {
      if (bytes[start + beforeId] === heartbeatDigit && bytes[start + beforeId + 1] === comma) return 'heartbeat';
      return bytes.subarray(start, Math.min(end, start + 40)).includes(okNeedle) ? 'answer' : 'refusal';
    }
    const first = bytes[start + beforeAction];
    const second = bytes[start + beforeAction + 1];
    const isDelivery = (first === letter.n && second === letter.e) || (first === letter.a && second === letter.n);
    return isDelivery ? 'delivery' : 'other';
  },

  message(room, messageNumber) {
    const cid = `m-${messageNumber}`;
    const data: CommandInput<'message'> = { conversationId: room, cid, type: 'text', content: eventData() };
    return JSON.stringify({ id: firstMessageId + messageNumber, action: 'message', data });
  },

  history(room, requestNumber, messages) {
    // Everywhere in the log, in no order that a cache could like.
    const beforeSeq = pageSize + 1 + ((requestNumber * scatter) % Math.max(1, messages - pageSize));
    const data: CommandInput<'history'> = { conversationId: room, beforeSeq, limit: pageSize };
    return JSON.stringify({ id: firstMessageId + requestNumber, action: 'history', data });
  },

  heartbeat: () => `{"id":${heartbeatId},"action":"heartbeat","data":{"visible":true}}`,

  position(bytes, start, end) {
    const streamAt = bytes.indexOf(streamNeedle, start) + streamNeedle.length;
    const seqAt = bytes.indexOf(seqNeedle, streamAt) + seqNeedle.length;
    // An event without a stream is not acknowledged; the needle may have been found in a later frame of the
    // same bytes.
    if (streamAt < streamNeedle.length || seqAt < seqNeedle.length || seqAt >= end) return undefined;
    const stream = bytes.toString('latin1', streamAt, bytes.indexOf(quote, streamAt));
    return { stream, seq: Number.parseInt(bytes.toString('latin1', seqAt, seqAt + 12), 10) };
  },

  acknowledge(positions) {
    const cursors = [...positions].map(([stream, seq]) => ({ stream, seq }));
    return JSON.stringify({ action: 'ack', data: { cursors } });
  },
};

function* ask(id: number, action: string, data: unknown): Generator<string | undefined, string, string> {
  let frame = yield JSON.stringify({ id, action, data });
  // Events may come between.
  while (!frame.startsWith(`{"id":${id},`)) frame = yield undefined;
  if (!frame.startsWith(`{"id":${id},"ok":true`)) throw new Error(`refused: ${frame.slice(0, 200)}`);
  return frame;
}
