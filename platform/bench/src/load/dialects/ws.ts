// The protocol of the naive `ws` server (contenders/programs/ws-server.ts).
import { eventData } from '../event.ts';
import type { Dialect } from './dialect.ts';

const letter = { e: 101 } as const;

export const wsDialect: Dialect = {
  path: '/',
  *greet({ rooms }) {
    yield JSON.stringify({ join: rooms });
    return undefined;
  },
  // `{"event":...` or `{"joined":...`.
  sort: (bytes, start) => (bytes[start + 2] === letter.e ? 'delivery' : 'other'),
  message: (room) => JSON.stringify({ room, data: eventData() }),
  announce: () => JSON.stringify({ announce: eventData() }),
};
