// The protocol of the server that stores and does nothing else (contenders/programs/ws-stored-server.ts).
import { eventData } from '../event.ts';
import type { Dialect } from './dialect.ts';

const letter = { e: 101, s: 115 } as const;
const roomNeedle = Buffer.from('"room":"');
const seqNeedle = Buffer.from('"seq":');
const quote = 34;

export const wsStoredDialect: Dialect = {
  path: '/',
  *greet({ rooms, userId }) {
    yield JSON.stringify({ join: rooms, user: userId });
    return undefined;
  },
  // `{"event":...`, `{"stored":...` or `{"joined":...`.
  sort(bytes, start) {
    if (bytes[start + 2] === letter.e) return 'delivery';
    return bytes[start + 2] === letter.s ? 'answer' : 'other';
  },
  message: (room, messageNumber) => JSON.stringify({ room, cid: `m-${messageNumber}`, data: eventData() }),
  position(bytes, start) {
    const roomAt = bytes.indexOf(roomNeedle, start) + roomNeedle.length;
    const seqAt = bytes.indexOf(seqNeedle, roomAt) + seqNeedle.length;
    const stream = bytes.toString('latin1', roomAt, bytes.indexOf(quote, roomAt));
    return { stream, seq: Number.parseInt(bytes.toString('latin1', seqAt, seqAt + 12), 10) };
  },
  acknowledge: (positions) => JSON.stringify({ ack: Object.fromEntries(positions) }),
};
