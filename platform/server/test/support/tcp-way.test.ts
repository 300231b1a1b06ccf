// A way hands on what it is given, keeps back what it is told to, and closes whatever was left open.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { TcpWay } from './tcp-way.ts';

/** Says back what it is told, over a way. */
async function openEcho() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way = await TcpWay.open((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await way.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return way;
}

async function dial(way: TcpWay): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(way.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return { socket, heard: () => heard };
}

test('what is frozen arrives when the way is open again', async () => {
  const way = await openEcho();
  const { socket, heard } = await dial(way);
  socket.write('one');
  await expect.poll(heard).toBe('one');
  way.become('frozen');
  socket.write('two');
  const other = await dial(way);
  expect([heard(), other.heard()]).toEqual(['one', '']);
  way.become('open');
  await expect.poll(heard).toBe('onetwo');
});

test('half open, what is asked arrives and no answer comes back', async () => {
  const way = await openEcho();
  const { socket, heard } = await dial(way);
  way.become('half_open');
  socket.write('lost');
  await expect.poll(() => way.lostBytes).toBe(4);
  expect(heard()).toBe('');
});

test('what waits on a slow way comes before what comes after it, also when the way becomes fast', async () => {
  const way = await openEcho();
  const { socket, heard } = await dial(way);
  way.delayMs = 100;
  socket.write('first ');
  await expect.poll(() => way.delayedChunks).toBe(1);
  way.delayMs = 0;
  socket.write('second');
  await expect.poll(heard).toBe('first second');
});

test('cut, connections end and new ones are refused', async () => {
  const way = await openEcho();
  const { socket } = await dial(way);
  await expect.poll(() => way.size).toBe(1);
  way.become('cut');
  await once(socket, 'close');
  const again = await dial(way);
  await once(again.socket, 'close');
  expect(way.cutConnections).toBe(2);
});

test('a way closes although a client does not end its half of a connection', async () => {
  const way = await openEcho();
  const { socket } = await dial(way);
  socket.allowHalfOpen = true;
  await expect.poll(() => way.size).toBe(1);
  way.target = 1;
  const refused = connect({ port: way.port, host: '127.0.0.1', allowHalfOpen: true });
  refused.on('error', () => undefined);
  await once(refused, 'end');
  await way.close();
  refused.destroy();
});
