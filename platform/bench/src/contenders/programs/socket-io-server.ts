// The contender `socket.io`: its rooms as its documentation shows them, WebSocket only, nothing compressed,
// its in-memory adapter.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

interface FromClients {
  join: (rooms: string[], done: () => void) => void;
  message: (room: string, data: unknown) => void;
  announce: (data: unknown) => void;
}

interface ToClients {
  message: (data: unknown) => void;
}

const server = createServer();
const io = new Server<FromClients, ToClients>(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
});

io.on('connection', (socket) => {
  socket.on('join', (rooms, done) => {
    void socket.join(rooms);
    done();
  });
  socket.on('message', (room, data) => socket.to(room).emit('message', data));
  socket.on('announce', (data) => io.emit('message', data));
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
