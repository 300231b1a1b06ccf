// The contender `ws`: rooms as most people write them first. A frame is parsed, and its event sent as one
// JSON string to everybody else in the room.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

type Frame = { join: string[] } | { room: string; data: unknown } | { announce: unknown };

const rooms = new Map<string, Set<WebSocket>>();
const server = createServer();
const wss = new WebSocketServer({ server, perMessageDeflate: false });

wss.on('connection', (socket) => {
  const joined: Set<WebSocket>[] = [];
  socket.on('message', (bytes: Buffer) => {
    const frame = JSON.parse(bytes.toString('utf8')) as Frame;
    if ('join' in frame) {
      for (const name of frame.join) joined.push(join(socket, name));
      socket.send(JSON.stringify({ joined: frame.join.length }));
    } else if ('announce' in frame) {
      broadcast(wss.clients, undefined, frame.announce);
    } else {
      broadcast(rooms.get(frame.room) ?? [], socket, frame.data);
    }
  });
  socket.on('close', () => {
    for (const room of joined) room.delete(socket);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

function join(socket: WebSocket, name: string): Set<WebSocket> {
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room);
  return room.add(socket);
}

function broadcast(to: Iterable<WebSocket>, from: WebSocket | undefined, data: unknown): void {
  const text = JSON.stringify({ event: 'message', data });
  for (const client of to) {
    if (client !== from && client.readyState === client.OPEN) client.send(text);
  }
}
