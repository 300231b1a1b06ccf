// The watch stops the code it watches, and nobody else, and leaves nothing behind.
import { createSocket } from 'node:dgram';
import { connect as connectHttp2 } from 'node:http2';
import { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { watchNetwork } from './network-watch.ts';

const failure = (emitter: NodeJS.EventEmitter) => new Promise((resolve) => void emitter.once('error', resolve));

test.each<[way: string, open: () => Promise<unknown>]>([
  ['global fetch', () => fetch('http://127.0.0.1:9/').catch(() => undefined)],
  ['node:net', () => failure(new Socket().connect(9, '127.0.0.1'))],
  ['node:tls', () => failure(connectTls(9, '127.0.0.1'))],
  ['node:http2', () => failure(connectHttp2('http://127.0.0.1:9'))],
  [
    'node:dgram',
    async () => {
      const socket = createSocket('udp4');
      const failed = failure(socket);
      socket.send('x', 9, '127.0.0.1');
      await failed;
      socket.close();
    },
  ],
])('notices and refuses a connection by %s', async (_way, open) => {
  const attempts: string[] = [];

  await watchNetwork(attempts, open);

  expect(attempts).toHaveLength(1);
});

test('notices what watched code began and did not wait for', async () => {
  const attempts: string[] = [];

  await watchNetwork(attempts, async () => {
    await new Promise<void>((resolve) => {
      setImmediate(() => void fetch('http://127.0.0.1:9/').catch(() => resolve()));
    });
  });

  expect(attempts).toEqual(['the global fetch']);
});

test('leaves code that is not watched alone, and puts everything back', async () => {
  const before = { fetch: globalThis.fetch, connect: Socket.prototype.connect };
  const attempts: string[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();

  const watching = watchNetwork(attempts, () => promise);
  const refusedByNobodyListening = await fetch('http://127.0.0.1:9/').catch((error: unknown) => String(error));
  await watchNetwork(attempts, async () => undefined);
  resolve(undefined);
  await watching;

  expect(refusedByNobodyListening).not.toContain('A plugin may connect');
  expect(attempts).toEqual([]);
  expect({ fetch: globalThis.fetch, connect: Socket.prototype.connect }).toEqual(before);
});
