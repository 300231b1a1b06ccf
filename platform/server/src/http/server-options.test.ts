// How long connections without a request, and with half of one, are kept.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpServerOptions } from './server-options.ts';

const limits = { requestDeadlineMs: 100, httpQueryBytes: 1000, keepAliveMs: 60_000 };

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return String(answer);
}

test('an idle connection outlives the deadline of a request, and is answered with how long it is kept', async () => {
  const server = createServer(httpServerOptions(limits), (_request, response) => void response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

  const idle = await open(port);
  expect(await ask(idle, request)).toContain('Keep-Alive: timeout=60\r\n');
  // Begun later, so its deadline is over later.
  expect(await ask(await open(port), 'GET / HTTP/1.1\r\n')).toContain('408');
  expect(await ask(idle, request)).toContain('200 OK');
});
