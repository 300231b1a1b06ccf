import fc from 'fast-check';
import { expect, test } from 'vitest';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { frameOf, FrameReader, opcodes } from './frames.ts';

const lengths = [0, 1, 125, 126, 65_535, 65_536, 100_000];

test('a server reads frames of every length', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  try {
    const read: number[] = [];
    const all = new Promise<void>((resolve) => {
      server.on('connection', (client) => {
        client.on('message', (bytes: Buffer) => {
          read.push(bytes.length);
          if (read.length === lengths.length) resolve();
        });
      });
    });
    socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    for (const length of lengths) socket.write(frameOf('x'.repeat(length)));
    await all;
    expect(read).toEqual(lengths);
  } finally {
    socket.destroy();
    await once(socket, 'close');
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, 'close');
  }
});

/** As a server sends it: no mask. */
function served(text: string): Buffer {
  const masked = frameOf(text);
  const headBytes = masked.length - Buffer.byteLength(text) - 4;
  const head = Buffer.from(masked.subarray(0, headBytes));
  head[1] = (head[1] ?? 0) & 0x7f;
  return Buffer.concat([head, Buffer.from(text)]);
}

test('frames are found whole, however they are cut on their way', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(...lengths).map((length) => 'y'.repeat(length)),
        { minLength: 1, maxLength: 5 },
      ),
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 40 }),
      (texts, cuts) => {
        const all = Buffer.concat(texts.map(served));
        const reader = new FrameReader();
        const found: string[] = [];
        // As in a client, every read comes into the same bytes.
        const chunk = Buffer.alloc(70_000);
        for (let position = 0, turn = 0; position < all.length; turn += 1) {
          const length = all.copy(chunk, 0, position, position + (cuts[turn % cuts.length] ?? 1));
          position += length;
          reader.read(chunk, length, {
            onFrame: (opcode, bytes, { start, end }) => {
              expect(opcode).toBe(opcodes.text);
              found.push(bytes.toString('latin1', start, end));
            },
            onEnd: () => undefined,
          });
        }
        expect(found.map(({ length }) => length)).toEqual(texts.map(({ length }) => length));
      },
    ),
    { numRuns: 30 },
  );
});
