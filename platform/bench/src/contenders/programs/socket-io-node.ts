// One node of the contender `socket.io` of a cluster: as socket-io-server.ts, with the Redis adapter of its
// documentation in place of the one in memory. Its argument is the address of Redis.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

interface FromClients {
  join: (rooms: string[], done: () => void) => void;
  message: (room: string, data: unknown) => void;
}

interface ToClients {
  message: (data: unknown) => void;
}

const [, , redisUrl = ''] = process.argv;
const publisher = new Redis(redisUrl);
const server = createServer();
const io = new Server<FromClients, ToClients>(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  adapter: createAdapter(publisher, publisher.duplicate()),
});

io.on('connection', (socket) => {
  socket.on('join', (rooms, done) => {
    void socket.join(rooms);
    done();
  });
  socket.on('message', (room, data) => socket.to(room).emit('message', data));
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
