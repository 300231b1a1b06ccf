// Socket.IO's protocol, as much of it as a client in rooms needs: Engine.IO packets (0 open, 2 ping, 3 pong,
// 4 message) around Socket.IO's (0 connect, 2 event, 3 ack).
import { eventData } from '../event.ts';
import type { Dialect } from './dialect.ts';

const digit = { two: 50, four: 52 } as const;

export const socketIoDialect: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  pong: '3',
  *greet({ rooms }) {
    expect(yield undefined, '0{');
    expect(yield '40', '40{');
    expect(yield `420${JSON.stringify(['join', rooms])}`, '430');
    return undefined;
  },
  sort(bytes, start, end) {
    const first = bytes[start];
    if (first === digit.two && end - start === 1) return 'ping';
    return first === digit.four && bytes[start + 1] === digit.two ? 'delivery' : 'other';
  },
  message: (room) => `42${JSON.stringify(['message', room, eventData()])}`,
  announce: () => `42${JSON.stringify(['announce', eventData()])}`,
};

function expect(frame: string, beginning: string): void {
  if (!frame.startsWith(beginning)) throw new Error(`refused: ${frame.slice(0, 200)}`);
}
