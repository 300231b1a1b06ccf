// The answers of the server to paths that play tricks, methods that do not exist, and requests that are no
// HTTP, one row a test. Bodies and callers: http.test.ts.

import { isErrorCode } from '@belfry/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keys, startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { RawSocket } from './raw-socket.ts';

let attacked: AttackedServer;
beforeAll(async () => {
  attacked = await startAttackedServer();
});
afterAll(() => attacked.stop());

function lineAnswers(statuses: readonly number[], target: string, method = 'GET'): Row['run'] {
  return async ({ url }) => {
    const socket = await RawSocket.open(url);
    socket.write(
      `${method} ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.demo}\r\nconnection: close\r\n\r\n`,
    );
    const answer = await socket.answer();
    expect(statuses).toContain(answer?.status);
    if (answer?.headers['content-type']?.startsWith('application/problem+json') === true) {
      expect(isErrorCode((JSON.parse(answer.text) as Record<string, unknown>)['code'])).toBe(true);
    }
    await socket.destroy();
  };
}

const lines: readonly Row[] = [
  ...[
    '/api/v1/conversations/..%2f..%2fetc%2fpasswd',
    '/api/v1/../../etc/passwd',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/..%5c..%5cpackage.json',
    '/api/v1/conversations/a%00b',
    '/%00',
    '/api/v1/conversations/%ff%fe',
    '/api/v1/conversations/%',
    '/api/v1/conversations/%E0%A4%A',
    '//evil.example/%2f..',
    '/api/v1//conversations',
    '/api/v1/conversations/__proto__',
    '/api/v1/constructor',
    '/api/v1/kinds/__proto__/x',
    `/api/v1/conversations?x=${'a'.repeat(10_240)}`,
    `/${'a'.repeat(10_240)}`,
    '/api/v1/conversations/common/messages?afterSeq=1&beforeSeq=2',
    'http://elsewhere.example/etc/passwd',
    '*',
  ].map((target) => ({ name: `the target ${target.slice(0, 60)}`, run: lineAnswers([400, 404], target) })),
  { name: 'a line of 60 KB', run: lineAnswers([400, 414, 431], `/${'a'.repeat(60_000)}`) },
  { name: 'a method that a path has not', run: lineAnswers([405], '/api/v1/tokens', 'DELETE') },
  { name: 'a method that nobody has', run: lineAnswers([400, 405], '/api/v1/tokens', 'FLY') },
  { name: 'TRACE', run: lineAnswers([400, 405], '/api/v1/tokens', 'TRACE') },
  {
    name: 'CONNECT, which Node hangs up on',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write('CONNECT elsewhere.example:443 HTTP/1.1\r\nhost: x\r\n\r\n');
      expect(await socket.answer()).toBeUndefined();
    },
  },
  {
    name: 'two lengths (request smuggling)',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(
        'POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      );
      expect((await socket.answer())?.status).toBe(400);
      await socket.destroy();
    },
  },
  {
    name: 'a header with a line end in it',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-request-id: a\rb\r\n\r\n');
      expect((await socket.answer())?.status).toBe(400);
      await socket.destroy();
    },
  },
  {
    name: 'headers of 200 KB',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(`GET / HTTP/1.1\r\nhost: x\r\n${`x-filler: ${'a'.repeat(1000)}\r\n`.repeat(200)}\r\n`);
      expect((await socket.answer())?.status).toBe(431);
      await socket.destroy();
    },
  },
  {
    name: 'a request whose client is gone half-way',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(
        `PUT /api/v1/conversations/never HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.demo}\r\n` +
          'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"title":',
      );
      await socket.destroy();
    },
  },
];

test.each(lines)('$name', (row) => attacked.withstand(row));
