// A reverse proxy that has a server below a path, as an installation beside other things has it: it takes the
// path off, and hands on requests and WebSockets. Everything else at its address is another's.
import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface PrefixProxy {
  /** With the path, without a slash at its end. */
  readonly url: string;
  /** Paths that were asked for beside it. */
  readonly outside: readonly string[];
  /** Where it leads; known once the server has started. */
  leadTo: (url: string) => void;
  stop: () => Promise<void>;
}

export async function startPrefixProxy(prefix: string): Promise<PrefixProxy> {
  let target = new URL('http://127.0.0.1:1');
  const outside: string[] = [];
  const sockets = new Set<Socket>();
  const behind = ({ url = '', method, headers }: IncomingMessage) => ({
    ...{ host: target.hostname, port: target.port, method, headers },
    path: url.slice(prefix.length) || '/',
  });
  const server = createServer((request, response) => {
    if (!request.url?.startsWith(`${prefix}/`)) {
      outside.push(request.url ?? '');
      response.writeHead(404).end();
      return;
    }
    const onward = ask(behind(request), (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const onward = ask(behind(request));
    onward.once('error', () => socket.destroy());
    onward.once('upgrade', ({ rawHeaders }: IncomingMessage, upgraded: Socket) => {
      const lines = Array.from({ length: rawHeaders.length / 2 }, (_, at) =>
        rawHeaders.slice(at * 2, at * 2 + 2).join(': '),
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      for (const [one, other] of [
        [socket, upgraded],
        [upgraded, socket],
      ] as const) {
        one.once('error', () => other.destroy());
        one.once('close', () => other.destroy());
        one.pipe(other);
      }
    });
    onward.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    outside,
    leadTo: (url) => void (target = new URL(url)),
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
